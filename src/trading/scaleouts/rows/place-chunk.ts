import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { type ExitOrder, exitOrder, type Order, orderRow } from '../../orders/rows/orders.ts'
import type { ChunkInPlace } from './chunks.ts'

/** The intended order of a chunk, and the chunk at the look. */
export interface ChunkToPlace {
  seen: ChunkInPlace
  exit: ExitOrder
}

/**
 * Writes the orders of chunks that were looked at without a lock, in one statement. It locks the positions, then their
 * scaleouts and chunks, and continues with those that are unchanged. Undefined for a changed chunk: nothing is written for it.
 */
export async function placeChunks(db: Db, chunks: ChunkToPlace[], at: Date): Promise<(Order | undefined)[]> {
  const orders = chunks.map(({ seen, exit }) => exitOrder(seen.position, exit, at))
  const given = chunks.map(({ seen: { position, scaleout, chunk } }, index) => ({
    ...orderRow(orders[index]!),
    version: position.version,
    scaleout_state: scaleout.state,
    scaleout_conversation: scaleout.conversationId,
    attempt: chunk.attempt,
  }))
  const positionIds = chunks.map(({ seen }) => seen.position.id)
  const chunkIds = chunks.map(({ seen }) => seen.chunk.id)
  const { rows } = await sql<{ id: number; chunk_id: number; sent_as: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
        client_order_id text, account_id bigint, member_id bigint, position_id bigint, conversation_id bigint,
        chunk_id bigint, purpose text, symbol text, side text, quantity numeric, expected_price numeric, state text,
        created_at timestamptz, calling_until timestamptz, version int, scaleout_state text, scaleout_conversation bigint, attempt int)
    ), position as (
      -- Every change of a position, including its working orders, changes its version.
      select p.id from positions p join given g on g.position_id = p.id
      where p.id = any(${positionIds}::bigint[]) and p.version = g.version
      order by p.id for no key update of p
    ), unchanged as (
      -- Postgres compares locked rows in their state after it has the lock, not at the start of the statement.
      select g.* from position p
      join given g on g.position_id = p.id
      join scaleout_chunks c on c.id = g.chunk_id
      join scaleouts s on s.id = c.scaleout_id
      where c.id = any(${chunkIds}::bigint[]) and c.state = 'waiting' and c.attempt = g.attempt
        and s.state = g.scaleout_state and s.conversation_id = g.scaleout_conversation
      for no key update of s, c
    ), aside as (
      update positions p set working_quantity = p.working_quantity + u.quantity, version = p.version + 1
      from unchanged u where p.id = u.position_id and p.id = any(${positionIds}::bigint[])
    )
    insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, chunk_id, purpose, symbol,
      side, quantity, expected_price, state, created_at, calling_until)
    select client_order_id, account_id, member_id, position_id, conversation_id, chunk_id, purpose, symbol,
      side, quantity, expected_price, state, created_at, calling_until
    from unchanged
    returning id, chunk_id, sent_as`.execute(db)
  const written = new Map(rows.map((row) => [row.chunk_id, row]))
  return orders.map((order) => {
    const row = written.get(order.chunkId!)
    return row && { ...order, id: row.id, sentAs: row.sent_as }
  })
}
