import type { Db } from '../db/client.ts'
import type { ChunkInPlace } from './chunks.ts'
import { type ExitOrder, exitOrder, type Order, orderRow, setAside } from './orders.ts'

/**
 * Writes the order of a chunk that was looked at without a lock, in one statement: locks the position, then the scaleout
 * and the chunk, and goes on only if they are still what they were. Undefined when they are not: nothing was written.
 */
export async function placeChunk(
  db: Db,
  { position, scaleout, chunk }: ChunkInPlace,
  exit: ExitOrder,
  at: Date,
): Promise<Order | undefined> {
  const order = exitOrder(position, exit, at)
  const row = orderRow(order)
  const placed = await db
    // Whatever comes or goes in a position, working orders included, changes its version.
    .with('position', (query) =>
      query
        .selectFrom('positions')
        .select('id')
        .where('id', '=', position.id)
        .where('version', '=', position.version)
        .forUpdate(),
    )
    .with('unchanged', (query) =>
      query
        .selectFrom('position')
        .innerJoin('scaleouts as s', 's.position_id', 'position.id')
        .innerJoin('scaleout_chunks as c', 'c.scaleout_id', 's.id')
        .select('position.id')
        .where('c.id', '=', chunk.id)
        .where('c.state', '=', chunk.state)
        .where('c.attempt', '=', chunk.attempt)
        .where('s.state', '=', scaleout.state)
        .where('s.conversation_id', '=', scaleout.conversationId)
        // Locked rows are compared as they are once the lock is there, not as they were when the statement began.
        .forUpdate(['s', 'c']),
    )
    .with('aside', (query) =>
      setAside(db, position, exit.quantity).where('id', 'in', query.selectFrom('unchanged').select('unchanged.id')),
    )
    .insertInto('orders')
    .columns(Object.keys(row) as (keyof typeof row)[])
    .expression((query) =>
      query
        .selectFrom('unchanged')
        .select((eb) => Object.entries(row).map(([column, value]) => eb.val(value).as(column))),
    )
    .returning('id')
    .executeTakeFirst()
  return placed && { ...order, id: placed.id }
}
