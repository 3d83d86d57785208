import type { Poster } from './door.ts'
import type { Posted, Reply } from './reply.ts'

/** The messages of a door that show a question. */
export interface ShownQuestions {
  /** Notes where the question of a reply is shown, if it has one. */
  note(reply: Pick<Reply, 'question'>, posted: Posted): void
  /** Takes out the messages of the questions that these replies settle. */
  settledBy(replies: Pick<Reply, 'settled'>[]): Posted[]
}

/**
 * Remembers where this process has shown its last questions. After a restart older buttons stay, and a press on one is refused
 * with the reason.
 */
export function createShownQuestions(most = 1000): ShownQuestions {
  const shown = new Map<string, Posted>()
  return {
    note({ question }, posted) {
      if (!question) return
      shown.set(question.id, posted)
      const [oldest] = shown.keys()
      if (shown.size > most) shown.delete(oldest!)
    },
    settledBy(replies) {
      return replies
        .flatMap(({ settled = [] }) => settled)
        .flatMap((id) => {
          const posted = shown.get(id)
          shown.delete(id)
          return posted ? [posted] : []
        })
    },
  }
}

/**
 * The same poster; it notes where questions are shown, and takes away the buttons of those that a reply settles. `removeButtons`
 * never rejects.
 */
export function noting<Kind extends Poster>(
  poster: Kind,
  shown: ShownQuestions,
  removeButtons: (of: Posted) => Promise<void>,
): Kind {
  return {
    ...poster,
    async post(wanted) {
      const posted = await poster.post(wanted)
      shown.note(wanted.reply, posted)
      await Promise.all(shown.settledBy([wanted.reply]).map(removeButtons))
      return posted
    },
  }
}
