import { realWait } from '../../base/clock.ts'
import type { Trx } from '../../infra/db/client.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { inFlightQuantity, lockPosition, type Position } from '../positions/rows/positions.ts'
import { showProgress } from './progress.ts'
import { type Chunk, type ChunkInPlace, lockChunk, noteChunkError, noteWaitsForPrices } from './rows/chunks.ts'
import { aboutScaleout, endScaleout, type Scaleout } from './rows/scaleouts.ts'

/** This many failures in a row end a scaleout. */
const triesInARow = 3
/** The wait after the first failure, in planned milliseconds; it doubles with each failure. */
const firstWaitMs = 5000

/** The work to do after a failure was recorded. */
export interface Consequences {
  conversations: number[]
  /** The chunk to try again, with its new due time. */
  retry?: Chunk
}

const nothing: Consequences = { conversations: [] }

/**
 * Records that the outcome of a chunk is unknown: pauses its scaleout and tries again later, or stops it at the third failure
 * in a row. `attempt` identifies the failed attempt, so that two processes that see it fail record one failure.
 */
export async function failChunk(
  parts: Parts,
  positionId: number,
  chunkId: number,
  failure: { message: string; attempt?: number },
): Promise<void> {
  const result = await parts.db.transaction().execute(async (trx): Promise<Consequences> => {
    const place = await lockChunk(trx, await lockPosition(trx, positionId), chunkId)
    if (failure.attempt !== undefined && failure.attempt !== place.chunk.attempt) return nothing
    return failLockedChunk(trx, parts, place, failure.message)
  })
  if (result.retry) await wakeChunk(parts, result.retry)
  await wakeReplies(parts, result.conversations)
}

/** Records a failure in the transaction that has locked the chunk. It does nothing when the chunk no longer waits. */
export async function failLockedChunk(
  trx: Trx,
  parts: Parts,
  { chunk, scaleout, position }: Pick<ChunkInPlace, 'chunk' | 'scaleout' | 'position'>,
  message: string,
): Promise<Consequences> {
  if (chunk.state !== 'waiting') return nothing
  return scaleout.errorsInARow + 1 < triesInARow
    ? pause(trx, parts, scaleout, chunk, message)
    : stop(trx, parts, scaleout, chunk, position, message)
}

/** Pauses a scaleout while the market has no price for its chunk, or its venue is closed, however long that takes, and reports it once. */
export async function waitForPrices(
  parts: Parts,
  seen: ChunkInPlace,
  { why, isClosed }: { why: string; isClosed?: boolean },
): Promise<void> {
  if (seen.scaleout.waitsForPrices) return
  const conversations = await parts.db.transaction().execute(async (trx) => {
    const place = await lockChunk(trx, await lockPosition(trx, seen.position.id), seen.chunk.id)
    const { scaleout, chunk } = place
    const runs = scaleout.state === 'running' || scaleout.state === 'paused'
    if (!runs || scaleout.waitsForPrices || chunk.state !== 'waiting') return []
    const at = parts.clock.now()
    await noteWaitsForPrices(trx, scaleout.id)
    const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId, at }
    const notice = {
      kind: 'scaleout.price_missing' as const,
      scaleout,
      chunk,
      because: why,
      isFrozen: seen.isFrozen,
      isClosed,
    }
    await queueNotice(trx, parts, to, notice, 'outbox')
    const told = await showProgress(trx, parts, { ...scaleout, state: 'paused' }, at)
    const watching = await appendEvent(
      trx,
      parts,
      errorEvent(scaleout, chunk, why, at, { retryAt: chunk.dueAt, inARow: 0 }),
    )
    return [scaleout.conversationId, ...told, ...watching]
  })
  await wakeReplies(parts, conversations)
}

async function pause(trx: Trx, parts: Parts, scaleout: Scaleout, chunk: Chunk, message: string): Promise<Consequences> {
  const at = parts.clock.now()
  const waitMs = firstWaitMs * 2 ** scaleout.errorsInARow
  const retry = { ...chunk, attempt: chunk.attempt + 1, dueAt: new Date(at.getTime() + realWait(parts.clock, waitMs)) }
  await noteChunkError(trx, chunk, scaleout, retry.attempt, retry.dueAt)
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId, at }
  const notice = { kind: 'scaleout.paused' as const, scaleout, chunk, error: message, waitMs }
  await queueNotice(trx, parts, to, notice, 'outbox')
  const told = await showProgress(trx, parts, { ...scaleout, state: 'paused' }, at)
  const inARow = scaleout.errorsInARow + 1
  const watching = await appendEvent(
    trx,
    parts,
    errorEvent(scaleout, chunk, message, at, { retryAt: retry.dueAt, inARow }),
  )
  return { conversations: [scaleout.conversationId, ...told, ...watching], retry }
}

async function stop(
  trx: Trx,
  parts: Parts,
  scaleout: Scaleout,
  chunk: Chunk,
  position: Position,
  message: string,
): Promise<Consequences> {
  const at = parts.clock.now()
  await endScaleout(trx, scaleout, 'stopped', message, at)
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId, at }
  const unconfirmed = inFlightQuantity(position)
  const notice = { kind: 'scaleout.stopped' as const, scaleout, position, error: message, unconfirmed }
  await queueNotice(trx, parts, to, notice, 'outbox')
  const told = await showProgress(trx, parts, { ...scaleout, state: 'stopped' }, at)
  const watching = await appendEvent(
    trx,
    parts,
    errorEvent(scaleout, chunk, message, at, { inARow: scaleout.errorsInARow + 1 }),
  )
  return { conversations: [scaleout.conversationId, ...told, ...watching] }
}

function errorEvent(
  scaleout: Scaleout,
  chunk: Chunk,
  error: string,
  at: Date,
  { inARow, retryAt }: { inARow: number; retryAt?: Date },
) {
  return {
    type: 'scaleout_error' as const,
    data: {
      chunk: chunk.number,
      error,
      inARow,
      retryAt: retryAt?.toISOString(),
      left: scaleout.totalQuantity.minus(scaleout.soldQuantity).toFixed(),
    },
    ...aboutScaleout(scaleout),
    at,
    dedupeKey: `chunk-${chunk.id}-${inARow === 0 ? `prices-${at.getTime()}` : `error-${chunk.attempt}`}`,
  }
}
