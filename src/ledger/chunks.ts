import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import { type Position, toPosition } from './positions.ts'
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

/** A chunk with its scaleout, and all else that its next step depends on. */
export interface ChunkInPlace {
  position: Position
  scaleout: Scaleout
  chunk: Chunk
  /** The one that waits behind it. */
  next?: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>
  /** The order for it that is still working. */
  workingOrder?: number
  announcement?: Announcement
}

/** A chunk as it stands now, read at one moment; undefined when there is no such chunk. */
export async function findChunk(db: Db, chunkId: number): Promise<ChunkInPlace | undefined> {
  const row = await chunkInPlace(db, chunkId).executeTakeFirst()
  return row && toChunkInPlace(row)
}

/**
 * Locks a chunk and its scaleout. Their position is locked already, in a statement of its own, so that this one sees
 * what the last holder of that lock has left.
 */
export async function lockChunk(trx: Trx, position: Position, chunkId: number): Promise<ChunkInPlace> {
  const row = await chunkInPlace(trx, chunkId)
    .where('p.id', '=', position.id)
    .forUpdate(['s', 'c'])
    .executeTakeFirstOrThrow()
  return toChunkInPlace(row)
}

type ChunkRow = NonNullable<Awaited<ReturnType<ReturnType<typeof chunkInPlace>['executeTakeFirst']>>>

function chunkInPlace(db: Db, chunkId: number) {
  return db
    .selectFrom('scaleout_chunks as c')
    .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .innerJoin('positions as p', 'p.id', 's.position_id')
    .leftJoinLateral(
      (lateral) =>
        lateral
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
      (lateral) =>
        lateral
          .selectFrom('replies')
          .select(['id as announcement', 'body as announced'])
          .whereRef('scaleout_id', '=', 's.id')
          .where('kind', '=', 'post')
          .orderBy('id')
          .limit(1)
          .as('announcement'),
      (join) => join.onTrue(),
    )
    .selectAll(['s', 'next', 'announcement'])
    .select(['c.id as chunk_id', 'c.number', 'c.quantity', 'c.due_at', 'c.attempt', 'c.state as chunk_state'])
    .select(['p.signed_quantity', 'p.open_cost', 'p.working_quantity', 'p.version', 'p.opened_at', 'p.closed_at'])
    .select(['p.realized_pnl as position_pnl', 'p.conversation_id as position_conversation'])
    .select((eb) =>
      eb
        .selectFrom('orders as o')
        .select('o.id')
        .whereRef('o.chunk_id', '=', 'c.id')
        .where('o.state', '=', 'working')
        .as('working_order'),
    )
    .where('c.id', '=', chunkId)
}

function toChunkInPlace(row: ChunkRow): ChunkInPlace {
  const { next_id, next_attempt, next_due_at, announcement, announced } = row
  return {
    position: toPosition({
      ...row,
      id: row.position_id,
      realized_pnl: row.position_pnl,
      conversation_id: row.position_conversation,
    }),
    scaleout: toScaleout(row),
    chunk: toChunk({ ...row, id: row.chunk_id, scaleout_id: row.id, state: row.chunk_state }),
    next: next_id === null ? undefined : { id: next_id, attempt: next_attempt!, dueAt: next_due_at! },
    workingOrder: row.working_order ?? undefined,
    announcement: announcement === null ? undefined : { row: announcement, text: announced!.text },
  }
}

/** The first waiting chunk of every scaleout that runs: what the clock should have a job for. */
export async function waitingChunks(db: Db): Promise<Chunk[]> {
  const rows = await db
    .selectFrom('scaleouts as s')
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('scaleout_chunks as c')
          .selectAll('c')
          .whereRef('c.scaleout_id', '=', 's.id')
          .where('c.state', '=', 'waiting')
          .orderBy('c.number')
          .limit(1)
          .as('first'),
      (join) => join.onTrue(),
    )
    .selectAll('first')
    .where('s.state', 'in', ['running', 'paused'])
    .orderBy('s.id')
    .execute()
  return rows.map(toChunk)
}

/** Moves the chunks behind one later: what is overdue goes now, the others keep their spacing. */
export async function postponeChunksBehind(trx: Trx, chunk: Chunk, byMs: number): Promise<void> {
  await trx
    .updateTable('scaleout_chunks')
    .set({ due_at: sql<Date>`due_at + ${byMs} * interval '1 millisecond'` })
    .where('scaleout_id', '=', chunk.scaleoutId)
    .where('number', '>', chunk.number)
    .where('state', '=', 'waiting')
    .execute()
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
