import { recordNews } from '../orders/record-news.ts'
import { toOrder } from '../orders/rows/orders.ts'
import { liveStates } from '../orders/rules/order-lifecycle.ts'
import type { Parts } from '../parts.ts'
import { unlinkedBecause } from './rules/unlinked.ts'

/**
 * Ends the live orders of accounts whose link was taken away: the desk can neither see nor cancel them any more. They may stand at the
 * broker all the same, and their thread is told so. What they have filled until an account is linked again is booked then.
 */
export async function endUnlinkedOrders(parts: Parts): Promise<void> {
  const rows = await parts.db
    .selectFrom('orders as o')
    .innerJoin('accounts as a', 'a.id', 'o.account_id')
    .selectAll('o')
    .where('a.unlinked_at', 'is not', null)
    .where('o.state', 'in', liveStates)
    .orderBy('o.id')
    .execute()
  for (const row of rows) {
    const news = { fills: [], change: 'cancelled' as const, words: unlinkedBecause }
    // One that cannot be ended keeps nothing else of the sweep from being done.
    await recordNews(parts, { order: toOrder(row), news, say: { postedBy: 'outbox' } }).catch((cause) =>
      parts.log.error({ err: cause, order: row.id }, 'an order of an unlinked account could not be ended'),
    )
  }
}
