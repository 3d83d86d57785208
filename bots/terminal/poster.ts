import { type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Picture, Posted } from '../../src/talk/chat/reply.ts'
import { inColumns, type Sized } from './columns.ts'
import type { Screen } from './screen.ts'
import type { Writer } from './writer.ts'

/** The only place of a terminal. */
export const terminalPlace: Place = { door: 'terminal', workspace: '', channel: 'local' }

/** The number of posts that are remembered, so that none is printed twice. */
const remembered = 1000

/**
 * A poster that prints the replies of jobs on the same screen, `output`. It cannot edit a printed line. `hang` makes the text in place
 * of a picture.
 */
export function posterOn(
  screen: Screen,
  writer: Writer,
  output: Sized,
  hang: (picture: Picture) => Promise<string>,
): Poster {
  // Looked up when the outcome of an attempt is unknown. The screen of an earlier process cannot be looked at.
  const posts = new Map<string, Posted>()
  return {
    door: 'terminal',
    async post({ key, reply, pictures = [] }) {
      const before = posts.get(key)
      if (before) return before
      if (writer.isGone()) throw new PostFailed('later', 'the terminal is closed')
      const lines = await Promise.all(pictures.map(hang))
      await screen.show([inColumns(reply, output), ...lines].join('\n')).catch((error) => {
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

/** The address of a printed message. */
export function here(id: string): Posted {
  return { message: `terminal:${id}`, place: terminalPlace }
}
