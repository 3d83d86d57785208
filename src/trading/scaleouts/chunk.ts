import { type Big, least } from '../../base/amounts.ts'
import { together } from '../../base/together.ts'
import type { Quote } from '../../market/market.ts'
import { secondOpinion } from '../../market/second-opinion.ts'
import { sayOnce } from '../events/say-once.ts'
import { about } from '../orders/about.ts'
import { endOrder } from '../orders/end-order.ts'
import { noPrice } from '../orders/fresh-price.ts'
import { clippedText } from '../orders/held.ts'
import { inTheWayOf } from '../orders/in-the-way.ts'
import { type AnyOrder, type ExitOrder, findOrder } from '../orders/rows/orders.ts'
import { liveExits } from '../orders/rows/working-orders.ts'
import { isLive } from '../orders/rules/order-lifecycle.ts'
import { askForOrder, type SendResult, sendOrder } from '../orders/send-order.ts'
import { purposeOf } from '../orders/tell-moved.ts'
import { closedNow, closedWords, zoneOf } from '../orders/venue-hours.ts'
import { oncePer, type Parts, wakeReplies } from '../parts.ts'
import { availableQuantity, lockPosition } from '../positions/rows/positions.ts'
import { becauseSold, takeBackProtection } from '../protection/at-venue/take-back.ts'
import { adapt, adaptation } from './adapt.ts'
import { cancelScaleout } from './cancel-scaleout.ts'
import { failChunk, waitForPrices } from './chunk-error.ts'
import { type ChunkInPlace, findChunks, lockChunk, notePricesAreBack } from './rows/chunks.ts'
import { type ChunkToPlace, placeChunks } from './rows/place-chunk.ts'
import { boundOf } from './rules/bound.ts'
import { priceBeyond, timeOver, waitForBound } from './wait-for-bound.ts'

/** A job may come this many milliseconds early and count as on time, because of the clock's resolution. */
const earlyMs = 5
/** The wait before another look while another order takes the quantity of the chunk, in planned milliseconds. */
const lookAgainMs = 1000
/** The longest wait between looks at an order that waits for its fill, in planned milliseconds. */
const longestLookMs = 30_000
const outbox = { postedBy: 'outbox' as const }
const frozen = 'the broker shows another quantity than the desk; `reconcile` shows both'
/**
 * The most looks at one chunk, since its data may change between a look and the order. Each change means that another process
 * got something done.
 */
const looks = 20

// Chunks that are due at the same time share their look-up and the statement that writes their orders.
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
  | { kind: 'no price'; why: string; isClosed?: boolean }
  | { kind: 'beyond bound'; price: Big }
  /** Its window is over while it waits. */
  | { kind: 'time over'; because: string }
  | { kind: 'follow'; order: number }
  | { kind: 'adapt'; quote: Quote }
  /** Protection at the venue has to be taken back before. */
  | { kind: 'protected' }
  | { kind: 'place'; exit: ExitOrder }

/**
 * Sells (or buys back) one chunk, once, however often it is called: writes the order, sends it, and follows it to its end.
 * Returns the milliseconds to wait when the call was too early, or when the order waits for its fill. Throws when the database
 * does not answer; a later call continues from the committed state.
 */
export async function runChunk(parts: Parts, chunkId: number): Promise<{ again?: number }> {
  for (let look = 0; look < looks; look++) {
    const seen = await looking(parts)(chunkId)
    if (!seen) return {}
    const quote = await quoteFor(parts, seen)
    const early = nextStep(parts, seen, quote)
    const step = early.kind === 'place' || early.kind === 'protected' ? await unlessClosed(parts, seen, early) : early
    switch (step.kind) {
      case 'nothing':
        return {}
      case 'wait':
        return { again: step.ms }
      case 'nothing left':
      case 'time over':
        switch (await endEarly(parts, seen, step.kind)) {
          case 'ended':
            return {}
          case 'wait':
            return { again: lookAgainMs / parts.clock.scale }
        }
        break
      case 'no price':
        await waitForPrices(parts, seen, step)
        return { again: lookAgainMs / parts.clock.scale }
      case 'beyond bound':
        if (seen.scaleout.waitsForPrices) await goOnWithPrices(parts, seen)
        await waitForBound(parts, seen, step.price)
        return { again: lookAgainMs / parts.clock.scale }
      case 'adapt':
        if ((await adapt(parts, seen, step.quote)) === 'put off') return {}
        break
      case 'follow':
        return follow(parts, seen, step.order)
      case 'protected':
        if (await takeBackProtection(parts, seen.position.id, becauseSold)) break
        return { again: lookAgainMs / parts.clock.scale }
      case 'place': {
        if (seen.scaleout.waitsForPrices) await goOnWithPrices(parts, seen)
        const order = await placing(parts)({ seen, exit: step.exit })
        if (!order) break
        return settled(parts, seen, await sendOrder(parts, order, outbox))
      }
    }
  }
  throw new Error(`What chunk ${chunkId} depends on changed ${looks} times before its order was written`)
}

