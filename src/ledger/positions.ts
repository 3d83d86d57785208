import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import type { Holding } from '../trading/position.ts'
import { protectionUpdate, unprotectedInsert } from './follow-position.ts'

/** A position as it stands in the database. */
export interface Position extends Holding {
  id: number
  accountId: number
  symbol: string
  /** Goes up by one with every change. */
  version: number
  /** What working exit orders may still take. */
  workingQuantity: Big
  /** The part of that which orders with a limit hold: it can be had back by cancelling them. */
  limitQuantity: Big
  conversationId: number | null
  openedAt: Date
}

/** What can still be sold or bought back: what is open less what working orders may take. */
export function availableQuantity(position: Position): Big {
  return position.signedQuantity.abs().minus(position.workingQuantity)
}

/** What orders at the market that have no outcome yet may still take. */
export function inFlightQuantity({ workingQuantity, limitQuantity }: Position): Big {
  return workingQuantity.minus(limitQuantity)
}

/** Open positions of an account, by symbol. */
export async function openPositions(db: Db, accountId: number): Promise<Position[]> {
  const rows = await db
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('closed_at', 'is', null)
    .orderBy('symbol')
    .execute()
  return rows.map(toPosition)
}

/** The open position of an account in a symbol. */
export async function openPosition(db: Db, accountId: number, symbol: string): Promise<Position | undefined> {
  const row = await db
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return row && toPosition(row)
}

/**
 * Locks the open position of an account in a symbol until the transaction ends; everybody locks the position before anything
 * that hangs on it. As with all locks of positions, rows that only refer to one may be written meanwhile: whoever writes
 * events of several would wait for somebody who waits for them.
 */
export async function lockOpenPosition(trx: Trx, accountId: number, symbol: string): Promise<Position | undefined> {
  const row = await trx
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('closed_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row && toPosition(row)
}

/** Locks a position, open or closed. */
export async function lockPosition(trx: Trx, id: number): Promise<Position> {
  const row = await trx
    .selectFrom('positions')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return toPosition(row)
}

/** Locks positions, in an order that everybody keeps. Rows that only refer to one may be written meanwhile. */
export async function lockPositions(trx: Trx, ids: number[]): Promise<void> {
  await sql`select from positions where id = any(${ids}::bigint[]) order by id for no key update`.execute(trx)
}

/** Locks the position that an order is about. */
export async function lockPositionOfOrder(trx: Trx, orderId: number): Promise<Position> {
  const row = await trx
    .selectFrom('positions')
    .selectAll()
    .where('id', '=', (db) => db.selectFrom('orders').select('position_id').where('orders.id', '=', orderId))
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return toPosition(row)
}

/** Writes what a locked position now is, and what protects it. */
export async function savePosition(trx: Trx, position: Position, holding: Holding, at: Date): Promise<Position> {
  const after = { ...position, ...holding, version: position.version + 1 }
  await trx
    .with('moved', () => positionUpdate(trx, after, at))
    .with('protection', () => protectionUpdate(trx, after, at))
    .with('unprotected', unprotectedInsert)
    .selectNoFrom((eb) => eb.lit(1).as('saved'))
    .execute()
  return after
}

/** The statement that writes what a locked position now is; a flat one is closed. */
export function positionUpdate(trx: Trx, position: Position, at: Date) {
  return trx
    .updateTable('positions')
    .set({
      signed_quantity: position.signedQuantity.toFixed(),
      open_cost: position.openCost.toFixed(),
      realized_pnl: position.realizedPnl.toFixed(),
      working_quantity: position.workingQuantity.toFixed(),
      limit_quantity: position.limitQuantity.toFixed(),
      version: position.version,
      closed_at: position.signedQuantity.eq(0) ? at : null,
    })
    .where('id', '=', position.id)
}

/** The position that an account closed last, in a symbol or in any; for a summary of what is over. */
export async function lastClosedPosition(db: Db, accountId: number, symbol?: string): Promise<Position | undefined> {
  const row = await db
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', accountId)
    .$if(symbol !== undefined, (query) => query.where('symbol', '=', symbol!))
    .where('closed_at', 'is not', null)
    .orderBy('closed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toPosition(row)
}

/** A row for a position that the next fill opens; nothing is open in its symbol. */
export async function newPosition(
  trx: Trx,
  of: { accountId: number; symbol: string; conversationId: number },
  at: Date,
): Promise<Position> {
  const row = await trx
    .insertInto('positions')
    .values({
      account_id: of.accountId,
      symbol: of.symbol,
      signed_quantity: '0',
      open_cost: '0',
      conversation_id: of.conversationId,
      opened_at: at,
      closed_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPosition(row)
}

/** A row as a position. */
export function toPosition(row: Selectable<Database['positions']>): Position {
  return {
    id: row.id,
    accountId: row.account_id,
    symbol: row.symbol,
    signedQuantity: new Big(row.signed_quantity),
    openCost: new Big(row.open_cost),
    realizedPnl: new Big(row.realized_pnl),
    workingQuantity: new Big(row.working_quantity),
    limitQuantity: new Big(row.limit_quantity),
    version: row.version,
    conversationId: row.conversation_id,
    openedAt: row.opened_at,
  }
}
