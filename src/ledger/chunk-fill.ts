import type { Trx } from '../db/client.ts'
import type { Big } from '../trading/amounts.ts'
import type { VenueFill } from '../venue/venue.ts'
import type { Chunk } from './chunks.ts'
import { fillStatements, type Order, type RecordedFill } from './orders.ts'
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

/** All that a filled chunk changes. */
export interface ChunkFill {
  order: Order
  fill: VenueFill
  recorded: RecordedFill
  chunk: Chunk
  /** As the fill leaves it. */
  scaleout: Scaleout
  /** What is said. */
  replies: (ReturnType<typeof postRow> | ReturnType<typeof editRow>)[]
  at: Date
}

/** Writes a filled chunk down, in one statement: it is what a busy desk does most. */
export async function recordChunkFill(trx: Trx, filled: ChunkFill): Promise<void> {
  const { chunk, scaleout } = filled
  await fillStatements(trx, filled.order, filled.recorded, filled.fill)
    .with('done', (db) =>
      db.updateTable('scaleout_chunks').set({ state: 'done', done_at: filled.at }).where('id', '=', chunk.id),
    )
    .with('summed', (db) =>
      db
        .updateTable('scaleouts')
        .set({
          state: scaleout.state,
          done_chunks: scaleout.doneChunks,
          sold_quantity: scaleout.soldQuantity.toFixed(),
          proceeds: scaleout.proceeds.toFixed(),
          realized_pnl: scaleout.realizedPnl.toFixed(),
          errors_in_a_row: scaleout.errorsInARow,
        })
        .where('id', '=', scaleout.id),
    )
    .insertInto('replies')
    .values(filled.replies)
    .execute()
}
