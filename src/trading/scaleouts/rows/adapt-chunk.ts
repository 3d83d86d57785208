import { sql } from 'kysely'
import type { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { ChunkInPlace } from './chunks.ts'

/**
 * Puts off a locked chunk and all later ones by the same time, so that they keep their spacing. The new attempt number
 * invalidates an order prepared for the old state.
 */
export async function putOffChunk(trx: Trx, { chunk }: ChunkInPlace, laterMs: number): Promise<void> {
  await sql`
    with behind as (
      update scaleout_chunks set due_at = due_at + ${laterMs}::float8 * interval '1 millisecond'
      where scaleout_id = ${chunk.scaleoutId} and state = 'waiting' and number > ${chunk.number}
    )
    update scaleout_chunks set due_at = due_at + ${laterMs}::float8 * interval '1 millisecond',
      attempt = attempt + 1, adapted = adapted + 1
    where id = ${chunk.id}`.execute(trx)
}

/** Leaves a part of a locked chunk to the next one. The new attempt number invalidates an order prepared for the old state. */
export async function cutChunk(trx: Trx, { chunk, next }: ChunkInPlace, quantity: Big): Promise<void> {
  const rest = chunk.quantity.minus(quantity)
  await sql`
    with behind as (
      update scaleout_chunks set quantity = quantity + ${rest.toFixed()}::numeric where id = ${next!.id}
    )
    update scaleout_chunks set quantity = ${quantity.toFixed()}::numeric, attempt = attempt + 1, adapted = adapted + 1
    where id = ${chunk.id}`.execute(trx)
}
