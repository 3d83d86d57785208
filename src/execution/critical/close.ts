import { setTimeout as wait } from 'node:timers/promises'
import type { ClosingOrder } from '../../ledger/closings.ts'
import { together } from '../../together.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { takeBackExits } from '../orders/end-order.ts'
import type { Parts } from '../parts.ts'
import { askVenue, sendToVenue, takeFromVenue } from './call.ts'
import { type Closing, placeAll, type Step } from './place.ts'
import { type FilledClosing, recordAll } from './record.ts'
import { sayInFlight, sayStuck } from './stuck.ts'
import { takeBack } from './take-back.ts'
import { becauseOf } from './text.ts'

/** How a try at a closing order went. `stuck`: not filled, and why. */
export type Tried =
  | { outcome: 'filled'; fill: VenueFill; isFlat: boolean }
  | { outcome: 'stuck'; because: string }
  | { outcome: 'given up' }
  /** Given up, but a call to the venue may still be on its way. */
  | { outcome: 'not back yet' }

/** Closes positions at once, each once, however many ask for it and however often. */
export interface CriticalCloses {
  /**
   * Takes the close of a position as far as it goes now. Answers with the milliseconds after which to go on; undefined
   * when there is nothing left to do. Throws when Postgres does not answer; a later call goes on from what was committed.
   */
  close(closing: Closing): Promise<number | undefined>
  /** The same, but only if it is begun here and now: a close that somebody else is at is left to them. */
  begin(closing: Closing): Promise<number | undefined>
  /** One more try at an order that is working already, with the same id. */
  tryAgain(order: ClosingOrder): Promise<Tried>
}

/** What a close comes to, once nobody holds its position and nothing rests in its way. */
type Placed = Exclude<Step, { kind: 'held' | 'resting' }>

const firstAgainMs = 250
const longestAgainMs = 5000
const againIn = (ageMs: number) => Math.min(longestAgainMs, Math.max(firstAgainMs, ageMs / 4))
/** Whoever holds a position's row has done with it in about this time. */
const heldMs = 4

/** The closes of one process. Positions that are to be closed at the same moment share their statements. */
export function createCriticalCloses(parts: Parts): CriticalCloses {
  const place = together((closings: Closing[]) => placeAll(parts, closings))
  const record = together((filled: FilledClosing[]) => recordAll(parts, filled))

  async function placed(wanted: Closing): Promise<Placed> {
    let closing = wanted
    for (;;) {
      const step = await place(closing)
      if (step.kind === 'resting') {
        // The venue is asked once here: what it does not give back does not keep the rest from being closed.
        await takeBackExits(parts, closing.positionId, becauseOf[closing.purpose], { postedBy: 'outbox' })
        closing = { ...closing, leavesResting: true }
      } else if (step.kind === 'held') await wait(heldMs)
      else return step
    }
  }

  async function recorded(order: ClosingOrder, fill: VenueFill): Promise<Tried> {
    for (;;) {
      const result = await record({ order, fill })
      if (result !== 'held') return { outcome: 'filled', fill, ...result }
      await wait(heldMs)
    }
  }

  async function attempt(order: ClosingOrder, isNew: boolean): Promise<Tried> {
    const isOnItsWay = order.callingUntil !== undefined && order.callingUntil > parts.clock.now()
    let fill: VenueFill | undefined
    try {
      if (isNew) fill = await sendToVenue(parts, order, order.callingUntil)
      else if (!order.givenUpAt) fill = (await askVenue(parts, order)) ?? (await sendToVenue(parts, order))
      else fill = await (isOnItsWay ? askVenue : takeFromVenue)(parts, order)
    } catch (cause) {
      return { outcome: 'stuck', because: cause instanceof Error ? cause.message : String(cause) }
    }
    if (fill) return recorded(order, fill)
    if (isOnItsWay) return { outcome: 'not back yet' }
    await takeBack(parts, order)
    return { outcome: 'given up' }
  }

  async function goOn(closing: Closing, step: Placed): Promise<number | undefined> {
    if (step.kind === 'nothing left') return undefined
    if (step.kind === 'in flight') {
      const ageMs = parts.clock.now().getTime() - closing.since.getTime()
      await sayInFlight(parts, closing, step.position, ageMs)
      return againIn(ageMs)
    }
    const tried = await attempt(step.order, step.isNew)
    if (tried.outcome === 'given up') return undefined
    // What another order had in flight may come back.
    if (tried.outcome === 'filled') return tried.isFlat ? undefined : firstAgainMs
    const { id, positionId, createdAt, purpose } = step.order
    const ageMs = parts.clock.now().getTime() - createdAt.getTime()
    if (tried.outcome === 'stuck') {
      const ids = { order: id, position_id: positionId, event_id: closing.eventId }
      parts.log.warn({ ...ids, purpose, because: tried.because, age_ms: ageMs }, 'not closed yet')
      await sayStuck(parts, step.order, tried.because, ageMs)
    }
    return againIn(ageMs)
  }

  return {
    tryAgain: (order) => attempt(order, false),
    close: async (closing) => goOn(closing, await placed(closing)),
    async begin(closing) {
      const step = await place(closing)
      return step.kind === 'order' && step.isNew ? goOn(closing, step) : firstAgainMs
    },
  }
}
