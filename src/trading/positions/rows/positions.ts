import { type Selectable, sql } from 'kysely'
import { Big, zero } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { protectionUpdate, unprotectedInsert } from '../../protection/rows/follow-position.ts'
import type { Holding } from '../rules/position.ts'

/** A position as stored. */
export interface Position extends Holding {
  id: number
  accountId: number
  symbol: string
  /** Goes up by one with every change. */
  version: number
  /** The quantity that live exit orders may still take. */
  workingQuantity: Big
  /**
   * The part of the working quantity that a cancel can give back: the venue has confirmed it, or an order with a limit holds
   * it.
   */
  restingQuantity: Big
  /** Units that its venue does not show, so that no order takes them. */
  missingQuantity: Big
  /**
   * The quantity that protection resting at the venue may still take; no part of the working quantity. Any other exit is written only
   * when it is zero.
   */
  protectingQuantity: Big
  conversationId: number | null
  openedAt: Date
}

/**
 * The open quantity that no live order may take and that the venue shows, available for another exit. Zero when the orders are for
 * more than is open.
 */
export function availableQuantity(position: Position): Big {
  const { signedQuantity, workingQuantity, missingQuantity } = position
  const available = signedQuantity.abs().minus(workingQuantity).minus(missingQuantity)
  return available.gt(0) ? available : zero
}

/** The available quantity that protection at the venue does not hold either. */
export function freeQuantity(position: Position): Big {
  const free = availableQuantity(position).minus(position.protectingQuantity)
  return free.gt(0) ? free : zero
}

/** The quantity of exit orders that the venue has not confirmed. A cancel cannot give it back yet. */
export function inFlightQuantity({ workingQuantity, restingQuantity }: Position): Big {
  return workingQuantity.minus(restingQuantity)
}

/** Does any account hold a symbol? */
export async function isHeld(db: Db, symbol: string): Promise<boolean> {
  const held = db.selectFrom('positions').select('id').where('symbol', '=', symbol).where('closed_at', 'is', null)
  return (await held.limit(1).executeTakeFirst()) !== undefined
}

/** The open positions of an account, by symbol. */
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
 * Locks the open position of an account in a symbol until the transaction ends. Every transaction locks the position before the
 * rows that belong to it. Like all locks of positions it is FOR NO KEY UPDATE: rows that only refer to the position may be
 * written meanwhile. Otherwise transactions that write events of several positions could deadlock.
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

/**
 * Ids of the open positions of accounts in symbols, by `openKey`. The caller has locked the accounts, so no position opens
 * meanwhile.
 */
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

/** The key of an account's position in a symbol. At most one such position is open. */
export const openKey = ({ accountId, symbol }: { accountId: number; symbol: string }) => `${accountId} ${symbol}`

/** Locks the position of an order. */
export async function lockPositionOfOrder(trx: Trx, orderId: number): Promise<Position> {
  const row = await trx
    .selectFrom('positions')
    .selectAll()
    .where('id', '=', (db) => db.selectFrom('orders').select('position_id').where('orders.id', '=', orderId))
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return toPosition(row)
}

/** Saves a locked position and its protection. */
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

/** The statement that saves a locked position; a flat position is closed. */
export function positionUpdate(trx: Trx, position: Position, at: Date) {
  return trx
    .updateTable('positions')
    .set({
      signed_quantity: position.signedQuantity.toFixed(),
      open_cost: position.openCost.toFixed(),
      realized_pnl: position.realizedPnl.toFixed(),
      working_quantity: position.workingQuantity.toFixed(),
      resting_quantity: position.restingQuantity.toFixed(),
      protecting_quantity: position.protectingQuantity.toFixed(),
      version: position.version,
      closed_at: position.signedQuantity.eq(0) ? at : null,
    })
    .where('id', '=', position.id)
}

/** Adds P&L in dollars that no fill has made to a locked position, open or closed. */
export async function bookRealized(trx: Trx, position: Position, realizedPnl: Big): Promise<void> {
  await trx
    .updateTable('positions')
    .set({ realized_pnl: position.realizedPnl.plus(realizedPnl).toFixed(), version: position.version + 1 })
    .where('id', '=', position.id)
    .execute()
}

/** The position that an account closed last, in a symbol or in any. */
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

/** Inserts a flat position for the next fill to open; the account has no open position in the symbol. */
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
  | 'missing_quantity'
  | 'protecting_quantity'
  | 'version'
  | 'conversation_id'
  | 'opened_at'
>

/**
 * The columns that `toPosition` reads. Prepared statements of the busiest transactions name them: a statement with `*` could
 * not stay prepared, since a migration may add a column.
 */
export const positionColumns = sql.raw(
  'id, account_id, symbol, signed_quantity, open_cost, realized_pnl, working_quantity, resting_quantity, missing_quantity, protecting_quantity, version, conversation_id, opened_at',
)

/** Converts a row to a position. */
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
    missingQuantity: new Big(row.missing_quantity),
    protectingQuantity: new Big(row.protecting_quantity),
    version: row.version,
    conversationId: row.conversation_id,
    openedAt: row.opened_at,
  }
}
