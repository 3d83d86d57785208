import { Big, least } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import { beginDay } from '../accounts/rows/day-equity.ts'
import type { Parts } from '../parts.ts'
import { keepAdjustment } from '../positions/rows/position-adjustments.ts'
import { bookRealized, lockPosition } from '../positions/rows/positions.ts'
import { fractionOwed, useCash, type VenueCash } from './rows/cash-in-lieu.ts'

/** Cash for a fraction that was booked: the position, the units that it paid for, and the P&L beyond what the split had booked. */
export interface BookedCash {
  positionId: number
  conversationId?: number
  fraction: Big
  /** Dollars: what the split had counted for the fraction, and the P&L that the cash adds to it. */
  before: Big
  realizedPnl: Big
}

/**
 * Books cash that a venue has paid for the fraction of a split after the split was applied, which counted it at its cost: the
 * difference is realized, as an adjustment of the position that the split moved, even when it is closed by now. Undefined while no
 * split has paid out a fraction that waits for its cash. The account is locked.
 */
export async function bookCash(
  trx: Trx,
  parts: Pick<Parts, 'clock'>,
  accountId: number,
  paid: VenueCash,
): Promise<BookedCash | undefined> {
  const owed = await fractionOwed(trx, accountId, paid)
  if (!owed) return undefined
  const at = parts.clock.now()
  await beginDay(trx, accountId, at)
  const position = await lockPosition(trx, owed.positionId)
  // The cash may be for more than the desk's own fraction: what is external was paid out with it.
  const share = paid.quantity?.abs().gt(owed.fraction) ? owed.fraction.div(paid.quantity.abs()) : new Big(1)
  const cash = least(paid.cash.abs(), paid.cash.abs().times(share)).round(2, Big.roundHalfEven)
  const realizedPnl = owed.isLong ? cash.minus(owed.cash) : owed.cash.minus(cash)
  await bookRealized(trx, position, realizedPnl)
  await keepAdjustment(
    trx,
    {
      because: 'the broker paid for a fraction',
      positionId: position.id,
      accountId,
      before: position,
      after: position,
      // The split's own row has the units.
      paidOut: { quantity: new Big(0), cash: cash.minus(owed.cash), realizedPnl },
    },
    at,
  )
  await useCash(trx, paid.id, owed.actionId)
  const conversationId = position.conversationId ?? undefined
  return { positionId: position.id, conversationId, fraction: owed.fraction, before: owed.cash, realizedPnl }
}
