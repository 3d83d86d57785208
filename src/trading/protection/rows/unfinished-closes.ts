import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Position } from '../../positions/rows/positions.ts'

/** A close of a whole position without an order yet, because resting orders are taken back first. */
export interface UnfinishedClose {
  /** The client id of its future order. */
  clientOrderId: string
  positionId: number
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** The open quantity when it was asked for. */
  signedQuantity: Big
  limitPrice?: Big
  expiresAt?: Date
  askedAt: Date
}

type Asked = Pick<UnfinishedClose, 'clientOrderId' | 'memberId' | 'conversationId' | 'limitPrice' | 'expiresAt'>

/** Notes that a locked position is to be closed as soon as its resting orders are back. */
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
      limit_price: asked.limitPrice?.toFixed() ?? null,
      expires_at: asked.expiresAt ?? null,
      asked_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Deletes the note, in the transaction that decides the outcome of the close. Returns the time of the request; undefined when
 * another process deleted it and owns the close.
 */
export async function endUnfinished(
  trx: Trx,
  { clientOrderId }: Pick<UnfinishedClose, 'clientOrderId'>,
): Promise<Date | undefined> {
  const ended = trx.deleteFrom('unfinished_closes').where('client_order_id', '=', clientOrderId)
  return (await ended.returning('asked_at').executeTakeFirst())?.asked_at
}

/**
 * Notes a close of a locked position that waits for its protection at the venue to be given back. Whoever sees that goes on with it. It takes
 * the place of one that waits there already.
 */
export async function noteWaiting(
  trx: Trx,
  asked: Asked,
  position: Position,
  { askedAt, now }: { askedAt: Date; now: Date },
): Promise<void> {
  await endWaiting(trx, position.id)
  await noteUnfinished(trx, asked, position, askedAt)
  await noteTakenUp(trx, asked, now)
}

/** Ends a close that waits for protection, since another order closes the locked position. */
export async function endWaiting(trx: Trx, positionId: number): Promise<void> {
  const waiting = trx.deleteFrom('unfinished_closes').where('position_id', '=', positionId)
  await waiting.where('taken_up_at', 'is not', null).execute()
}

/** The closes of a position that waited for its protection at the venue, once nothing is left of that. */
export async function freedCloses(db: Db, positionId: number): Promise<UnfinishedClose[]> {
  const rows = await db
    .selectFrom('unfinished_closes as u')
    .innerJoin('positions as p', 'p.id', 'u.position_id')
    .selectAll('u')
    .where('u.position_id', '=', positionId)
    .where('u.taken_up_at', 'is not', null)
    .where('p.protecting_quantity', '=', '0')
    .execute()
  return rows.map(toUnfinished)
}

/** Locks the note, after its position. False when it is gone. */
export async function lockUnfinished(trx: Trx, { clientOrderId }: Pick<UnfinishedClose, 'clientOrderId'>) {
  const there = trx.selectFrom('unfinished_closes').select('asked_at').where('client_order_id', '=', clientOrderId)
  return (await there.forUpdate().executeTakeFirst()) !== undefined
}

/** Closes asked for before `before` that still have no order; for the sweep. */
export async function unfinishedCloses(db: Db, before: Date): Promise<UnfinishedClose[]> {
  const rows = await db
    .selectFrom('unfinished_closes')
    .selectAll()
    .where('asked_at', '<', before)
    .orderBy('asked_at')
    .execute()
  return rows.map(toUnfinished)
}

/** Notes that another process than the one asked continues a close. Returns the time when the first of them did. */
export async function noteTakenUp(
  db: Db,
  { clientOrderId }: Pick<UnfinishedClose, 'clientOrderId'>,
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
 * Has a person changed a position since its close was asked for? True if they recorded, ordered, scaled out or protected
 * something, or if the position is larger or on the other side.
 */
export async function isChangedSince(
  db: Db,
  { positionId, signedQuantity, askedAt, clientOrderId }: UnfinishedClose,
  now: Position,
): Promise<boolean> {
  const isNoLarger =
    now.signedQuantity.times(signedQuantity).gt(0) && now.signedQuantity.abs().lte(signedQuantity.abs())
  if (!isNoLarger) return true
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from orders where position_id = ${positionId} and created_at > ${askedAt}
        and client_order_id <> ${clientOrderId} and purpose in ('record', 'open', 'close', 'trim'))
      or exists (select from scaleouts where position_id = ${positionId} and started_at > ${askedAt})
      or exists (select from protective_orders where position_id = ${positionId} and created_at > ${askedAt})
      or exists (select from part_levels where position_id = ${positionId} and created_at > ${askedAt})
      as changed`.execute(db)
  return rows[0]!.changed
}

function toUnfinished(row: Selectable<Database['unfinished_closes']>): UnfinishedClose {
  return {
    clientOrderId: row.client_order_id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    signedQuantity: new Big(row.signed_quantity),
    limitPrice: row.limit_price === null ? undefined : new Big(row.limit_price),
    expiresAt: row.expires_at ?? undefined,
    askedAt: row.asked_at,
  }
}
