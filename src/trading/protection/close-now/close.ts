import { setTimeout as wait } from 'node:timers/promises'
import { together } from '../../../base/together.ts'
import { endOrder, takeBackAll, takeBackExits } from '../../orders/end-order.ts'
import { takeBackInTheWay, tellTakenBack } from '../../orders/in-the-way.ts'
import { recordNews } from '../../orders/record-news.ts'
import { liveOpenings } from '../../orders/rows/opening-orders.ts'
import { nowhereForGood } from '../../orders/rows/order-calls.ts'
import { averageFillPrice, isLive } from '../../orders/rules/order-lifecycle.ts'
import { askForOrder, type SendResult, sendOrder } from '../../orders/send-order.ts'
import { closedNow } from '../../orders/venue-hours.ts'
import type { Parts } from '../../parts.ts'
import { takeBackProtection } from '../at-venue/take-back.ts'
import type { ClosingOrder } from '../rows/closings.ts'
import { type Closing, placeAll, type Step } from './place.ts'
import { becauseOf } from './reasons.ts'
import { sayFilling, sayInFlight, sayStuck, sayWaitsForOpen } from './stuck.ts'
import type { Tried } from './tried.ts'

/** Closes positions at once, each once, however many callers ask for it and however often. */
export interface CriticalCloses {
  /**
   * Takes the close of a position as far as it goes now. Returns the milliseconds until the next call; undefined when nothing
   * is left to do. Throws when Postgres does not answer; a later call continues from the committed state.
   */
  close(closing: Closing): Promise<number | undefined>
  /** Tries a live order once more, with the same id. */
  tryAgain(order: ClosingOrder): Promise<Tried>
}

/** The step of a close once its position is free and no resting order is in the way. */
type Placed = Exclude<Step, { kind: 'held' | 'resting' }>

const firstAgainMs = 250
const longestAgainMs = 5000
const againIn = (ageMs: number) => Math.min(longestAgainMs, Math.max(firstAgainMs, ageMs / 4))
/**
 * While other orders hold a position, look this often for quantity that they give back, in milliseconds. After `patientForMs`
 * look less often.
 */
const givenBackMs = 250
const patientForMs = 30_000
const whenGivenBackIn = (ageMs: number) => (ageMs < patientForMs ? givenBackMs : againIn(ageMs))
/** While the venue is closed, look this often; in milliseconds. */
const whileClosedMs = 30_000
/** A transaction holds a position's row for about this long, in milliseconds. */
const heldMs = 4
const outbox = { postedBy: 'outbox' as const }

