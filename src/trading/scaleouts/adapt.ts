import { realWait } from '../../base/clock.ts'
import type { Quote } from '../../market/market.ts'
import { stepOf } from '../orders/traded.ts'
import { type Parts, wakeChunk } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { cutChunk, putOffChunk } from './rows/adapt-chunk.ts'
import { type ChunkInPlace, lockChunk } from './rows/chunks.ts'
import { type Adapted, adaptChunk } from './rules/smart-scaleout.ts'

/**
 * Adapts a due chunk of a smart scaleout to the present spread. Chunks of other scaleouts, and chunks of a paused scaleout,
 * which are tried again, go unchanged.
 */
export function adaptation({ market }: Pick<Parts, 'market'>, seen: ChunkInPlace, quote: Quote): Adapted {
  const { scaleout, chunk } = seen
  const instrument = market.instrument(scaleout.symbol)
  if (!scaleout.smart || !instrument || scaleout.state === 'paused') return { kind: 'go' }
  const isLast = chunk.number === scaleout.chunkCount || !seen.next
  const step = stepOf(chunk.quantity, instrument)
  return adaptChunk(quote.ask.minus(quote.bid), scaleout.smart.usualSpread, { ...chunk, isLast }, step)
}

/** Puts a chunk off, or cuts it, unless something has changed since the look. Returns whether to look at the chunk again. */
export async function adapt(parts: Parts, seen: ChunkInPlace, quote: Quote): Promise<'look again' | 'put off'> {
  const later = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, seen.position.id)
    const locked = await lockChunk(trx, position, seen.chunk.id)
    const { chunk, scaleout } = locked
    const isAsSeen = chunk.state === 'waiting' && chunk.attempt === seen.chunk.attempt && locked.liveOrder === undefined
    if (!isAsSeen || scaleout.state !== seen.scaleout.state) return undefined
    const adapted = adaptation(parts, locked, quote)
    if (adapted.kind === 'cut') await cutChunk(trx, locked, adapted.quantity)
    if (adapted.kind !== 'wait') return undefined
    const laterMs = Math.ceil(realWait(parts.clock, scaleout.smart!.deferMs))
    await putOffChunk(trx, locked, laterMs)
    return { ...chunk, attempt: chunk.attempt + 1, dueAt: new Date(chunk.dueAt.getTime() + laterMs) }
  })
  if (!later) return 'look again'
  await wakeChunk(parts, later)
  return 'put off'
}
