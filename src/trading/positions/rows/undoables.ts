import { sql } from 'kysely'
import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { OrderState } from '../../orders/rules/order-lifecycle.ts'
import type { PartLevel } from '../../protection/rows/part-levels.ts'
import type { Protection, ProtectiveOrder } from '../../protection/rows/protective-orders.ts'
import type { Correction } from '../rules/equity-curve.ts'
import type { Side } from '../rules/position.ts'
import { adjustmentsOf } from './position-adjustments.ts'
import type { Position } from './positions.ts'

const decimal = z.string()
const id = z.number().int()

/** The former state of a level, to set it again. */
const level = z.object({
  kind: z.enum(['stop', 'target']),
  price: decimal,
  trail: z.object({ share: decimal, dollars: decimal.optional(), bestPrice: decimal }).optional(),
})

/** The former state of a level of a part. */
const part = z.object({ kind: z.enum(['stop', 'target']), price: decimal, quantity: decimal })

/** The state needed to undo a recording. */
export const recordState = z.object({
  positionId: id,
  /** The position's version after the recording. Undo requires this version. */
  version: id,
  /** The position that was open before; absent when none was. */
  before: z.object({ positionId: id, signedQuantity: decimal, openCost: decimal, realizedPnl: decimal }).optional(),
  /** The holding after an update. No fill records it, so rebuilding a position from its fills needs it, too. */
  corrected: z.object({ signedQuantity: decimal, openCost: decimal }).optional(),
  /** Client ids of the orders whose fills the recording wrote. */
  clientOrderIds: z.array(z.string()),
  /** Levels that ended with the old position. */
  lost: z.array(level),
  /** Levels of parts that ended with it. */
  lostParts: z.array(part).optional(),
  /** Dollars by which the recording moved the start of the day. */
  brought: decimal,
})

/** The state needed to undo a change of levels. */
export const levelsState = z.object({
  positionId: id,
  levels: z.array(z.object({ kind: z.enum(['stop', 'target']), isNow: id.nullable(), was: level.optional() })),
  /** The levels of parts that were set, and those that ended. */
  parts: z.object({ set: z.array(id), ended: z.array(part) }).optional(),
})

export type RecordState = z.infer<typeof recordState>
export type LevelsState = z.infer<typeof levelsState>
export type KeptLevel = z.infer<typeof level>
export type KeptPart = z.infer<typeof part>

/** An undoable act of a member: a recording or a change of levels. */
export type NewUndoable = {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** A description of the act in words. */
  what: string
  at: Date
} & ({ kind: 'record'; state: RecordState } | { kind: 'levels'; state: LevelsState })

/** A stored undoable act. */
export type Undoable = NewUndoable & { id: number; undoneAt?: Date }

/** The stored form of a holding. */
export function keptHolding({ id: positionId, ...holding }: Position): NonNullable<RecordState['before']> {
  return {
    positionId,
    signedQuantity: holding.signedQuantity.toFixed(),
    openCost: holding.openCost.toFixed(),
    realizedPnl: holding.realizedPnl.toFixed(),
  }
}

/** The stored form of the levels that a change ended. */
export function keptLevels(before: Protection, after: Protection): KeptLevel[] {
  const levels = [before.stop, before.target].filter((one) => one !== undefined)
  return levels.filter((one) => after[one.kind]?.id !== one.id).map(keptLevel)
}

/** The stored form of a level. */
export function keptLevel({ kind, price, trail }: ProtectiveOrder): KeptLevel {
  const kept = { kind, price: price.toFixed() }
  if (!trail) return kept
  const { share, dollars, bestPrice } = trail
  const inDollars = dollars && { dollars: dollars.toFixed() }
  return { ...kept, trail: { share: share.toFixed(), ...inDollars, bestPrice: bestPrice.toFixed() } }
}

/** The stored form of the levels of parts that a change ended. */
export function keptParts(before: Protection, after: Protection): KeptPart[] {
  return (before.parts ?? []).filter(({ id }) => !after.parts?.some((one) => one.id === id)).map(keptPart)
}

/** The stored form of a level of a part. */
export function keptPart({ kind, price, quantity }: PartLevel): KeptPart {
  return { kind, price: price.toFixed(), quantity: quantity.toFixed() }
}

/** Saves the state for an undo, in the transaction of the act. */
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

/** The last undoable act of a member in an account, in any conversation. */
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

/** Corrections of an account's positions: by updates that were not undone, and by corporate actions. */
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

/** Was it undone before? The caller has locked its position, so nobody undoes it meanwhile. */
export async function isUndone(trx: Trx, undoableId: number): Promise<boolean> {
  const row = await trx.selectFrom('undoables').select('undone_at').where('id', '=', undoableId).executeTakeFirst()
  return row !== undefined && row.undone_at !== null
}

/** Notes that an act was undone. */
export async function noteUndone(trx: Trx, undoableId: number, at: Date): Promise<void> {
  await trx.updateTable('undoables').set({ undone_at: at }).where('id', '=', undoableId).execute()
}

/** The last undoable act of another member in a conversation since a moment, with the member's name. */
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

/** The last act of a member that cannot be undone. */
export type Sent = { at: Date } & (
  | { kind: 'order'; symbol: string; side: Side; quantity: Big; state: OrderState; number?: number }
  | { kind: 'scaleout'; symbol: string; side: Side; quantity: Big; isRunning: boolean }
  /** An order for later; `what` describes it in words. */
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

/** Deletes the fills of recorded orders from the ledger; the orders stay, marked as undone. */
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
