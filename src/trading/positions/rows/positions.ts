import { type Selectable, sql } from 'kysely'
import { Big, zero } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { protectionUpdate, unprotectedInsert } from '../../protection/rows/follow-position.ts'
import type { Holding } from '../rules/position.ts'

/** A position as it stands in the database. */
export interface Position extends Holding {
  id: number
  accountId: number
  symbol: string
  /** Goes up by one with every change. */
  version: number
  /** What live exit orders may still take. */
  workingQuantity: Big
  /** The part of that which the venue has confirmed, or a limit holds: it can be had back by cancelling. */
  restingQuantity: Big
  conversationId: number | null
  openedAt: Date
}

/** What can still be sold or bought back: what is open less what live orders may take. Nothing while they are for more than is open. */
export function availableQuantity(position: Position): Big {
  const available = position.signedQuantity.abs().minus(position.workingQuantity)
  return available.gt(0) ? available : zero
}

/** What orders that the venue has not confirmed may still take: nobody can have it back yet. */
export function inFlightQuantity({ workingQuantity, restingQuantity }: Position): Big {
  return workingQuantity.minus(restingQuantity)
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

/** The ids of the open positions of accounts in symbols, by `openKey`; their accounts are locked, so that none is opened meanwhile. */
export async function openPositionIds(
  trx: Trx,
  of: { accountId: number; symbol: string }[],
): Promise<Map<string, number>> {
  if (of.length === 0) return new Map()
  const { rows } = await sql<{ id: number; account_id: number; symbol: string }>`
    select p.id, p.account_id, p.symbol
    from jsonb_to_recordset(${JSON.stringify(of.map(({ accountId, symbol }) => ({ accountId, symbol })))}::jsonb)
      as g("accountId" bigint, symbol text)
    join positions p on p.account_id = g."accountId" and p.symbol = g.symbol and p.closed_at is null`.execute(trx)
  return new Map(rows.map((row) => [openKey({ accountId: row.account_id, symbol: row.symbol }), row.id]))
}

/** A position of an account in a symbol, of which one is open at most. */
export const openKey = ({ accountId, symbol }: { accountId: number; symbol: string }) => `${accountId} ${symbol}`

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
      resting_quantity: position.restingQuantity.toFixed(),
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

type PositionRow = Pick<
  Selectable<Database['positions']>,
  | 'id'
  | 'account_id'
  | 'symbol'
  | 'signed_quantity'
  | 'open_cost'
  | 'realized_pnl'
  | 'working_quantity'
  | 'resting_quantity'
  | 'version'
  | 'conversation_id'
  | 'opened_at'
>

/**
 * What a position is read from. Statements of the busiest transactions name these columns: with a star they could not be
 * prepared there, since a migration may add one.
 */
export const positionColumns = sql.raw(
  'id, account_id, symbol, signed_quantity, open_cost, realized_pnl, working_quantity, resting_quantity, version, conversation_id, opened_at',
)

/** A row as a position. */
export function toPosition(row: PositionRow): Position {
  return {
    id: row.id,
    accountId: row.account_id,
    symbol: row.symbol,
    signedQuantity: new Big(row.signed_quantity),
    openCost: new Big(row.open_cost),
    realizedPnl: new Big(row.realized_pnl),
    workingQuantity: new Big(row.working_quantity),
    restingQuantity: new Big(row.resting_quantity),
    version: row.version,
    conversationId: row.conversation_id,
    openedAt: row.opened_at,
  }
}