/**
 * Follows the order of a chunk. A confirmed order waits for its fill until the next chunk is due. Then its rest is taken back
 * and left to the later chunks. The order of the last chunk waits without a limit.
 */
async function follow(parts: Parts, seen: ChunkInPlace, orderId: number): Promise<{ again?: number }> {
  const order = await findOrder(parts.db, orderId)
  if (!order || !isLive(order)) return { again: 0 }
  const now = parts.clock.now()
  if (order.venueOrderId === undefined) return settled(parts, seen, await askForOrder(parts, order, outbox))
  const isOver = seen.next !== undefined && seen.next.dueAt <= now
  if (isOver || order.cancelAskedAt)
    await endOrder(parts, order, outbox, order.cancelBecause ?? 'the next chunk is due')
  const ageMs = now.getTime() - order.createdAt.getTime()
  return { again: againIn(parts, seen, ageMs) }
}

/**
 * The next step after asking the venue. A chunk with an unknown outcome counts as failed for now, and the venue is asked again.
 */
async function settled(
  parts: Parts,
  seen: ChunkInPlace,
  { outcome, order, words, code }: SendResult,
): Promise<{ again?: number }> {
  if (code) await tellInTheWay(parts, seen, order, code)
  if (outcome === 'unknown') {
    const message = words ?? 'the venue did not answer'
    await failChunk(parts, seen.position.id, seen.chunk.id, { message, attempt: seen.chunk.attempt })
    return {}
  }
  if (!isLive(order)) return {}
  return { again: againIn(parts, seen, 0) }
}

/** Tells the thread, once for a scaleout, for which orders of others the broker has refused a chunk. */
async function tellInTheWay(
  parts: Parts,
  { scaleout }: ChunkInPlace,
  order: AnyOrder,
  code: NonNullable<SendResult['code']>,
): Promise<void> {
  const { symbol, conversationId } = order
  const orders = await inTheWayOf(parts, order, code)
  if (orders.length === 0) return
  await sayOnce(parts, {
    notice: { kind: 'order.others_in_the_way', symbol, orders, isBroken: true },
    conversationId,
    urgent: true,
    event: {
      type: 'order_error',
      data: { purpose: purposeOf(order), error: 'an order that is not the desk’s is in its way at the broker' },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `scaleout-${scaleout.id}-in-the-way`,
    },
  })
}

/**
 * The venue reports fills by itself. Looks are needed for fills that it does not report, and for the due time of the next
 * chunk.
 */
function againIn({ clock }: Parts, { next }: ChunkInPlace, ageMs: number): number {
  const lookMs = Math.min(longestLookMs, Math.max(lookAgainMs, ageMs)) / clock.scale
  const untilNextMs = next ? next.dueAt.getTime() - clock.now().getTime() : lookMs
  return Math.max(lookAgainMs / clock.scale, Math.min(lookMs, untilNextMs))
}

