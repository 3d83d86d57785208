import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Position } from '../../positions/rows/positions.ts'

export type ProtectionKind = 'stop' | 'target'

/** A level at which a part of a position is closed. A position has any number of them, at most one of a kind at a price. */
export interface PartLevel {
  id: number
  positionId: number
  accountId: number
  /** The member who set it, and the conversation. */
  memberId: number
  conversationId: number
  symbol: string
  kind: ProtectionKind
  /** Dollars a unit; it never moves. */
  price: Big
  /** The units to close at the price; less when less is open then. */
  quantity: Big
  isPart: true
}

/** A part level to set. */
export type NewPartLevel = Pick<PartLevel, 'kind' | 'price' | 'quantity' | 'memberId' | 'conversationId'>

/** Orders the part levels `l` of positions `p` within a kind as the price gets to them. */
export const partOrder = sql<string>`l.price * sign(p.signed_quantity) * case l.kind when 'target' then 1 else -1 end`

/** The part levels of a locked position, stops first, in the order of the price. They are locked until the transaction ends. */
export async function lockPartLevels(trx: Trx, positionId: number): Promise<PartLevel[]> {
  const rows = await trx
    .selectFrom('part_levels as l')
    .innerJoin('positions as p', 'p.id', 'l.position_id')
    .selectAll('l')
    .select('p.symbol')
    .where('l.state', '=', 'working')
    .where('l.position_id', '=', positionId)
    .orderBy('l.kind')
    .orderBy(partOrder)
    .forUpdate('l')
    .execute()
  return rows.map(toPartLevel)
}

/** Sets a part level of a locked open position. The position's version goes up. */
export async function setPartLevel(
  trx: Trx,
  position: Position,
  { kind, price, quantity, memberId, conversationId }: NewPartLevel,
  at: Date,
): Promise<PartLevel> {
  const row = await trx
    .with('newer', () => newer(trx, position.id))
    .insertInto('part_levels')
    .values({
      position_id: position.id,
      account_id: position.accountId,
      member_id: memberId,
      conversation_id: conversationId,
      kind,
      price: price.toFixed(),
      quantity: quantity.toFixed(),
      created_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPartLevel({ ...row, symbol: position.symbol })
}

/** Cancels working part levels of a locked position. The position's version goes up when there are any. */
export async function cancelPartLevels(
  trx: Trx,
  positionId: number,
  levels: Pick<PartLevel, 'id'>[],
  because: string,
  at: Date,
): Promise<void> {
  if (levels.length === 0) return
  await trx
    .with('newer', () => newer(trx, positionId))
    .updateTable('part_levels')
    .set({ state: 'cancelled', ended_because: because, ended_at: at })
    .where('position_id', '=', positionId)
    .where(sql<boolean>`id = any(${levels.map(({ id }) => id)}::bigint[])`)
    .where('state', '=', 'working')
    .execute()
}

function newer(db: Db, positionId: number) {
  return db
    .updateTable('positions')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', positionId)
}

/** Converts a row to a part level. */
export function toPartLevel(row: Selectable<Database['part_levels']> & { symbol: string }): PartLevel {
  return {
    id: row.id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    kind: row.kind,
    price: new Big(row.price),
    quantity: new Big(row.quantity),
    isPart: true,
  }
}
