import type { Selectable } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import type { Side } from '../trading/position.ts'
import type { Position } from './positions.ts'
import { type Announcement, type Scaleout, toScaleout } from './scaleouts.ts'

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

/** A locked chunk of a locked position, with its scaleout, the chunk that waits behind it, and the message that announced them. */
export interface LockedChunk {
  scaleout: Scaleout
  chunk: Chunk
  next?: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>
  announcement?: Announcement
}

/** Locks a chunk and its scaleout; their position has been locked before, in a statement of its own, so that what is read here is what the last holder of that lock left. */
export async function lockChunk(trx: Trx, position: Position, chunkId: number): Promise<LockedChunk> {
  const row = await trx
    .selectFrom('scaleout_chunks as c')
    .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .leftJoinLateral(
      (db) =>
        db
          .selectFrom('scaleout_chunks')
          .select(['id as next_id', 'attempt as next_attempt', 'due_at as next_due_at'])
          .whereRef('scaleout_id', '=', 's.id')
          .whereRef('number', '>', 'c.number')
          .where('state', '=', 'waiting')
          .orderBy('number')
          .limit(1)
          .as('next'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (db) =>
        db
          .selectFrom('replies')
          .select(['id as announcement', 'body'])
          .whereRef('scaleout_id', '=', 's.id')
          .where('kind', '=', 'post')
          .orderBy('id')
          .limit(1)
          .as('announced'),
      (join) => join.onTrue(),
    )
    .selectAll(['s', 'next', 'announced'])
    .select(['c.id as chunk_id', 'c.number', 'c.quantity', 'c.due_at', 'c.attempt', 'c.state as chunk_state'])
    .where('c.id', '=', chunkId)
    .where('s.position_id', '=', position.id)
    .forUpdate(['s', 'c'])
    .executeTakeFirstOrThrow()
  return {
    scaleout: toScaleout(row),
    chunk: toChunk({ ...row, id: row.chunk_id, scaleout_id: row.id, state: row.chunk_state }),
    next: row.next_id === null ? undefined : { id: row.next_id, attempt: row.next_attempt!, dueAt: row.next_due_at! },
    announcement: row.announcement === null ? undefined : { row: row.announcement, text: row.body!.text },
  }
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
export function toChunk(row: Omit<Selectable<Database['scaleout_chunks']>, 'delay_ms' | 'done_at'>): Chunk {
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