/** The next step of a chunk. */
function nextStep(parts: Parts, seen: ChunkInPlace, quote: Quote | undefined): Step {
  const { clock } = parts
  const { position, scaleout, chunk } = seen
  const runs = scaleout.state === 'running' || scaleout.state === 'paused'
  if (chunk.state !== 'waiting' || !runs) return { kind: 'nothing' }
  const early = chunk.dueAt.getTime() - clock.now().getTime()
  if (seen.liveOrder !== undefined && early <= earlyMs) return { kind: 'follow', order: seen.liveOrder }
  if (early > earlyMs) return { kind: 'wait', ms: early }

  const quantity = quantityOf(seen)
  // Resting orders may hold their quantity for days, so the chunk waits only for orders in flight.
  if (quantity.lte(0) && position.workingQuantity.gt(position.restingQuantity))
    return { kind: 'wait', ms: lookAgainMs / clock.scale }
  if (quantity.lte(0)) return { kind: 'nothing left' }
  const unusable = seen.isFrozen ? frozen : noPrice(quote)
  const beyond = unusable ? undefined : priceBeyond(scaleout, quote!)
  const isOver = scaleout.bound !== undefined && scaleout.bound.until <= clock.now()
  if ((unusable || beyond) && isOver) return { kind: 'time over', because: timeOver(scaleout, unusable) }
  if (unusable) return { kind: 'no price', why: unusable }
  if (beyond) return { kind: 'beyond bound', price: beyond }
  if (adaptation(parts, seen, quote!).kind !== 'go') return { kind: 'adapt', quote: quote! }
  if (position.protectingQuantity.gt(0)) return { kind: 'protected' }
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

/** A chunk is sent only while its venue is open: at the open, no chunk comes in a burst with those behind it. */
async function unlessClosed(parts: Parts, { scaleout }: ChunkInPlace, step: Step): Promise<Step> {
  const closed = await closedNow(parts, scaleout)
  if (!closed) return step
  const why = closedWords(closed, parts.clock.now(), await zoneOf(parts.db, scaleout.memberId))
  return { kind: 'no price', why, isClosed: true }
}

/** Resumes a scaleout once there are prices again. Its announcement shows this with the chunk. */
async function goOnWithPrices(parts: Parts, seen: ChunkInPlace): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    const place = await lockChunk(trx, await lockPosition(trx, seen.position.id), seen.chunk.id)
    if (place.scaleout.waitsForPrices && place.scaleout.state === 'paused') await notePricesAreBack(trx, place.scaleout)
  })
}

/** The quantity of a chunk: its share, or for the last chunk the rest, and never more than is available. */
function quantityOf({ position, scaleout, chunk }: ChunkInPlace): Big {
  const left = scaleout.totalQuantity.minus(scaleout.soldQuantity)
  const wanted = chunk.number === scaleout.chunkCount ? left : least(chunk.quantity.minus(chunk.soldQuantity), left)
  return least(wanted, availableQuantity(position))
}

/**
 * Ends a scaleout whose position was sold otherwise, or is held by limit orders, or whose window is over while it waits for a
 * price. It waits for market orders, which may give some of the quantity back.
 */
async function endEarly(
  parts: Parts,
  seen: ChunkInPlace,
  as: 'nothing left' | 'time over',
): Promise<'ended' | 'wait' | 'look again'> {
  const quote = await quoteFor(parts, seen)
  const outcome = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, seen.position.id)
    const locked = await lockChunk(trx, position, seen.chunk.id)
    const step = nextStep(parts, locked, quote)
    if (step.kind !== as) return 'look again'
    if ((await liveExits(trx, position.id)).some(({ limit }) => !limit)) return 'wait'
    const at = parts.clock.now()
    const clipped = await clippedText(trx, position, availableQuantity(position))
    const held = clipped ? `working orders hold the rest: ${clipped}` : 'nothing is left to sell'
    const because = step.kind === 'time over' ? step.because : held
    return (await cancelScaleout(trx, parts, locked.scaleout, position, because, at)).conversations
  })
  if (typeof outcome === 'string') return outcome
  await wakeReplies(parts, outcome)
  return 'ended'
}

/**
 * The quote for a chunk. A floor or cap of a linked account is not judged by a weak price alone: unless a second source confirms it,
 * it counts as no price.
 */
async function quoteFor(parts: Parts, { scaleout, chunk }: ChunkInPlace): Promise<Quote | undefined> {
  const { market, venues, clock } = parts
  const quote = await market.quote(scaleout.symbol)
  const isDue = chunk.dueAt.getTime() - clock.now().getTime() <= earlyMs
  if (!scaleout.bound || !isDue || !quote?.weak || quote.stale) return quote
  if (!(await venues.of(scaleout.accountId)).venue.capabilities.isLinked) return quote
  const now = (await secondOpinion(parts, scaleout.symbol)) ?? quote
  if (!now.weak || now.stale) return now
  const kind = boundOf(scaleout.side)
  return {
    ...now,
    stale: `the price alone is not enough to judge the ${kind} on a linked account, because ${now.weak}`,
  }
}
