import type { Trx } from '../db/client.ts'
import type { Big } from '../trading/amounts.ts'
import { unrealizedPnl, unrealizedReturn } from '../trading/position.ts'
import { alreadyPassed } from '../trading/triggers.ts'
import { moveDayStart } from './day-equity.ts'
import type { Position } from './positions.ts'
import { saveMarks, watchedPositions } from './watched.ts'

/**
 * Marks a position that a member has just recorded at the price of this moment. What it gained or lost before (`brought`,
 * in dollars) is no result of this day, and no milestone that prices reach from here on.
 */
export async function noteRecorded(trx: Trx, position: Position, price: Big, brought: Big, at: Date): Promise<void> {
  const [watched] = await watchedPositions(trx, { ids: [position.id] })
  if (watched) {
    const marked = {
      price,
      unrealizedPnl: unrealizedPnl(watched, price),
      unrealizedReturn: unrealizedReturn(watched, price),
    }
    const state = alreadyPassed(watched, price, watched.state, watched.thresholds)
    await saveMarks(trx, [{ positionId: position.id, version: watched.version, state, marked }], at)
  }
  await moveDayStart(trx, position.accountId, brought, at)
}
