import { type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Posted } from '../../src/talk/chat/reply.ts'
import type { Screen } from './screen.ts'
import type { Writer } from './writer.ts'

/** The one place there is in a terminal. */
export const terminalPlace: Place = { door: 'terminal', workspace: '', channel: 'local' }

/** How many posts are remembered in order not to make one twice. */
const remembered = 1000

/** A poster that puts what jobs have to say on the same screen. It cannot edit: what is printed stays. */
export function posterOn(screen: Screen, writer: Writer): Poster {
  // An attempt whose outcome nobody noted is looked up here; the screen of an earlier process cannot be looked at.
  const posts = new Map<string, Posted>()
  return {
    door: 'terminal',
    async post({ key, reply }) {
      const before = posts.get(key)
      if (before) return before
      if (writer.isGone()) throw new PostFailed('later', 'the terminal is closed')
      await screen.show(reply.text).catch((error) => {
        throw new PostFailed('later', 'the terminal is closed', { cause: error })
      })
      const posted = here(key)
      posts.set(key, posted)
      for (const oldest of posts.keys()) {
        if (posts.size <= remembered) break
        posts.delete(oldest)
      }
      return posted
    },
  }
}

/** What the terminal says of a message that it printed. */
export function here(id: string): Posted {
  return { message: `terminal:${id}`, place: terminalPlace }
}
