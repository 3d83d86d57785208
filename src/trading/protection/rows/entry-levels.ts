import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { ProtectionKind } from './protective-orders.ts'

/** A level that an order brings along, until its first fill sets it for the position. */
export type EntryLevel = { kind: ProtectionKind } & (
  | { at: 'price'; price: Big }
  /** Return on the average entry price, as a share of one: a stop at -0.05 loses 5%. */
  | { at: 'return'; share: Big }
)

/** Keeps the levels of an order that was just written. */
export async function keepEntryLevels(trx: Trx, orderId: number, levels: EntryLevel[]): Promise<void> {
  if (levels.length === 0) return
  const rows = levels.map((level) => ({
    order_id: orderId,
    kind: level.kind,
    price: level.at === 'price' ? level.price.toFixed() : null,
    share: level.at === 'return' ? level.share.toFixed() : null,
    position_id: null,
  }))
  await trx.insertInto('entry_levels').values(rows).execute()
}

/** The levels of orders by order id, each with the position that it was set for, if it was. */
export async function entryLevelsOf(
  db: Db,
  orderIds: number[],
): Promise<Map<number, (EntryLevel & { setFor: number | null })[]>> {
  const rows = await db
    .selectFrom('entry_levels')
    .selectAll()
    .where('order_id', '=', sql<number>`any(${orderIds}::bigint[])`)
    .orderBy('kind')
    .execute()
  const levels = rows.map(({ order_id, kind, price, share, position_id }) => {
    const level: EntryLevel =
      price === null ? { kind, at: 'return', share: new Big(share!) } : { kind, at: 'price', price: new Big(price) }
    return { orderId: order_id, ...level, setFor: position_id }
  })
  return Map.groupBy(levels, ({ orderId }) => orderId)
}

/** Notes that the levels of an order are set for a position. */
export async function noteEntryLevels(trx: Trx, orderId: number, positionId: number): Promise<void> {
  await trx.updateTable('entry_levels').set({ position_id: positionId }).where('order_id', '=', orderId).execute()
}
