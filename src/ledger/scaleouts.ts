import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database, ScaleoutState, Speed } from '../db/schema.ts'
import { Big, sum } from '../trading/amounts.ts'
import { closingSide } from '../trading/position.ts'
import type { PlannedChunk } from '../trading/scaleout-plan.ts'
import type { Side } from '../venue/venue.ts'
import type { Position } from './positions.ts'

/** A gradual exit as it stands in the database. */
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
  /** The price it could have traded at when it was asked for, in dollars. */
  decisionPrice: Big
  state: ScaleoutState
  doneChunks: number
  /** Quantity sold, or bought back, so far. */
  soldQuantity: Big
  /** Dollars exchanged so far. */
  proceeds: Big
  realizedPnl: Big
  errorsInARow: number
  endedBecause: string | null
  startedAt: Date
  endedAt: Date | null
}

/** One slice as it stands in the database. */
export interface Chunk {
  id: number
  scaleoutId: number
  number: number
  quantity: Big
  dueAt: Date
  /** Goes up when the venue refused, so that the next try is an order of its own. */
  attempt: number
  state: 'waiting' | 'done' | 'dropped'
}

/** Who wants a scaleout of which position, and how. */
export interface ScaleoutRequest {
  memberId: number
  conversationId: number
  speed: Speed
  seed: number
  timeScale: number
  decisionPrice: Big
}

