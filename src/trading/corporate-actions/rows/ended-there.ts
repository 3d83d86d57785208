import { sql } from 'kysely'
import type { Trx } from '../../../infra/db/client.ts'
import { type AnyOrder, toOrder } from '../../orders/rows/orders.ts'

/** So long before an action a broker may have ended the orders in its symbol for it: over a weekend. */
const daysBefore = 3

/**
 * Orders of a locked account in a symbol that its broker ended by itself in the days before `at`, with a rest that was not filled: brokers
 * cancel what rests when a company splits. Those that the desk or a member took back are not among them, nor those of a chunk.
 */
export async function endedThere(trx: Trx, accountId: number, symbol: string, at: Date): Promise<AnyOrder[]> {
  const rows = await trx
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('purpose', 'in', ['open', 'close', 'trim'])
    .where('state', '=', 'cancelled')
    .where('venue_order_id', 'is not', null)
    .where('cancel_asked_at', 'is', null)
    .where('given_up_at', 'is', null)
    .where('chunk_id', 'is', null)
    .where((eb) => eb.or([eb('limit_price', 'is not', null), eb('stop_price', 'is not', null)]))
    .where(sql<boolean>`filled_quantity < quantity`)
    .where(sql<boolean>`ended_at > ${at}::timestamptz - make_interval(days => ${daysBefore})`)
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}
