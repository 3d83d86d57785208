import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Position } from '../../positions/rows/positions.ts'

/**
 * An exit without an order yet, because other orders are taken back first: a close of a whole position, for which resting orders and
 * protection at the venue are, or a sale of a part, for which only the protection is.
 */
export interface UnfinishedExit {
  /** The client id of its future order. */
  clientOrderId: string
  positionId: number
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** The open quantity when it was asked for. */
  signedQuantity: Big
  /** Units, of a part; absent: everything that is open. */
  quantity?: Big
  limitPrice?: Big
  stopPrice?: Big
  expiresAt?: Date
  isExtended?: boolean
  /** Its member knows that the venue is closed: an order at the market waits there for the open. */
  waitsForOpen?: boolean
  askedAt: Date
  /** Its number within the account, by which it is taken back; absent until it waits for protection. */
  number?: number
}

/** The terms of an exit that are noted. */
export type Asked = Pick<
  UnfinishedExit,
  | 'clientOrderId'
  | 'memberId'
  | 'conversationId'
  | 'quantity'
  | 'limitPrice'
  | 'stopPrice'
  | 'expiresAt'
  | 'isExtended'
  | 'waitsForOpen'
>

/** Notes that a locked position, or a part of it, is to be closed as soon as the orders in the way are back. */
export async function noteUnfinished(trx: Trx, asked: Asked, position: Position, at: Date): Promise<void> {
  await trx
    .insertInto('unfinished_closes')
    .values({
      client_order_id: asked.clientOrderId,
      position_id: position.id,
      account_id: position.accountId,
      member_id: asked.memberId,
      conversation_id: asked.conversationId,
      symbol: position.symbol,
      signed_quantity: position.signedQuantity.toFixed(),
      quantity: asked.quantity?.toFixed() ?? null,
      limit_price: asked.limitPrice?.toFixed() ?? null,
      stop_price: asked.stopPrice?.toFixed() ?? null,
      expires_at: asked.expiresAt ?? null,
      is_extended: asked.isExtended ?? false,
      waits_for_open: asked.waitsForOpen ?? false,
      asked_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Deletes the note, in the transaction that decides the outcome of the exit. Returns it; undefined when another process deleted it and
 * owns the exit.
 */
export async function endUnfinished(
  trx: Trx,
  { clientOrderId }: Pick<UnfinishedExit, 'clientOrderId'>,
): Promise<UnfinishedExit | undefined> {
  const ended = trx.deleteFrom('unfinished_closes').where('client_order_id', '=', clientOrderId)
  const row = await ended.returningAll().executeTakeFirst()
  return row && toUnfinished(row)
}

/**
 * Notes an exit of a locked position that waits for its protection at the venue to be given back. The process that sees this goes on with it.
 * `number`: its number within the account.
 */
export async function noteWaiting(
  trx: Trx,
  exit: Asked,
  position: Position,
  { askedAt, now, number }: { askedAt: Date; now: Date; number: number },
): Promise<void> {
  await noteUnfinished(trx, exit, position, askedAt)
  await noteTakenUp(trx, exit, now)
  await trx.updateTable('unfinished_closes').set({ number }).where('client_order_id', '=', exit.clientOrderId).execute()
}

/** Ends the exits that wait for protection, since another one closes the locked position. Returns those of parts. */
export async function endWaiting(trx: Trx, positionId: number): Promise<UnfinishedExit[]> {
  const waiting = trx.deleteFrom('unfinished_closes').where('position_id', '=', positionId)
  const rows = await waiting.where('taken_up_at', 'is not', null).returningAll().execute()
  return rows.map(toUnfinished).filter(({ quantity }) => quantity !== undefined)
}

/** The close of a locked position that waits for protection; undefined when none does. */
export async function waitingClose(trx: Trx, positionId: number): Promise<UnfinishedExit | undefined> {
  const waiting = trx.selectFrom('unfinished_closes').selectAll().where('position_id', '=', positionId)
  const row = await waiting.where('quantity', 'is', null).where('number', 'is not', null).executeTakeFirst()
  return row && toUnfinished(row)
}

/** The exits of an account that wait for protection, by number. */
export async function waitingExits(db: Db, accountId: number): Promise<(UnfinishedExit & { number: number })[]> {
  const waiting = db.selectFrom('unfinished_closes').selectAll().where('account_id', '=', accountId)
  const rows = await waiting.where('number', 'is not', null).orderBy('number').execute()
  return rows.map((row) => ({ ...toUnfinished(row), number: row.number! }))
}

/** Is an exit noted that has no order yet? */
export async function isUnfinished(db: Db, clientOrderId: string): Promise<boolean> {
  const noted = db.selectFrom('unfinished_closes').select('asked_at').where('client_order_id', '=', clientOrderId)
  return (await noted.executeTakeFirst()) !== undefined
}

/** The exits of a position that waited for its protection at the venue, oldest first, once nothing is left of that. */
export async function freedExits(db: Db, positionId: number): Promise<UnfinishedExit[]> {
  const rows = await db
    .selectFrom('unfinished_closes as u')
    .innerJoin('positions as p', 'p.id', 'u.position_id')
    .selectAll('u')
    .where('u.position_id', '=', positionId)
    .where('u.taken_up_at', 'is not', null)
    .where('p.protecting_quantity', '=', '0')
    .orderBy('u.asked_at')
    .execute()
  return rows.map(toUnfinished)
}

/** Locks the note, after its position. False when it is gone. */
export async function lockUnfinished(trx: Trx, { clientOrderId }: Pick<UnfinishedExit, 'clientOrderId'>) {
  const there = trx.selectFrom('unfinished_closes').select('asked_at').where('client_order_id', '=', clientOrderId)
  return (await there.forUpdate().executeTakeFirst()) !== undefined
}

/** Exits asked for before `before` that still have no order, oldest first; for the sweep. */
export async function unfinishedExits(db: Db, before: Date): Promise<UnfinishedExit[]> {
  const rows = await db
    .selectFrom('unfinished_closes')
    .selectAll()
    .where('asked_at', '<', before)
    .orderBy('asked_at')
    .execute()
  return rows.map(toUnfinished)
}

/** Notes that another process than the one asked continues an exit. Returns the time when the first of them did. */
export async function noteTakenUp(
  db: Db,
  { clientOrderId }: Pick<UnfinishedExit, 'clientOrderId'>,
  at: Date,
): Promise<Date> {
  const row = await db
    .updateTable('unfinished_closes')
    .set({ taken_up_at: sql<Date>`coalesce(taken_up_at, ${at})` })
    .where('client_order_id', '=', clientOrderId)
    .returning('taken_up_at')
    .executeTakeFirst()
  return row?.taken_up_at ?? at
}

/**
 * Has a person changed a position since an exit was asked for, so that it may not be meant any more? A close is not if they recorded,
 * ordered, scaled out or protected something, or if the position is larger. A part is only if they recorded a trade elsewhere, which may be
 * the same one. Neither is meant of the other side.
 */
export async function isChangedSince(
  db: Db,
  { positionId, signedQuantity, askedAt, clientOrderId, quantity }: UnfinishedExit,
  now: Position,
): Promise<boolean> {
  if (now.signedQuantity.times(signedQuantity).lte(0)) return true
  if (quantity) {
    const since = db.selectFrom('orders').select('id').where('position_id', '=', positionId)
    const recorded = since.where('created_at', '>', askedAt).where('purpose', '=', 'record')
    return (await recorded.limit(1).executeTakeFirst()) !== undefined
  }
  if (now.signedQuantity.abs().gt(signedQuantity.abs())) return true
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from orders where position_id = ${positionId} and created_at > ${askedAt}
        and client_order_id <> ${clientOrderId} and purpose in ('record', 'open', 'close', 'trim'))
      or exists (select from scaleouts where position_id = ${positionId} and started_at > ${askedAt})
      or exists (select from protective_orders where position_id = ${positionId} and created_at > ${askedAt})
      or exists (select from part_levels where position_id = ${positionId} and created_at > ${askedAt})
      as changed`.execute(db)
  return rows[0]!.changed
}

function toUnfinished(row: Selectable<Database['unfinished_closes']>): UnfinishedExit {
  return {
    clientOrderId: row.client_order_id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    signedQuantity: new Big(row.signed_quantity),
    quantity: row.quantity === null ? undefined : new Big(row.quantity),
    limitPrice: row.limit_price === null ? undefined : new Big(row.limit_price),
    stopPrice: row.stop_price === null ? undefined : new Big(row.stop_price),
    expiresAt: row.expires_at ?? undefined,
    isExtended: row.is_extended,
    waitsForOpen: row.waits_for_open,
    askedAt: row.asked_at,
    number: row.number ?? undefined,
  }
}