/** Creates the closes of one process. Concurrent closes share their statements. */
export function createCriticalCloses(parts: Parts): CriticalCloses {
  const place = together((closings: Closing[]) => placeAll(parts, closings))

  async function placed(wanted: Closing): Promise<Placed> {
    let closing = wanted
    for (;;) {
      const step = await place(closing)
      if (step.kind === 'resting') {
        // Ask the venue once to cancel resting orders. If it does not give one back, the rest of the position is closed all the
        // same.
        const because = becauseOf[closing.purpose]
        await Promise.all([
          takeBackExits(parts, closing.positionId, because, outbox),
          takeBackProtection(parts, closing.positionId, because),
        ])
        closing = { ...closing, leavesResting: true }
      } else if (step.kind === 'held') await wait(heldMs)
      else return step
    }
  }

  async function attempt(order: ClosingOrder, isNew: boolean): Promise<Tried> {
    if (order.givenUpAt) return takeBack(order)
    if (order.cancelAskedAt) {
      const { outcome } = await endOrder(parts, order, outbox, order.cancelBecause)
      return outcome === 'unknown'
        ? { outcome: 'stuck', because: 'the venue does not cancel an order' }
        : { outcome: 'ended' }
    }
    const settled = await (isNew ? sendOrder : askForOrder)(parts, order, outbox)
    if (settled.outcome === 'refused' && (await madeRoom(order, settled.code)))
      return tried(await askForOrder(parts, order, outbox))
    return tried(settled)
  }

  /**
   * A broker takes no order that could trade with one of the other side, so those in the symbol are taken back when it has refused a
   * close, and those that the desk does not follow when it has refused it for them. False when there are none.
   */
  async function madeRoom(order: ClosingOrder, code: SendResult['code']): Promise<boolean> {
    const { accountId, symbol, purpose } = order
    const { venue } = await parts.venues.of(accountId)
    if (!venue.capabilities.isLinked) return false
    const openings = await liveOpenings(parts.db, accountId, symbol)
    const [, others] = await Promise.all([
      takeBackAll(parts, openings, becauseOf[purpose], outbox),
      takeBackInTheWay(parts, order, code),
    ])
    if (others.gone.length > 0) void tellTakenBack(parts, order, others)
    return openings.length + others.gone.length > 0
  }

  async function takeBack(order: ClosingOrder): Promise<Tried> {
    const words = await nowhereForGood(parts.db, order.id)
    if (words !== undefined) {
      const news = { fills: [], change: 'cancelled' as const, words }
      return { outcome: 'given up', order: (await recordNews(parts, { order, news, say: outbox })).order }
    }
    const isOnItsWay = order.callingUntil !== undefined && order.callingUntil > parts.clock.now()
    if (isOnItsWay) {
      const { outcome, order: now } = await askForOrder(parts, order, outbox)
      return outcome === 'filled' ? { outcome, price: averageFillPrice(now) } : { outcome: 'not back yet' }
    }
    const { outcome, order: now } = await endOrder(parts, order, outbox, 'given up')
    if (outcome === 'unknown') return { outcome: 'stuck', because: 'the venue did not answer' }
    return outcome === 'filled' ? { outcome, price: averageFillPrice(now) } : { outcome: 'given up', order: now }
  }

  async function goOn(closing: Closing, step: Placed): Promise<number | undefined> {
    if (step.kind === 'nothing left') return undefined
    if (step.kind === 'in flight') {
      const ageMs = parts.clock.now().getTime() - closing.since.getTime()
      await sayInFlight(parts, closing, step.position, ageMs)
      return whenGivenBackIn(ageMs)
    }
    const tries = await Promise.all(
      step.orders.map(async ({ order, isNew }) => ({ order, went: await attempt(order, isNew) })),
    )
    if (tries.every(({ went }) => went.outcome === 'given up')) return undefined
    if (tries.some(({ went }) => went.outcome === 'filled' && went.isFlat)) return undefined
    // Look at the position again, to close what is still open or what another order gave back.
    if (tries.some(({ went }) => went.outcome === 'filled' || went.outcome === 'ended'))
      return goOn(closing, await placed(closing))
    const closed = await closedNow(parts, step.orders[0]!.order)
    if (closed) {
      await Promise.all(tries.map(({ order, went }) => sayWaitsForOpen(parts, nowOf(order, went), closed)))
      const mostMs = closed.isAssumed ? longestAgainMs : whileClosedMs
      return Math.min(mostMs, Math.max(firstAgainMs, closed.opensAt.getTime() - parts.clock.now().getTime()))
    }
    const ages = await Promise.all(tries.map(({ order, went }) => tell(closing, order, went)))
    return step.othersHold ? whenGivenBackIn(Math.min(...ages)) : againIn(Math.min(...ages))
  }

  /** Reports a live order to the thread. Returns its age in milliseconds. */
  async function tell({ eventId }: Closing, order: ClosingOrder, went: Tried): Promise<number> {
    const { id, positionId, createdAt, purpose } = order
    const ageMs = parts.clock.now().getTime() - createdAt.getTime()
    if (went.outcome === 'working') await sayFilling(parts, went.order as ClosingOrder, ageMs)
    if (went.outcome === 'stuck') {
      const { because } = went
      const ids = { order: id, position_id: positionId, event_id: eventId }
      parts.log.warn({ ...ids, purpose, because, age_ms: ageMs }, 'not closed yet')
      await sayStuck(parts, order, because, ageMs)
    }
    return ageMs
  }

  return {
    tryAgain: (order) => attempt(order, false),
    close: async (closing) => goOn(closing, await placed(closing)),
  }
}

const nowOf = (order: ClosingOrder, went: Tried) => (went.outcome === 'working' ? (went.order as ClosingOrder) : order)

function tried({ outcome, order, position, words }: SendResult): Tried {
  if (outcome === 'filled') return { outcome, price: averageFillPrice(order), isFlat: position?.signedQuantity.eq(0) }
  if (!isLive(order)) return { outcome: 'ended' }
  if (outcome === 'working') return { outcome, order }
  return { outcome: 'stuck', because: words ?? 'the venue does not answer' }
}
