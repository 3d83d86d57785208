import { Big } from '../../../src/base/amounts.ts'
import { accountsOfPerson } from '../../../src/trading/accounts/rows/accounts.ts'
import type { WatchDeskEvent } from '../../../src/trading/events/rows/watch-events.ts'
import { lockOpenPosition, openPosition, type Position } from '../../../src/trading/positions/rows/positions.ts'
import { averageEntryPrice, unrealizedReturn } from '../../../src/trading/positions/rules/position.ts'
import {
  type ProtectiveOrder,
  protectionOf,
  setProtectiveOrder,
} from '../../../src/trading/protection/rows/protective-orders.ts'
import { raise, raiseAll } from '../../../src/watch/monitor/raise.ts'
import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from '../../talk/commands/someone.ts'

/** A position with what protects it, as a test set it up. */
export interface Protected {
  accountId: number
  memberId: number
  position: Position
  stop?: ProtectiveOrder
  target?: ProtectiveOrder
}

/** Protects somebody's open position with a stop, a target or both, in dollars. */
export async function protect(
  { desk }: TestDesk,
  person: Someone,
  symbol: string,
  levels: { stop?: string; target?: string },
): Promise<Protected> {
  const { db } = desk.parts
  const accountId = (await accountsOfPerson(db, `slack:T1:${person.name.toUpperCase()}`))![0]!.id
  const { member_id: memberId } = await db
    .selectFrom('accounts')
    .select('member_id')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  const position = (await openPosition(db, accountId, symbol))!
  for (const kind of ['stop', 'target'] as const) {
    const price = levels[kind]
    if (price === undefined) continue
    await db.transaction().execute(async (trx) => {
      const locked = (await lockOpenPosition(trx, accountId, symbol))!
      const level = { kind, price: new Big(price), memberId, conversationId: locked.conversationId! }
      await setProtectiveOrder(trx, locked, level, new Date())
    })
  }
  return { accountId, memberId, position, ...(await protectionOf(db, position.id)) }
}

/** The events that the monitor raises when a price touches a level. */
export function touchOf(held: Protected, kind: 'stop' | 'target', price: string): WatchDeskEvent {
  const { position, accountId, memberId } = held
  const order = held[kind]!
  return {
    type: kind === 'stop' ? 'trading.stop_loss_triggered' : 'trading.take_profit_hit',
    data: {
      signedQuantity: position.signedQuantity.toFixed(),
      averageEntryPrice: averageEntryPrice(position).toFixed(),
      price,
      unrealizedReturn: unrealizedReturn(position, new Big(price)).toFixed(),
      version: position.version,
      level: order.price.toFixed(),
      protectiveOrderId: order.id,
    },
    symbol: position.symbol,
    accountId,
    memberId,
    positionId: position.id,
    conversationId: position.conversationId ?? undefined,
    at: new Date(),
    dedupeKey: `${kind}-${order.id}-touched`,
  }
}

/** Moves the price to this level and raises the touch, once however often it is called. */
export async function touch(
  { desk, market }: TestDesk,
  held: Protected,
  kind: 'stop' | 'target',
  price: string,
): Promise<number | undefined> {
  market.set(held.position.symbol, price)
  return raise(desk.parts, touchOf(held, kind, price))
}

/** Touches levels of many positions at once, with one price. */
export async function touchAll({ desk, market }: TestDesk, all: Protected[], kind: 'stop' | 'target', price: string) {
  market.set(all[0]!.position.symbol, price)
  return raiseAll(
    desk.parts,
    all.map((held) => touchOf(held, kind, price)),
  )
}
