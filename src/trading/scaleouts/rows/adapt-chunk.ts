import { sql } from 'kysely'
import type { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { ChunkInPlace } from './chunks.ts'

/** Puts a locked chunk off, and those behind it as far, so that they keep their spacing. An order for it as it was is not written any more. */
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

/** Leaves a part of a locked chunk to the one behind it. An order for it as it was is not written any more. */
export async function cutChunk(trx: Trx, { chunk, next }: ChunkInPlace, quantity: Big): Promise<void> {
  const rest = chunk.quantity.minus(quantity)
  await sql`
    with behind as (
      update scaleout_chunks set quantity = quantity + ${rest.toFixed()}::numeric where id = ${next!.id}
    )
    update scaleout_chunks set quantity = ${quantity.toFixed()}::numeric, attempt = attempt + 1, adapted = adapted + 1
    where id = ${chunk.id}`.execute(trx)
}
