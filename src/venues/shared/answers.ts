import {
  type NoAnswer,
  type OrderReport,
  VenueError,
  type VenueOrder,
  type VenueRefusal,
  type VenueRefusalCode,
} from '../venue.ts'
import { NoWayIn, Unanswered } from './rest-client.ts'

/** A refusal with the venue's words, or the desk's. */
export const refused = (code: VenueRefusalCode, words: string): VenueRefusal => ({ outcome: 'refused', code, words })

/** The answer to a call, or `unknown` when nothing is known. */
export async function answered<Answer>(title: string, work: () => Promise<Answer>): Promise<Answer | NoAnswer> {
  try {
    return await work()
  } catch (cause) {
    const words = cause instanceof VenueError ? cause.message : `the call to ${title} failed`
    const reach = cause instanceof Unanswered ? cause.reach : undefined
    const came = { ...(reach === 'pending' && { isPending: true }), ...(reach === 'unsent' && { isUnsent: true }) }
    return { outcome: 'unknown', words, ...came, cause }
  }
}

/**
 * An order that did not leave the desk: for lack of credentials it is refused; when the venue cannot be reached, an entry is refused,
 * and an exit is tried again by its sender. Throws the cause when it may have left.
 */
export function unsent({ isExit }: Pick<VenueOrder, 'isExit'>, cause: unknown): VenueRefusal {
  const isUnsent = cause instanceof NoWayIn || (cause instanceof Unanswered && cause.reach === 'unsent' && !isExit)
  if (!isUnsent) throw cause
  return refused('OTHER', cause.message)
}

/** Do the shown fills of a report add up? */
export function isWhole({ fills, filledQuantity }: OrderReport): boolean {
  return fills
    .reduce(
      (left, { quantity, reverses }) => (reverses === undefined ? left.minus(quantity) : left.plus(quantity)),
      filledQuantity,
    )
    .lte(0)
}
