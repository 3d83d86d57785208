import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import type { Side } from '../trading/position.ts'
import type { Position } from './positions.ts'
import { lockScaleout, type Scaleout, toScaleout } from './scaleouts.ts'

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

/** A row as a chunk. */
export function toChunk(row: Selectable<Database['scaleout_chunks']>): Chunk {
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
