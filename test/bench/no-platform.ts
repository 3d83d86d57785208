import type { Poster } from '../../src/talk/chat/door.ts'

/** The poster of a Slack that accepts everything in no time, so that a bench measures only the desk. */
export function noPlatform(): Poster {
  return {
    door: 'slack',
    post: async ({ key, place }) => ({ message: key, place }),
    edit: async () => {},
  }
}
