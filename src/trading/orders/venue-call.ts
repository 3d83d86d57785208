import type { NoAnswer } from '../../venues/venue.ts'

/** After this many milliseconds, treat the call as unknown; a later answer counts all the same. */
const patienceMs = 1000

/** The longest wait for an answer, and the handler of a late one. */
export interface Patience<Answer> {
  withinMs?: number
  late?: (answer: Answer) => unknown
}

/**
 * The venue's answer, or `unknown` when it does not answer in time or fails. A late answer goes to `late`: an order that was
 * sold in 1.2 s is sold.
 */
export async function ask<Answer>(
  call: () => Promise<Answer>,
  { withinMs = patienceMs, late }: Patience<Answer> = {},
): Promise<Answer | NoAnswer> {
  let isLate = false
  let timer: NodeJS.Timeout | undefined
  const answer = Promise.resolve()
    .then(call)
    .then(
      (given) => {
        if (isLate) late?.(given)
        return given
      },
      (cause): NoAnswer => ({ outcome: 'unknown', words: wordsOf(cause), cause }),
    )
  try {
    const silence = new Promise<NoAnswer>((resolve) => {
      const nothing = { outcome: 'unknown' as const, words: 'the venue does not answer', isPending: true }
      timer = setTimeout(() => resolve(nothing), withinMs)
    })
    return await Promise.race([answer, silence])
  } finally {
    isLate = true
    clearTimeout(timer)
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error && cause.name === 'VenueError' ? cause.message : 'the venue did not answer'
}

/** Did the venue not answer? */
export function isUnanswered(answer: unknown): answer is NoAnswer {
  return typeof answer === 'object' && answer !== null && 'outcome' in answer && answer.outcome === 'unknown'
}
