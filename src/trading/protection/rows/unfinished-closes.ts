import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Position } from '../../positions/rows/positions.ts'

/** A close of all of a position that has no order yet, because what rests is taken back first. */
export interface UnfinishedClose {
  /** The id that its order will have. */
  clientOrderId: string
  positionId: number
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** What was open when it was asked for. */
  signedQuantity: Big
  limitPrice?: Big
  expiresAt?: Date
  askedAt: Date
}

type Asked = Pick<UnfinishedClose, 'clientOrderId' | 'memberId' | 'conversationId' | 'limitPrice' | 'expiresAt'>

/** Notes that a locked position is to be closed as soon as what rests is back. */
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
 * Takes the note away, in the transaction that decides what comes of the close. Answers with when it was asked for;
 * undefined when somebody else took it: the close is theirs.
 */
export async function endUnfinished(
  trx: Trx,
  { clientOrderId }: Pick<UnfinishedClose, 'clientOrderId'>,
): Promise<Date | undefined> {
  const ended = trx.deleteFrom('unfinished_closes').where('client_order_id', '=', clientOrderId)
  return (await ended.returning('asked_at').executeTakeFirst())?.asked_at
}

/** Locks the note, after its position. False when it is gone. */
export async function lockUnfinished(trx: Trx, { clientOrderId }: Pick<UnfinishedClose, 'clientOrderId'>) {
  const there = trx.selectFrom('unfinished_closes').select('asked_at').where('client_order_id', '=', clientOrderId)
  return (await there.forUpdate().executeTakeFirst()) !== undefined
}

/** Closes that were asked for before `before` and still have no order; for the sweep. */
export async function unfinishedCloses(db: Db, before: Date): Promise<UnfinishedClose[]> {
  const rows = await db
    .selectFrom('unfinished_closes')
    .selectAll()
    .where('asked_at', '<', before)
    .orderBy('asked_at')
    .execute()
  return rows.map(toUnfinished)
}

/** Notes that somebody goes on with a close whom it was not said to. Answers with the moment when the first of them did. */
export async function noteTakenUp(db: Db, { clientOrderId }: UnfinishedClose, at: Date): Promise<Date> {
  const row = await db
    .updateTable('unfinished_closes')
    .set({ taken_up_at: sql<Date>`coalesce(taken_up_at, ${at})` })
    .where('client_order_id', '=', clientOrderId)
    .returning('taken_up_at')
    .executeTakeFirst()
  return row?.taken_up_at ?? at
}

/**
 * Has a person changed a position since its close was asked for: recorded, ordered, scaled out or protected something, or
 * is more open than then, or the other side of it?
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
