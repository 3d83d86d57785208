import { realWait } from '../../clock.ts'
import type { Trx } from '../../db/client.ts'
import { type Chunk, lockChunk, noteChunkError } from '../../ledger/chunks.ts'
import { appendEvent } from '../../ledger/events.ts'
import { lockOrder, type Order, rejectOrder } from '../../ledger/orders.ts'
import { inFlightQuantity, lockPosition, type Position } from '../../ledger/positions.ts'
import { queueReply } from '../../ledger/replies.ts'
import { aboutScaleout, endScaleout, type Scaleout } from '../../ledger/scaleouts.ts'
import { rejectedText } from '../orders/order-text.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { showProgress } from '../record.ts'
import { pausedText, stoppedText } from './text.ts'

/** So many failures in a row end a scaleout. */
const triesInARow = 3
/** Planned wait after the first failure; it doubles with each one. */
const firstWaitMs = 5000

/** What went wrong; `rejects` is the order that the venue refused, when there was one. */
export interface ChunkFailure {
  message: string
  /** The try at the chunk that it was: two who see it fail at the same time see one failure. */
  attempt?: number
  rejects?: number
}

interface Consequences {
  conversations: number[]
  retry?: Chunk
}

const nothing: Consequences = { conversations: [] }

/** Notes that a chunk did not go through: pauses its scaleout and tries again later, or stops it at the third failure in a row. */
export async function failChunk(
  parts: Parts,
  positionId: number,
  chunkId: number,
  failure: ChunkFailure,
): Promise<void> {
  const result = await parts.db.transaction().execute(async (trx): Promise<Consequences> => {
    let position = await lockPosition(trx, positionId)
    let rejected: Order | undefined
    if (failure.rejects !== undefined) {
      rejected = (await lockOrder(trx, failure.rejects)).order
      if (rejected.state !== 'working') return nothing
      await rejectOrder(trx, rejected, position, failure.message)
      position = await lockPosition(trx, positionId)
    }
    const { chunk, scaleout } = await lockChunk(trx, position, chunkId)
    if (chunk.state !== 'waiting') return rejected ? lateRefusal(trx, parts, scaleout, rejected, failure) : nothing
    if (failure.attempt !== undefined && failure.attempt !== chunk.attempt) return nothing
    return scaleout.errorsInARow + 1 < triesInARow
      ? pause(trx, parts, scaleout, chunk, failure)
      : stop(trx, parts, scaleout, chunk, position, failure)
  })
  if (result.retry) await wakeChunk(parts, result.retry)
  await wakeReplies(parts, result.conversations)
}

/** The scaleout ended while nobody knew what became of this order: its thread was told that the desk keeps asking. */
async function lateRefusal(trx: Trx, parts: Parts, scaleout: Scaleout, rejected: Order, failure: ChunkFailure) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, at: parts.clock.now() }
  await queueReply(trx, to, { text: rejectedText(rejected, failure.message) }, 'outbox')
  return { conversations: [scaleout.conversationId] }
}

async function pause(trx: Trx, parts: Parts, scaleout: Scaleout, chunk: Chunk, failure: ChunkFailure) {
  const at = parts.clock.now()
  const waitMs = firstWaitMs * 2 ** scaleout.errorsInARow
  const retry = { ...chunk, attempt: chunk.attempt + 1, dueAt: new Date(at.getTime() + realWait(parts.clock, waitMs)) }
  await noteChunkError(trx, chunk, scaleout, retry.attempt, retry.dueAt)
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, at }
  await queueReply(trx, to, { text: pausedText(scaleout, chunk, failure.message, waitMs) }, 'outbox')
  const told = await showProgress(trx, { ...scaleout, state: 'paused' }, at)
  const watching = await appendEvent(trx, errorEvent(scaleout, chunk, failure, at, retry.dueAt))
  return { conversations: [scaleout.conversationId, ...told, ...watching], retry }
}

async function stop(
  trx: Trx,
  parts: Parts,
  scaleout: Scaleout,
  chunk: Chunk,
  position: Position,
  failure: ChunkFailure,
) {
  const at = parts.clock.now()
  await endScaleout(trx, scaleout, 'stopped', failure.message, at)
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, at }
  const unconfirmed = inFlightQuantity(position)
  await queueReply(trx, to, { text: stoppedText(scaleout, position, failure.message, unconfirmed) }, 'outbox')
  const told = await showProgress(trx, { ...scaleout, state: 'stopped' }, at)
  const watching = await appendEvent(trx, errorEvent(scaleout, chunk, failure, at))
  return { conversations: [scaleout.conversationId, ...told, ...watching] }
}

function errorEvent(scaleout: Scaleout, chunk: Chunk, failure: ChunkFailure, at: Date, retryAt?: Date) {
  return {
    type: 'scaleout_error' as const,
    data: {
      chunk: chunk.number,
      error: failure.message,
      inARow: scaleout.errorsInARow + 1,
      retryAt: retryAt?.toISOString(),
      left: scaleout.totalQuantity.minus(scaleout.soldQuantity).toFixed(),
    },
    ...aboutScaleout(scaleout),
    at,
    dedupeKey: `chunk-${chunk.id}-error-${chunk.attempt}`,
  }
}
