import { type RawBuilder, type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import { type Position, toPosition } from '../../positions/rows/positions.ts'
import { type Announcement, type Scaleout, type ScaleoutRow, scaleoutColumns, toScaleout } from './scaleouts.ts'

/** A chunk of a scaleout, as stored. */
export interface Chunk {
  id: number
  scaleoutId: number
  number: number
  quantity: Big
  dueAt: Date
  /** Goes up with each failed or replaced attempt, so that the next one has a client order id of its own. */
  attempt: number
  state: 'waiting' | 'done' | 'dropped'
  /** How often it was put off or cut because of a wide spread. */
  adapted: number
  /** Units sold (or bought back) so far by all its orders, with the dollars exchanged and the realized P&L. */
  soldQuantity: Big
  proceeds: Big
  realizedPnl: Big
}

/** A chunk with its scaleout, and everything else that its next step depends on. */
export interface ChunkInPlace {
  position: Position
  scaleout: Scaleout
  chunk: Chunk
  /** The next waiting chunk. */
  next?: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>
  /** The live order of the chunk. */
  liveOrder?: number
  /** The broker shows another quantity of the symbol than the desk, so nothing is sold in parts now. */
  isFrozen: boolean
  /** Absent for a scaleout of a group. */
  announcement?: Announcement
}

/** Chunks in their present state, read at one moment; unknown ids are missing. */
export async function findChunks(db: Db, ids: number[]): Promise<Map<number, ChunkInPlace>> {
  return chunksInPlace(db, ids, sql``)
}

/**
 * Locks chunks and their scaleouts. A statement before this one has locked the positions, so this one sees the changes of the
 * last holders of those locks.
 */
export async function lockChunks(trx: Trx, ids: number[]): Promise<Map<number, ChunkInPlace>> {
  return chunksInPlace(trx, ids, sql`for no key update of s, c`)
}

/** Locks one chunk of a locked position, and its scaleout. */
export async function lockChunk(trx: Trx, position: Position, id: number): Promise<ChunkInPlace> {
  const locked = (await lockChunks(trx, [id])).get(id)
  if (locked?.position.id !== position.id) throw new Error(`Position ${position.id} has no chunk ${id}`)
  return locked
}

type ChunkRow = ScaleoutRow & {
  chunk_id: number
  number: number
  quantity: string
  due_at: Date
  attempt: number
  adapted: number
  chunk_state: Chunk['state']
  signed_quantity: string
  open_cost: string
  working_quantity: string
  resting_quantity: string
  missing_quantity: string
  protecting_quantity: string
  version: number
  opened_at: Date
  closed_at: Date | null
  position_pnl: string
  position_conversation: number | null
  live_order: number | null
  is_frozen: boolean
  chunk_sold: string
  chunk_proceeds: string
  chunk_pnl: string
  next_id: number | null
  next_attempt: number | null
  next_due_at: Date | null
  announcement: number | null
  announced: string | null
}

async function chunksInPlace(db: Db, ids: number[], lock: RawBuilder<unknown>): Promise<Map<number, ChunkInPlace>> {
  const { rows } = await sql<ChunkRow>`
    select ${scaleoutColumns}, c.id as chunk_id, c.number, c.quantity, c.due_at, c.attempt, c.adapted, c.state as chunk_state,
      p.signed_quantity, p.open_cost, p.working_quantity, p.resting_quantity, p.missing_quantity, p.protecting_quantity, p.version,
      p.opened_at, p.closed_at,
      p.realized_pnl as position_pnl, p.conversation_id as position_conversation,
      c.sold_quantity as chunk_sold, c.proceeds as chunk_proceeds, c.realized_pnl as chunk_pnl,
      (select id from orders where chunk_id = c.id and state = any(${[...liveStates]}::text[]) limit 1) as live_order,
      exists (select from book_gaps where account_id = p.account_id and symbol = p.symbol and ended_at is null
        and (state in ('open', 'ignored') or is_split_like)) as is_frozen,
      next.id as next_id, next.attempt as next_attempt, next.due_at as next_due_at,
      announcement.id as announcement, announcement.body ->> 'text' as announced
    from scaleout_chunks c
    join scaleouts s on s.id = c.scaleout_id
    join positions p on p.id = s.position_id
    left join lateral (select id, attempt, due_at from scaleout_chunks
      where scaleout_id = s.id and number > c.number and state = 'waiting' order by number limit 1) next on true
    left join lateral (select id, body from replies
      where scaleout_id = s.id and kind = 'post' order by id limit 1) announcement on s.group_id is null
    where c.id = any(${ids}::bigint[])
    ${lock}`.execute(db)
  return new Map(rows.map((row) => [row.chunk_id, toChunkInPlace(row)]))
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
    chunk: toChunk({
      ...row,
      id: row.chunk_id,
      scaleout_id: row.id,
      state: row.chunk_state,
      sold_quantity: row.chunk_sold,
      proceeds: row.chunk_proceeds,
      realized_pnl: row.chunk_pnl,
    }),
    next: next_id === null ? undefined : { id: next_id, attempt: next_attempt!, dueAt: next_due_at! },
    liveOrder: row.live_order ?? undefined,
    isFrozen: row.is_frozen,
    announcement: announcement === null ? undefined : { row: announcement, text: announced! },
  }
}

/** The first waiting chunk of each running or paused scaleout; each should have a job on the clock. */
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

/** Records a failed attempt at a chunk: the scaleout pauses, and the chunk is due again at `retryAt`. */
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

/** Records that a locked scaleout waits until the market has prices. */
export async function noteWaitsForPrices(trx: Trx, scaleoutId: number): Promise<void> {
  await trx
    .updateTable('scaleouts')
    .set({ state: 'paused', waits_for_prices: true })
    .where('id', '=', scaleoutId)
    .execute()
}

/** Records that the thread was told of the wait for a price within the floor or cap. */
export async function noteBoundTold(trx: Trx, scaleoutId: number): Promise<void> {
  await trx.updateTable('scaleouts').set({ bound_told: true }).where('id', '=', scaleoutId).execute()
}

/** Records that prices are back. A scaleout that waited only for them runs again. */
export async function notePricesAreBack(trx: Trx, { id, errorsInARow }: Scaleout): Promise<void> {
  await trx
    .updateTable('scaleouts')
    .set({ state: errorsInARow > 0 ? 'paused' : 'running', waits_for_prices: false })
    .where('id', '=', id)
    .execute()
}

/** Converts a row to a chunk. */
export function toChunk(row: Omit<Selectable<Database['scaleout_chunks']>, 'delay_ms' | 'done_at'>): Chunk {
  return {
    id: row.id,
    scaleoutId: row.scaleout_id,
    number: row.number,
    quantity: new Big(row.quantity),
    dueAt: row.due_at,
    attempt: row.attempt,
    state: row.state,
    adapted: row.adapted,
    soldQuantity: new Big(row.sold_quantity),
    proceeds: new Big(row.proceeds),
    realizedPnl: new Big(row.realized_pnl),
  }
}
