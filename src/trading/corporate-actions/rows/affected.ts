import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { type AnyOrder, toOrder } from '../../orders/rows/orders.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import { openPosition, type Position } from '../../positions/rows/positions.ts'
import { type Protection, protectionOf } from '../../protection/rows/protective-orders.ts'
import { runningScaleout, type Scaleout } from '../../scaleouts/rows/scaleouts.ts'
import { openScheduled, type ScheduledOrder } from '../../schedule/rows/scheduled-orders.ts'
import { accountsIn } from './corporate-actions.ts'
import { takenOrders } from './taken-orders.ts'

/** Everything that an account has in a symbol. */
export interface Affected {
  accountId: number
  /** The holder's name, with the account's name if they have several. */
  name: string
  position?: Position
  protection: Protection
  scaleout?: Scaleout
  /** Live orders, and those taken back for the action. */
  orders: AnyOrder[]
  /** Waiting orders for later. */
  scheduled: ScheduledOrder[]
  /** The last mark of the position, in dollars. */
  mark?: Big
}

/** Everything that each account has in a symbol. With an action's id it includes the orders taken back for it. */
export async function affectedBy(db: Db, symbol: string, actionId?: number): Promise<Affected[]> {
  const accounts = await accountsIn(db, symbol, actionId)
  const taken = actionId === undefined ? [] : await takenOrders(db, actionId)
  return Promise.all(accounts.map((account) => affected(db, symbol, account, taken)))
}

async function affected(
  db: Db,
  symbol: string,
  { accountId, name }: { accountId: number; name: string },
  taken: AnyOrder[],
): Promise<Affected> {
  const position = await openPosition(db, accountId, symbol)
  const live = await db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('state', 'in', liveStates)
    .orderBy('id')
    .execute()
  const watched = position && (await markOf(db, position.id))
  const scheduled = await openScheduled(db, accountId)
  return {
    accountId,
    name,
    position,
    protection: position ? await protectionOf(db, position.id) : {},
    scaleout: position && (await runningScaleout(db, position.id)),
    orders: [...live.map(toOrder), ...taken.filter((order) => order.accountId === accountId)],
    scheduled: scheduled.filter((one) => one.symbol === symbol && one.state === 'waiting'),
    mark: watched?.mark ? new Big(watched.mark) : undefined,
  }
}

function markOf(db: Db, positionId: number) {
  return db.selectFrom('position_watch').select('mark').where('position_id', '=', positionId).executeTakeFirst()
}
