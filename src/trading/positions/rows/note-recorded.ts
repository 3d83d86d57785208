import type { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import { moveDayStart } from '../../accounts/rows/day-equity.ts'
import { saveMarks, watchedPositions } from '../../protection/rows/watched.ts'
import { alreadyPassed } from '../../protection/rules/triggers.ts'
import { unrealizedPnl, unrealizedReturn } from '../rules/position.ts'
import type { Position } from './positions.ts'

/**
 * Marks a position that a member has just recorded, at the present price. Earlier P&L (`brought`, in dollars) is no result of
 * this day, and milestones that it has passed already raise no event.
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
