import type { Poster } from '../../src/talk/chat/door.ts'

/** The way out of a Slack that takes everything in no time: what a bench measures is the desk. */
export function noPlatform(): Poster {
  return {
    door: 'slack',
    post: async ({ key, place }) => ({ message: key, place }),
    edit: async () => {},
  }
}
