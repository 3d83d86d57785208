import { sql } from 'kysely'
import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { OrderState } from '../../orders/rules/order-lifecycle.ts'
import type { Protection, ProtectiveOrder } from '../../protection/rows/protective-orders.ts'
import type { Correction } from '../rules/equity-curve.ts'
import type { Side } from '../rules/position.ts'
import { adjustmentsOf } from './position-adjustments.ts'
import type { Position } from './positions.ts'

const decimal = z.string()
const id = z.number().int()

/** A level as it was before, to set it again. */
const level = z.object({
  kind: z.enum(['stop', 'target']),
  price: decimal,
  trail: z.object({ share: decimal, bestPrice: decimal }).optional(),
})

/** What it takes to undo something that was recorded. */
export const recordState = z.object({
  positionId: id,
  /** The position's version after it was recorded: only then is it undone. */
  version: id,
  /** What was open before, and in which position; absent when nothing was. */
  before: z.object({ positionId: id, signedQuantity: decimal, openCost: decimal, realizedPnl: decimal }).optional(),
  /** What an update made of it, which is no fill: whoever retells a position from its fills needs it, too. */
  corrected: z.object({ signedQuantity: decimal, openCost: decimal }).optional(),
  /** The orders whose fills the recording wrote. */
  clientOrderIds: z.array(z.string()),
  /** Levels that ended with the old position. */
  lost: z.array(level),
  /** Dollars by which the start of the day was moved. */
  brought: decimal,
})

/** What it takes to undo levels that were set or taken away. */
export const levelsState = z.object({
  positionId: id,
  levels: z.array(z.object({ kind: z.enum(['stop', 'target']), isNow: id.nullable(), was: level.optional() })),
})

export type RecordState = z.infer<typeof recordState>
export type LevelsState = z.infer<typeof levelsState>
export type KeptLevel = z.infer<typeof level>

/** Something a member recorded or set, that may be undone. */
export type NewUndoable = {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** What it was, in words. */
  what: string
  at: Date
} & ({ kind: 'record'; state: RecordState } | { kind: 'levels'; state: LevelsState })

/** One that is kept. */
export type Undoable = NewUndoable & { id: number; undoneAt?: Date }

/** What a position holds, to be kept. */
export function keptHolding({ id: positionId, ...holding }: Position): NonNullable<RecordState['before']> {
  return {
    positionId,
    signedQuantity: holding.signedQuantity.toFixed(),
    openCost: holding.openCost.toFixed(),
    realizedPnl: holding.realizedPnl.toFixed(),
  }
}

/** The levels that protected a position before a change and do not any more, to be kept. */
export function keptLevels(before: Protection, after: Protection): KeptLevel[] {
  const levels = [before.stop, before.target].filter((one) => one !== undefined)
  return levels.filter((one) => after[one.kind]?.id !== one.id).map(keptLevel)
}

/** A level, to be kept. */
export function keptLevel({ kind, price, trail }: ProtectiveOrder): KeptLevel {
  const kept = { kind, price: price.toFixed() }
  if (!trail) return kept
  return { ...kept, trail: { share: trail.share.toFixed(), bestPrice: trail.bestPrice.toFixed() } }
}

/** Keeps what it takes to undo something, in the transaction that does it. */
export async function keepUndoable(trx: Trx, one: NewUndoable): Promise<void> {
  await trx
    .insertInto('undoables')
    .values({
      account_id: one.accountId,
      member_id: one.memberId,
      conversation_id: one.conversationId,
      kind: one.kind,
      symbol: one.symbol,
      what: one.what,
      state: JSON.stringify(one.state),
      at: one.at,
    })
    .execute()
}

