import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { ScaleoutState } from '../../../infra/db/scaleout-tables.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Side } from '../../positions/rules/position.ts'
import type { Speed } from '../rules/scaleout-plan.ts'

/** A gradual exit from a position, as stored. */
export interface Scaleout {
  id: number
  positionId: number
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  side: Side
  speed: Speed
  totalQuantity: Big
  chunkCount: number
  /** The price at which it could have traded when it was asked for, in dollars. */
  decisionPrice: Big
  state: ScaleoutState
  doneChunks: number
  /** Quantity sold (or bought back) so far. */
  soldQuantity: Big
  /** Dollars exchanged so far. */
  proceeds: Big
  realizedPnl: Big
  errorsInARow: number
  /** It pauses until the market has prices again, and has reported that. */
  waitsForPrices: boolean
  endedBecause: string | null
  startedAt: Date
  endedAt: Date | null
  /** The group of scaleouts that were asked for together. */
  groupId: number | null
  /**
   * For a smart scaleout: the spread at its start in dollars, and the planned milliseconds that a chunk waits for a wide spread
   * to narrow.
   */
  smart?: { usualSpread: Big; deferMs: number }
  /** The member's own length in planned milliseconds; `speed` is then the nearest one. */
  lengthMs?: number
  bound?: StoredBound
}

/** The floor of a sale or the cap of a purchase, in dollars. Chunks wait beyond it, at most until then. */
export interface StoredBound {
  price: Big
  until: Date
  /** The thread was told that it waits. */
  isTold: boolean
}

/** The running or paused scaleout of a position. */
export async function runningScaleout(db: Db, positionId: number): Promise<Scaleout | undefined> {
  const row = await db
    .selectFrom('scaleouts')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', ['running', 'paused'])
    .executeTakeFirst()
  return row && toScaleout(row)
}

/**
 * Locks the running or paused scaleout of a locked position. Rows that only refer to it may be written meanwhile: a transaction
 * that holds the row of its group queues replies, and could otherwise deadlock with one that waits for the group.
 */
export async function lockRunningScaleout(trx: Trx, positionId: number): Promise<Scaleout | undefined> {
  const row = await trx
    .selectFrom('scaleouts')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', ['running', 'paused'])
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row && toScaleout(row)
}

/** Locks the running or paused scaleouts of many positions, by position id. */
export async function lockRunningScaleouts(trx: Trx, positionIds: number[]): Promise<Map<number, Scaleout>> {
  const { rows } = await sql<Selectable<Database['scaleouts']>>`
    select ${scaleoutColumns} from scaleouts s where position_id = any(${positionIds}::bigint[]) and state in ('running', 'paused')
    order by position_id for no key update`.execute(trx)
  return new Map(rows.map((row) => [row.position_id, toScaleout(row)]))
}

/** The running and paused scaleouts of an account, with the due time of their last chunk. */
export async function runningScaleouts(db: Db, accountId: number): Promise<(Scaleout & { endsAt: Date })[]> {
  const rows = await db
    .selectFrom('scaleouts as s')
    .innerJoin('scaleout_chunks as c', 'c.scaleout_id', 's.id')
    .selectAll('s')
    .select((eb) => eb.fn.max('c.due_at').as('ends_at'))
    .where('s.account_id', '=', accountId)
    .where('s.state', 'in', ['running', 'paused'])
    .groupBy('s.id')
    .orderBy('s.id')
    .execute()
  return rows.map((row) => ({ ...toScaleout(row), endsAt: row.ends_at }))
}

/** Ends a locked scaleout and drops its waiting chunks. */
export async function endScaleout(
  trx: Trx,
  scaleout: Scaleout,
  state: 'complete' | 'cancelled' | 'stopped',
  because: string | null,
  at: Date,
): Promise<void> {
  await trx
    .with('dropped', (db) =>
      db
        .updateTable('scaleout_chunks')
        .set({ state: 'dropped' })
        .where('scaleout_id', '=', scaleout.id)
        .where('state', '=', 'waiting'),
    )
    .updateTable('scaleouts')
    .set({ state, ended_because: because, ended_at: at })
    .where('id', '=', scaleout.id)
    .execute()
}

/** The message that announced a scaleout: its outbox row and its first text, which is kept up to date. */
export interface Announcement {
  row: number
  text: string
}

/** The announcement of a scaleout. */
export async function announcementOf(trx: Trx, scaleoutId: number): Promise<Announcement | undefined> {
  const row = await trx
    .selectFrom('replies')
    .select(['id', 'body'])
    .where('scaleout_id', '=', scaleoutId)
    .where('kind', '=', 'post')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && { row: row.id, text: row.body.text }
}

/** The columns of `scaleouts s` that `toScaleout` reads, for statements that name their columns (see `positionColumns`). */
export const scaleoutColumns = sql.raw(
  's.id, s.position_id, s.account_id, s.member_id, s.conversation_id, s.symbol, s.side, s.speed, s.total_quantity, s.chunk_count, s.decision_price, s.state, s.done_chunks, s.sold_quantity, s.proceeds, s.realized_pnl, s.errors_in_a_row, s.waits_for_prices, s.ended_because, s.started_at, s.ended_at, s.group_id, s.usual_spread, s.defer_ms, s.length_ms, s.bound_price, s.bound_until, s.bound_told',
)

export type ScaleoutRow = Pick<
  Selectable<Database['scaleouts']>,
  | 'id'
  | 'position_id'
  | 'account_id'
  | 'member_id'
  | 'conversation_id'
  | 'symbol'
  | 'side'
  | 'speed'
  | 'total_quantity'
  | 'chunk_count'
  | 'decision_price'
  | 'state'
  | 'done_chunks'
  | 'sold_quantity'
  | 'proceeds'
  | 'realized_pnl'
  | 'errors_in_a_row'
  | 'waits_for_prices'
  | 'ended_because'
  | 'started_at'
  | 'ended_at'
  | 'group_id'
  | 'usual_spread'
  | 'defer_ms'
  | 'length_ms'
  | 'bound_price'
  | 'bound_until'
  | 'bound_told'
>

/** Converts a row to a scaleout. */
export function toScaleout(row: ScaleoutRow): Scaleout {
  return {
    id: row.id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    side: row.side,
    speed: row.speed,
    totalQuantity: new Big(row.total_quantity),
    chunkCount: row.chunk_count,
    decisionPrice: new Big(row.decision_price),
    state: row.state,
    doneChunks: row.done_chunks,
    soldQuantity: new Big(row.sold_quantity),
    proceeds: new Big(row.proceeds),
    realizedPnl: new Big(row.realized_pnl),
    errorsInARow: row.errors_in_a_row,
    waitsForPrices: row.waits_for_prices,
    endedBecause: row.ended_because,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    groupId: row.group_id,
    smart:
      row.usual_spread === null || row.defer_ms === null
        ? undefined
        : { usualSpread: new Big(row.usual_spread), deferMs: row.defer_ms },
    lengthMs: row.length_ms ?? undefined,
    bound:
      row.bound_price === null || row.bound_until === null
        ? undefined
        : { price: new Big(row.bound_price), until: row.bound_until, isTold: row.bound_told },
  }
}

/** The symbol, people and rows that an event about a scaleout refers to. */
export function aboutScaleout({ id, symbol, accountId, memberId, positionId, conversationId }: Scaleout) {
  return { symbol, accountId, memberId, positionId, scaleoutId: id, conversationId }
}
