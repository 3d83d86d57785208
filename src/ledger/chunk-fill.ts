import { sql } from 'kysely'
import type { Trx } from '../db/client.ts'
import type { Big } from '../trading/amounts.ts'
import type { VenueFill } from '../venue/venue.ts'
import type { Chunk } from './chunks.ts'
import { unprotectedInsert } from './follow-position.ts'
import type { Order, RecordedFill } from './orders.ts'
import type { editRow, postRow } from './replies.ts'
import type { Scaleout } from './scaleouts.ts'

/** A scaleout with one more chunk filled. A chunk that had failed before brings it back to running. */
export function addChunkFill(scaleout: Scaleout, filled: { quantity: Big; price: Big; realizedPnl: Big }): Scaleout {
  return {
    ...scaleout,
    doneChunks: scaleout.doneChunks + 1,
    soldQuantity: scaleout.soldQuantity.plus(filled.quantity),
    proceeds: scaleout.proceeds.plus(filled.quantity.times(filled.price)),
    realizedPnl: scaleout.realizedPnl.plus(filled.realizedPnl),
    errorsInARow: 0,
    state: scaleout.state === 'paused' ? 'running' : scaleout.state,
  }
}

/** All that a filled chunk changes, beside its events. */
export interface ChunkFill {
  order: Order
  fill: VenueFill
  recorded: RecordedFill
  chunk: Chunk
  /** As the fill leaves it; chunks of a complete one that still wait are dropped. */
  scaleout: Scaleout
  /** How much later the chunks behind this one become due. */
  postponeMs: number
  /** What is said. */
  replies: (ReturnType<typeof postRow> | ReturnType<typeof editRow>)[]
}

/** Writes filled chunks down, in one statement: it is what a busy desk does most. Their positions and they are locked. */
export async function recordChunkFills(trx: Trx, filled: ChunkFill[], at: Date): Promise<void> {
  const given = filled.map(({ order, fill, recorded: { position, realizedPnl }, chunk, scaleout, postponeMs }) => ({
    order_id: order.id,
    venue_fill_id: fill.venueFillId,
    account_id: order.accountId,
    symbol: order.symbol,
    side: order.side,
    quantity: fill.quantity.toFixed(),
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    realized_pnl: realizedPnl.toFixed(),
    filled_at: fill.filledAt,
    position_id: position.id,
    signed_quantity: position.signedQuantity.toFixed(),
    open_cost: position.openCost.toFixed(),
    position_pnl: position.realizedPnl.toFixed(),
    working_quantity: position.workingQuantity.toFixed(),
    version: position.version,
    chunk_id: chunk.id,
    number: chunk.number,
    postpone_ms: postponeMs,
    scaleout_id: scaleout.id,
    scaleout_state: scaleout.state,
    done_chunks: scaleout.doneChunks,
    sold_quantity: scaleout.soldQuantity.toFixed(),
    proceeds: scaleout.proceeds.toFixed(),
    scaleout_pnl: scaleout.realizedPnl.toFixed(),
    errors_in_a_row: scaleout.errorsInARow,
    completes: scaleout.state === 'complete',
  }))
  // The ids are there as arrays, too: a join alone would be planned as a walk through the whole table.
  const orderIds = filled.map(({ order }) => order.id)
  const positionIds = filled.map(({ order }) => order.positionId)
  const chunkIds = filled.map(({ chunk }) => chunk.id)
  const scaleoutIds = filled.map(({ scaleout }) => scaleout.id)
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
        order_id bigint, venue_fill_id text, account_id bigint, symbol text, side text, quantity numeric, price numeric,
        commission numeric, realized_pnl numeric, filled_at timestamptz,
        position_id bigint, signed_quantity numeric, open_cost numeric, position_pnl numeric, working_quantity numeric,
        version int, chunk_id bigint, number int, postpone_ms float8,
        scaleout_id bigint, scaleout_state text, done_chunks int, sold_quantity numeric, proceeds numeric,
        scaleout_pnl numeric, errors_in_a_row int, completes boolean)
    ), filled as (
      update orders o set state = 'filled' from given g where o.id = g.order_id and o.id = any(${orderIds}::bigint[])
    ), fill as (
      insert into fills (venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at)
      select venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at
      from given
    ), moved as (
      update positions p set signed_quantity = g.signed_quantity, open_cost = g.open_cost,
        realized_pnl = g.position_pnl, working_quantity = g.working_quantity, version = g.version,
        closed_at = case when g.signed_quantity = 0 then g.filled_at end
      from given g where p.id = g.position_id and p.id = any(${positionIds}::bigint[])
    ), protection as (
      -- A chunk takes from a position and never turns it round.
      update protective_orders o set
        quantity = case when g.signed_quantity = 0 then o.quantity else abs(g.signed_quantity) end,
        state = case when g.signed_quantity = 0 then 'cancelled' else o.state end,
        ended_because = case when g.signed_quantity = 0 then 'the position is closed' end,
        ended_at = case when g.signed_quantity = 0 then g.filled_at end
      from given g
      where o.position_id = g.position_id and o.position_id = any(${positionIds}::bigint[]) and o.state = 'working'
      returning o.*
    ), unprotected as ${unprotectedInsert()}, done as (
      update scaleout_chunks c set state = 'done', done_at = ${at}
      from given g where c.id = g.chunk_id and c.id = any(${chunkIds}::bigint[])
    ), behind as (
      update scaleout_chunks c set state = case when g.completes then 'dropped' else c.state end,
        due_at = c.due_at + g.postpone_ms * interval '1 millisecond'
      from given g
      where c.scaleout_id = g.scaleout_id and c.scaleout_id = any(${scaleoutIds}::bigint[]) and c.state = 'waiting'
        and c.number > g.number and (g.completes or g.postpone_ms > 0)
    ), summed as (
      update scaleouts s set state = g.scaleout_state, done_chunks = g.done_chunks, sold_quantity = g.sold_quantity,
        proceeds = g.proceeds, realized_pnl = g.scaleout_pnl, errors_in_a_row = g.errors_in_a_row,
        ended_at = case when g.completes then ${at}::timestamptz else s.ended_at end
      from given g where s.id = g.scaleout_id and s.id = any(${scaleoutIds}::bigint[])
    )
    insert into replies (conversation_id, scaleout_id, urgent, kind, body, edits, state)
    select conversation_id, scaleout_id, urgent, kind, body::jsonb, edits, state
    from rows from (jsonb_to_recordset(${JSON.stringify(filled.flatMap(({ replies }) => replies))}::jsonb) as (
      conversation_id bigint, scaleout_id bigint, urgent boolean, kind text, body text, edits bigint, state text))
      with ordinality as r order by r.ordinality`.execute(trx)
}