/** What a member recorded or set last, in any place. */
export async function lastUndoable(db: Db, accountId: number, memberId: number): Promise<Undoable | undefined> {
  const row = await db
    .selectFrom('undoables')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('member_id', '=', memberId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const about = {
    id: row.id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    what: row.what,
    at: row.at,
    undoneAt: row.undone_at ?? undefined,
  }
  return row.kind === 'record'
    ? { ...about, kind: row.kind, state: recordState.parse(row.state) }
    : { ...about, kind: row.kind, state: levelsState.parse(row.state) }
}

/** What updates that stand, and corporate actions, made of positions of an account, and when. */
export async function correctionsOf(db: Db, accountId: number): Promise<Correction[]> {
  const rows = await db
    .selectFrom('undoables')
    .select(['symbol', 'state', 'at'])
    .where('account_id', '=', accountId)
    .where('kind', '=', 'record')
    .where('undone_at', 'is', null)
    .where(sql<boolean>`state ? 'corrected'`)
    .orderBy('id')
    .execute()
  const updates = rows.map(({ symbol, state, at }) => {
    const { signedQuantity, openCost } = recordState.parse(state).corrected!
    return { symbol, signedQuantity: new Big(signedQuantity), openCost: new Big(openCost), at }
  })
  return [...updates, ...(await adjustmentsOf(db, accountId))]
}

/** Was it undone before? Its position is locked, so that nobody undoes it now. */
export async function isUndone(trx: Trx, undoableId: number): Promise<boolean> {
  const row = await trx.selectFrom('undoables').select('undone_at').where('id', '=', undoableId).executeTakeFirst()
  return row !== undefined && row.undone_at !== null
}

/** Notes that something was undone. */
export async function noteUndone(trx: Trx, undoableId: number, at: Date): Promise<void> {
  await trx.updateTable('undoables').set({ undone_at: at }).where('id', '=', undoableId).execute()
}

/** What somebody else recorded or set last in a conversation, since a moment, and their name. */
export async function lastOfOthers(
  db: Db,
  conversationId: number,
  memberId: number,
  since: Date,
): Promise<{ what: string; name: string } | undefined> {
  return db
    .selectFrom('undoables as u')
    .innerJoin('members as m', 'm.id', 'u.member_id')
    .select(['u.what', 'm.name'])
    .where('u.conversation_id', '=', conversationId)
    .where('u.member_id', '<>', memberId)
    .where('u.undone_at', 'is', null)
    .where('u.at', '>=', since)
    .orderBy('u.id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Something a member has set going last, which cannot be undone. */
export type Sent = { at: Date } & (
  | { kind: 'order'; symbol: string; side: Side; quantity: Big; state: OrderState; number?: number }
  | { kind: 'scaleout'; symbol: string; side: Side; quantity: Big; isRunning: boolean }
  /** An order for later; `what` it does, in words. */
  | { kind: 'later'; what: string; number: number; isWaiting: boolean }
)

/** The last order, scaleout or order for later that a member asked for. */
export async function lastSent(db: Db, accountId: number, memberId: number): Promise<Sent | undefined> {
  const { rows } = await sql<{
    kind: Sent['kind']
    at: Date
    symbol: string
    side: Side
    quantity: string
    what: string
    state: string
    number: number
  }>`
    (select 'order' as kind, created_at as at, symbol, side, quantity, '' as what, state, number
      from orders
      where account_id = ${accountId} and member_id = ${memberId} and purpose in ('close', 'trim', 'open')
      order by id desc limit 1)
    union all
    (select 'scaleout', started_at, symbol, side, total_quantity, '', state, null
      from scaleouts where account_id = ${accountId} and member_id = ${memberId}
      order by id desc limit 1)
    union all
    (select 'later', created_at, symbol, null, null, what, state, task_number
      from scheduled_orders where account_id = ${accountId} and member_id = ${memberId}
      order by id desc limit 1)
    order by at desc limit 1`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { kind, at, symbol, side, state, what, number } = row
  if (kind === 'later') return { kind, at, what, number, isWaiting: state === 'waiting' }
  const about = { at, symbol, side, quantity: new Big(row.quantity) }
  return kind === 'order'
    ? { ...about, kind, state: state as OrderState, number: number ?? undefined }
    : { ...about, kind, isRunning: state === 'running' || state === 'paused' }
}

/** Takes the fills of recorded orders out of the ledger again; the orders stay, as undone. */
export async function voidRecorded(trx: Trx, clientOrderIds: string[]): Promise<void> {
  const orders = await trx
    .updateTable('orders')
    .set({ state: 'cancelled', rejected_because: 'undone' })
    .where(sql<boolean>`client_order_id = any(${clientOrderIds}::text[])`)
    .where('purpose', '=', 'record')
    .returning('id')
    .execute()
  const ids = orders.map((order) => order.id)
  await sql`delete from fills where order_id = any(${ids}::bigint[])`.execute(trx)
}
