import { type ChunkInPlace, findChunks, lockChunk } from '../../ledger/chunks.ts'
import { type ExitOrder, lockOrder } from '../../ledger/orders.ts'
import { type ChunkToPlace, placeChunks } from '../../ledger/place-chunk.ts'
import { availableQuantity, lockPosition } from '../../ledger/positions.ts'
import type { Quote } from '../../market/market.ts'
import { together } from '../../together.ts'
import { type Big, least } from '../../trading/amounts.ts'
import { settleOrder } from '../orders/settle.ts'
import { oncePer, type Parts, wakeReplies } from '../parts.ts'
import { cancelScaleout } from '../record.ts'
import { adapt, adaptation } from './adapt.ts'
import { failChunk } from './chunk-error.ts'

/** A job that comes this little too early is on time: the clock's own grain. */
const earlyMs = 5
/** How soon to look again while another order is taking what the chunk wants. */
const lookAgainMs = 1000
/** What a chunk depends on may change so often between a look and the order; each time somebody else got something done. */
const looks = 20

// Chunks that are due at the same time are looked at together, and become orders together.
const looking = oncePer(({ db }) =>
  together(async (ids: number[]) => {
    const found = await findChunks(db, ids)
    return ids.map((id) => found.get(id))
  }),
)
const placing = oncePer(({ db, clock }) => together((chunks: ChunkToPlace[]) => placeChunks(db, chunks, clock.now())))

type Step =
  | { kind: 'nothing' }
  | { kind: 'wait'; ms: number }
  | { kind: 'nothing left' }
  | { kind: 'no price'; why: string }
  | { kind: 'settle'; order: number }
  | { kind: 'adapt'; quote: Quote }
  | { kind: 'place'; exit: ExitOrder }

/**
 * Sells (or buys back) one chunk, once, however often it is called: writes the order, sends it, records the fill.
 * Answers with the milliseconds to wait when it came too early. Throws when the database does not answer; a later call
 * goes on from what was committed.
 */
export async function runChunk(parts: Parts, chunkId: number): Promise<{ again?: number }> {
  for (let look = 0; look < looks; look++) {
    const seen = await looking(parts)(chunkId)
    if (!seen) return {}
    const { attempt } = seen.chunk
    const step = nextStep(parts, seen, await parts.market.quote(seen.scaleout.symbol))
    switch (step.kind) {
      case 'nothing':
        return {}
      case 'wait':
        return { again: step.ms }
      case 'nothing left':
        if (await endForNothingLeft(parts, seen)) return {}
        break
      case 'no price':
        await failChunk(parts, seen.position.id, chunkId, { message: step.why, attempt })
        return {}
      case 'adapt':
        if ((await adapt(parts, seen, step.quote)) === 'put off') return {}
        break
      case 'settle': {
        const { order } = await parts.db.transaction().execute((trx) => lockOrder(trx, step.order))
        await settleOrder(parts, order, { triedBefore: true, postedBy: 'outbox', attempt })
        return {}
      }
      case 'place': {
        const order = await placing(parts)({ seen, exit: step.exit })
        if (!order) break
        await settleOrder(parts, order, { triedBefore: false, postedBy: 'outbox', attempt })
        return {}
      }
    }
  }
  throw new Error(`What chunk ${chunkId} depends on changed ${looks} times before its order was written`)
}

/** What is to be done about a chunk now. */
function nextStep(parts: Parts, seen: ChunkInPlace, quote: Quote | undefined): Step {
  const { clock } = parts
  const { position, scaleout, chunk } = seen
  const runs = scaleout.state === 'running' || scaleout.state === 'paused'
  if (chunk.state !== 'waiting' || !runs) return { kind: 'nothing' }
  const early = chunk.dueAt.getTime() - clock.now().getTime()
  if (early > earlyMs) return { kind: 'wait', ms: early }
  if (seen.workingOrder !== undefined) return { kind: 'settle', order: seen.workingOrder }

  const quantity = quantityOf(seen)
  // What orders with a limit hold may be held for days: the chunk does not wait for that.
  if (quantity.lte(0) && position.workingQuantity.gt(position.limitQuantity))
    return { kind: 'wait', ms: lookAgainMs / clock.scale }
  if (quantity.lte(0)) return { kind: 'nothing left' }
  const unusable = noPrice(quote)
  if (unusable) return { kind: 'no price', why: unusable }
  if (adaptation(parts, seen, quote!).kind !== 'go') return { kind: 'adapt', quote: quote! }
  const exit = {
    clientOrderId: `chunk-${chunk.id}-${chunk.attempt}`,
    memberId: scaleout.memberId,
    conversationId: scaleout.conversationId,
    chunkId: chunk.id,
    purpose: 'chunk' as const,
    quantity,
    expectedPrice: scaleout.side === 'sell' ? quote!.bid : quote!.ask,
  }
  return { kind: 'place', exit }
}

/** What a chunk sells: its share, the last one the rest, never more than is there. */
function quantityOf({ position, scaleout, chunk }: ChunkInPlace): Big {
  const left = scaleout.totalQuantity.minus(scaleout.soldQuantity)
  const wanted = chunk.number === scaleout.chunkCount ? left : least(chunk.quantity, left)
  return least(wanted, availableQuantity(position))
}

/** Ends a scaleout whose position was sold by somebody else. False when there is something to do after all. */
async function endForNothingLeft(parts: Parts, seen: ChunkInPlace): Promise<boolean> {
  const conversations = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, seen.position.id)
    const locked = await lockChunk(trx, position, seen.chunk.id)
    if (nextStep(parts, locked, undefined).kind !== 'nothing left') return undefined
    const at = parts.clock.now()
    const because = position.limitQuantity.gt(0) ? 'working orders hold the rest' : 'nothing is left to sell'
    return (await cancelScaleout(trx, locked.scaleout, position, because, at)).conversations
  })
  if (conversations) await wakeReplies(parts, conversations)
  return conversations !== undefined
}

/** Why this quote cannot be traded on; undefined when it can. */
export function noPrice(quote: Quote | undefined): string | undefined {
  if (!quote) return 'the market has no price for it'
  return quote.stale
}
