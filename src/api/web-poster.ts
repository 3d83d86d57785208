import type { Poster } from '../talk/chat/door.ts'

/**
 * The poster of conversations on the web. A message there is out when it is kept: pages and programs read the kept ones, and edits
 * count by themselves.
 */
export const webPoster: Poster = {
  door: 'web',
  post: async ({ key, place }) => ({ message: key, place }),
  edit: async () => {},
}
