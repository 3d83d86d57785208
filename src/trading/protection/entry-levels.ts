import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { KeyedEvent } from '../events/rows/watch-events.ts'
import type { QueuedNotice } from '../notice.ts'
import type { OpeningOrder } from '../orders/rows/orders.ts'
import { isLive } from '../orders/rules/order-lifecycle.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { ProtectionNotice } from './notices.ts'
import { allClosedBefore, wasEnded, wasSet } from './protection-event.ts'
import { type EntryLevel, entryLevelsOf, noteEntryLevels } from './rows/entry-levels.ts'
import { cancelPartLevels } from './rows/part-levels.ts'
import { lockProtection, type Protection, setProtectiveOrder, touchedLevel } from './rows/protective-orders.ts'
import { partsBehind, priceAtReturn } from './rules/protection.ts'

/** An order that opens, and the locked position that a fill of it has just changed. */
export interface OpenedBy {
  order: Pick<OpeningOrder, 'id' | 'memberId' | 'conversationId'>
  position: Position
}

/** The levels that a fill has set: their notice and their events, and the position, whose version went up. */
export interface BegunProtection {
  notice: ProtectionNotice
  events: KeyedEvent[]
  position: Position
}

/**
 * Sets the stop and the target that orders brought along, with the first fill of each position; later fills change only the
 * quantity. Nothing is set for a position that is flat again, or that a touched level closes. The keys are order ids.
 */
export async function setEntryLevels(trx: Trx, opened: OpenedBy[], at: Date): Promise<Map<number, BegunProtection>> {
  const begun = new Map<number, BegunProtection>()
  if (opened.length === 0) return begun
  const all = await entryLevelsOf(
    trx,
    opened.map(({ order }) => order.id),
  )
  for (const { order, position } of opened) {
    const levels = (all.get(order.id) ?? []).filter(({ setFor }) => setFor !== position.id)
    if (levels.length === 0 || position.signedQuantity.eq(0) || begun.has(order.id)) continue
    if (await touchedLevel(trx, position.id)) continue
    const before = await lockProtection(trx, position.id)
    const protection: Protection = { ...before }
    const events: KeyedEvent[] = []
    for (const level of levels) {
      const price = level.at === 'price' ? level.price : priceAtReturn(position, level.share)
      const { memberId, conversationId } = order
      const set = await setProtectiveOrder(trx, position, { kind: level.kind, price, memberId, conversationId }, at)
      events.push(wasSet(set, before[level.kind], at))
      protection[level.kind] = set
    }
    const wholes = levels.map(({ kind }) => protection[kind]!)
    const behind = partsBehind(before.parts ?? [], wholes, position.signedQuantity)
    await cancelPartLevels(trx, position.id, behind, allClosedBefore, at)
    for (const level of behind) events.push(wasEnded(level, level, allClosedBefore, at))
    await noteEntryLevels(trx, order.id, position.id)
    const kinds = levels.map(({ kind }) => kind)
    const notice = { kind: 'protection.began' as const, kinds, position, protection, behind }
    const version = position.version + levels.length + (behind.length > 0 ? 1 : 0)
    begun.set(order.id, { notice, events, position: { ...position, version } })
  }
  return begun
}

/** Tells the levels of an order that waits for its first fill; nothing when they are set already, or the order is over. */
export async function tellWaitingLevels(
  parts: Parts,
  { id, symbol, accountId, conversationId }: OpeningOrder,
  levels: EntryLevel[],
): Promise<QueuedNotice[]> {
  const at = parts.clock.now()
  return parts.db.transaction().execute(async (trx) => {
    const kept = (await entryLevelsOf(trx, [id])).get(id) ?? []
    const row = await trx.selectFrom('orders').select('state').where('id', '=', id).executeTakeFirst()
    if (kept.every(({ setFor }) => setFor !== null) || !row || !isLive({ state: row.state })) return []
    const notice = { kind: 'protection.waits' as const, symbol, levels }
    return [await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'door')]
  })
}
