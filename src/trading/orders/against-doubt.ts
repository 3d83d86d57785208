import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { VenueCapabilities } from '../../venues/venue.ts'
import { toOrder } from './rows/orders.ts'
import { orderPhrase } from './rules/describe.ts'
import { liveStates } from './rules/order-lifecycle.ts'

/** An order that is about to be written; its account is locked. */
interface Opening {
  accountId: number
  symbol: string
  clientOrderId: string
}

/**
 * The refusal of an order that opens or adds, while another order of the account in the symbol is without an answer and its venue finds
 * such orders by their terms alone: two of them could be taken for each other. Undefined when there is none. Exits never ask.
 */
export async function againstDoubt(
  trx: Trx,
  { accountId, symbol, clientOrderId }: Opening,
  { findsByTerms }: VenueCapabilities,
): Promise<Refusal | undefined> {
  if (!findsByTerms) return undefined
  const row = await trx
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('state', 'in', liveStates)
    .where('venue_order_id', 'is', null)
    .where('client_order_id', '<>', clientOrderId)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  return new Refusal(
    'ORDER_UNANSWERED',
    `The broker has not answered an earlier order yet: ${orderPhrase(toOrder(row))}. Nothing was sent: it could not tell the two apart.`,
    '`doubt` shows it, and asks the broker; exits go out in any case',
  )
}