/** Saves a scaleout of a locked position with every due time. Due times are real: planned waits over the time scale. */
export async function saveScaleout(
  trx: Trx,
  position: Position,
  request: ScaleoutRequest,
  plan: PlannedChunk[],
  at: Date,
): Promise<{ scaleout: Scaleout; chunks: Chunk[] }> {
  const row = await trx
    .insertInto('scaleouts')
    .values({
      position_id: position.id,
      account_id: position.accountId,
      member_id: request.memberId,
      conversation_id: request.conversationId,
      symbol: position.symbol,
      side: closingSide(position.signedQuantity),
      speed: request.speed,
      seed: request.seed,
      time_scale: String(request.timeScale),
      total_quantity: sum(plan.map((chunk) => chunk.quantity)).toFixed(),
      chunk_count: plan.length,
      decision_price: request.decisionPrice.toFixed(),
      state: 'running',
      started_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  let due = at.getTime()
  const chunks = await trx
    .insertInto('scaleout_chunks')
    .values(
      plan.map((chunk) => {
        due += chunk.delayMs / request.timeScale
        return {
          scaleout_id: row.id,
          number: chunk.number,
          quantity: chunk.quantity.toFixed(),
          delay_ms: chunk.delayMs,
          due_at: new Date(due),
        }
      }),
    )
    .returningAll()
    .execute()
  return { scaleout: toScaleout(row), chunks: chunks.map(toChunk).sort((a, b) => a.number - b.number) }
}

/** The scaleout that is running or paused on a position. */
export async function runningScaleout(db: Db, positionId: number): Promise<Scaleout | undefined> {
  const row = await db
    .selectFrom('scaleouts')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', ['running', 'paused'])
    .executeTakeFirst()
  return row && toScaleout(row)
}

/** Locks the scaleout that is running or paused on a locked position. */
export async function lockRunningScaleout(trx: Trx, positionId: number): Promise<Scaleout | undefined> {
  const row = await trx
    .selectFrom('scaleouts')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', ['running', 'paused'])
    .forUpdate()
    .executeTakeFirst()
  return row && toScaleout(row)
}

/** Scaleouts of an account that run or are paused, with the time of their last chunk. */
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

/** Scaleouts of an account that have ended, newest first. */
export async function endedScaleouts(db: Db, accountId: number, count: number): Promise<Scaleout[]> {
  const rows = await db
    .selectFrom('scaleouts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', 'not in', ['running', 'paused'])
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.map(toScaleout)
}

/** Does any scaleout run or wait, in any account? */
export async function anyScaleoutRuns(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('scaleouts')
    .select('id')
    .where('state', 'in', ['running', 'paused'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Locks a chunk's position, then its scaleout and the chunk itself. */
export async function lockChunk(
  trx: Trx,
  position: Position,
  chunkId: number,
): Promise<{ scaleout: Scaleout; chunk: Chunk }> {
  const chunk = await trx
    .selectFrom('scaleout_chunks')
    .selectAll()
    .where('id', '=', chunkId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const scaleout = await lockScaleout(trx, position, chunk.scaleout_id)
  return { scaleout, chunk: toChunk(chunk) }
}

/** Locks a scaleout of a locked position. */
export async function lockScaleout(trx: Trx, position: Position, id: number): Promise<Scaleout> {
  const row = await trx
    .selectFrom('scaleouts')
    .selectAll()
    .where('id', '=', id)
    .where('position_id', '=', position.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return toScaleout(row)
}

/** The position that a chunk takes from; undefined when there is no such chunk. */
export async function positionOfChunk(
  db: Db,
  chunkId: number,
): Promise<{ positionId: number; symbol: string; side: Side } | undefined> {
  return db
    .selectFrom('scaleout_chunks as c')
    .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .select(['s.position_id as positionId', 's.symbol', 's.side'])
    .where('c.id', '=', chunkId)
    .executeTakeFirst()
}

/** The order of a chunk that is still working. */
export async function workingOrderOfChunk(trx: Trx, chunkId: number): Promise<number | undefined> {
  const row = await trx
    .selectFrom('orders')
    .select('id')
    .where('chunk_id', '=', chunkId)
    .where('state', '=', 'working')
    .executeTakeFirst()
  return row?.id
}

/** Notes that a chunk was filled, and adds it up. A chunk that had failed before brings the scaleout back to running. */
export async function noteChunkDone(
  trx: Trx,
  chunkId: number,
  scaleout: Scaleout,
  fill: { quantity: Big; price: Big; realizedPnl: Big },
  at: Date,
): Promise<Scaleout> {
  const row = await trx
    .with('done', (db) =>
      db.updateTable('scaleout_chunks').set({ state: 'done', done_at: at }).where('id', '=', chunkId),
    )
    .updateTable('scaleouts')
    .set({
      done_chunks: scaleout.doneChunks + 1,
      sold_quantity: scaleout.soldQuantity.plus(fill.quantity).toFixed(),
      proceeds: scaleout.proceeds.plus(fill.quantity.times(fill.price)).toFixed(),
      realized_pnl: scaleout.realizedPnl.plus(fill.realizedPnl).toFixed(),
      errors_in_a_row: 0,
      ...(scaleout.state === 'paused' ? { state: 'running' as const } : {}),
    })
    .where('id', '=', scaleout.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toScaleout(row)
}

/** Moves every waiting chunk of a scaleout later: what is overdue goes now, the ones behind it keep their spacing. */
export async function postponeChunks(trx: Trx, scaleoutId: number, byMs: number): Promise<void> {
  await trx
    .updateTable('scaleout_chunks')
    .set({ due_at: sql<Date>`due_at + ${`${Math.round(byMs)} milliseconds`}::interval` })
    .where('scaleout_id', '=', scaleoutId)
    .where('state', '=', 'waiting')
    .execute()
}

/** The first chunk of a scaleout that still waits. */
export async function nextChunk(trx: Trx, scaleoutId: number): Promise<Chunk | undefined> {
  const row = await trx
    .selectFrom('scaleout_chunks')
    .selectAll()
    .where('scaleout_id', '=', scaleoutId)
    .where('state', '=', 'waiting')
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
  return row && toChunk(row)
}

/** The first waiting chunk of every scaleout that runs: what the clock should have a job for. */
export async function waitingChunks(db: Db): Promise<Chunk[]> {
  const rows = await db
    .selectFrom('scaleout_chunks as c')
    .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .selectAll('c')
    .distinctOn('c.scaleout_id')
    .where('c.state', '=', 'waiting')
    .where('s.state', 'in', ['running', 'paused'])
    .orderBy('c.scaleout_id')
    .orderBy('c.number')
    .execute()
  return rows.map(toChunk)
}

/** Notes a failed attempt at a chunk: the scaleout pauses, and the chunk is due again at `retryAt`. */
export async function noteChunkError(
  trx: Trx,
  chunk: Chunk,
  scaleout: Scaleout,
  attempt: number,
  retryAt: Date,
): Promise<void> {
  await trx
    .with('paused', (db) =>
      db
        .updateTable('scaleouts')
        .set({ state: 'paused', errors_in_a_row: scaleout.errorsInARow + 1 })
        .where('id', '=', scaleout.id),
    )
    .updateTable('scaleout_chunks')
    .set({ attempt, due_at: retryAt })
    .where('id', '=', chunk.id)
    .execute()
}

/** Ends a locked scaleout; chunks that still wait are dropped. */
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

/** The row of the message that announced a scaleout; its text is kept up to date. */
export async function announcementOf(trx: Trx, scaleoutId: number): Promise<{ row: number; text: string } | undefined> {
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

function toScaleout(row: Selectable<Database['scaleouts']>): Scaleout {
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
    endedBecause: row.ended_because,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

function toChunk(row: Selectable<Database['scaleout_chunks']>): Chunk {
  return {
    id: row.id,
    scaleoutId: row.scaleout_id,
    number: row.number,
    quantity: new Big(row.quantity),
    dueAt: row.due_at,
    attempt: row.attempt,
    state: row.state,
  }
}
