import { sql } from 'kysely'
import type { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { Chunk } from './chunks.ts'
import type { Scaleout } from './scaleouts.ts'

/** The change of a locked scaleout by a fill, or by the end, of a chunk's order. */
export interface ScaleoutMove {
  /** The chunk in its new state. A `done` chunk no longer waits; the waiting chunks of a complete scaleout are dropped. */
  chunk: Chunk
  scaleout: Scaleout
  /** The postponement of the later chunks, in milliseconds. */
  postponeMs: number
  /** The share of their distance from this chunk that the later chunks keep, from 0 to 1. */
  squeeze: number
  /** The unsold quantity of this chunk, and the id of the chunk that takes it. */
  leaves?: { to: number; quantity: Big }
}

/**
 * Writes moves in one statement, since this is the most frequent write of a busy desk. A chunk or scaleout may occur in only
 * one of them.
 */
export async function moveScaleouts(trx: Trx, moves: ScaleoutMove[], at: Date): Promise<void> {
  const given = moves.map(({ chunk, scaleout, postponeMs, squeeze, leaves }) => ({
    chunk_id: chunk.id,
    number: chunk.number,
    chunk_state: chunk.state,
    attempt: chunk.attempt,
    due_at: chunk.dueAt,
    chunk_sold: chunk.soldQuantity.toFixed(),
    chunk_proceeds: chunk.proceeds.toFixed(),
    chunk_pnl: chunk.realizedPnl.toFixed(),
    postpone_ms: postponeMs,
    squeeze,
    leaves_to: leaves?.to ?? null,
    leaves: leaves?.quantity.toFixed() ?? '0',
    scaleout_id: scaleout.id,
    scaleout_state: scaleout.state,
    done_chunks: scaleout.doneChunks,
    sold_quantity: scaleout.soldQuantity.toFixed(),
    proceeds: scaleout.proceeds.toFixed(),
    scaleout_pnl: scaleout.realizedPnl.toFixed(),
    errors_in_a_row: scaleout.errorsInARow,
    completes: scaleout.state === 'complete',
  }))
  // The ids are passed as arrays, too: the planner would scan the whole table for the join alone.
  const chunkIds = moves.map(({ chunk }) => chunk.id)
  const scaleoutIds = moves.map(({ scaleout }) => scaleout.id)
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
        chunk_id bigint, number int, chunk_state text, attempt int, due_at timestamptz, chunk_sold numeric,
        chunk_proceeds numeric, chunk_pnl numeric, postpone_ms float8, squeeze float8, leaves_to bigint, leaves numeric,
        scaleout_id bigint, scaleout_state text, done_chunks int, sold_quantity numeric, proceeds numeric,
        scaleout_pnl numeric, errors_in_a_row int, completes boolean)
    ), moved as (
      update scaleout_chunks c set state = g.chunk_state, attempt = g.attempt, due_at = g.due_at,
        sold_quantity = g.chunk_sold, proceeds = g.chunk_proceeds, realized_pnl = g.chunk_pnl,
        done_at = case when g.chunk_state = 'done' then coalesce(c.done_at, ${at}::timestamptz) else c.done_at end
      from given g where c.id = g.chunk_id and c.id = any(${chunkIds}::bigint[])
    ), behind as (
      update scaleout_chunks c set state = case when g.completes then 'dropped' else c.state end,
        due_at = g.due_at + (c.due_at - g.due_at) * g.squeeze + g.postpone_ms * interval '1 millisecond',
        quantity = c.quantity + case when c.id = g.leaves_to then g.leaves else 0 end
      from given g
      where c.scaleout_id = g.scaleout_id and c.scaleout_id = any(${scaleoutIds}::bigint[]) and c.state = 'waiting'
        and c.id <> g.chunk_id and (g.completes or (c.number > g.number and (g.postpone_ms > 0 or c.id = g.leaves_to)))
    )
    update scaleouts s set state = g.scaleout_state, done_chunks = g.done_chunks, sold_quantity = g.sold_quantity,
      proceeds = g.proceeds, realized_pnl = g.scaleout_pnl, errors_in_a_row = g.errors_in_a_row,
      waits_for_prices = s.waits_for_prices and g.scaleout_state = 'paused',
      ended_at = case when g.completes then coalesce(s.ended_at, ${at}::timestamptz) else s.ended_at end
    from given g where s.id = g.scaleout_id and s.id = any(${scaleoutIds}::bigint[])`.execute(trx)
}
