import type { NoAnswer, VenueRefusal } from '../../src/venues/venue.ts'
import type { TestDesk } from './desk.ts'

/** A refusal of a venue, in these words. */
export function refused(words: string): VenueRefusal {
  return { outcome: 'refused', code: 'OTHER', words }
}

/** An unknown outcome: the call or its answer was lost. */
export function unanswered(words = 'the connection was lost'): NoAnswer {
  return { outcome: 'unknown', words }
}

/** The purpose of an order (`chunk-17-1`), by its id at the venue. */
export async function keyOf({ desk }: Pick<TestDesk, 'desk'>, sentAs: string): Promise<string> {
  const row = await desk.parts.db
    .selectFrom('orders')
    .select('client_order_id')
    .where('sent_as', '=', sentAs)
    .executeTakeFirstOrThrow()
  return row.client_order_id
}
