import type { NoAnswer, VenueRefusal } from '../../src/venues/venue.ts'
import type { TestDesk } from './desk.ts'

/** The venue takes nothing, in these words. */
export function refused(words: string): VenueRefusal {
  return { outcome: 'refused', code: 'OTHER', words }
}

/** The answer was lost on the way, or the call was: nobody knows which. */
export function unanswered(words = 'the connection was lost'): NoAnswer {
  return { outcome: 'unknown', words }
}

/** What an order is for (`chunk-17-1`), by the id that the venue has. */
export async function keyOf({ desk }: Pick<TestDesk, 'desk'>, sentAs: string): Promise<string> {
  const row = await desk.parts.db
    .selectFrom('orders')
    .select('client_order_id')
    .where('sent_as', '=', sentAs)
    .executeTakeFirstOrThrow()
  return row.client_order_id
}
