import type { Range } from '../../contracts/venues/difficult/chance.ts'
import type { Draws as DrawsOf } from '../broker/draws.ts'
import { type LineFaults, lineTimings, noLineFaults } from '../broker/faults.ts'

/** Faults and difficulties, each a probability from 0 to 1. A test changes them at any time. */
export interface Faults extends LineFaults {
  /** An order is filled in several parts, one after the other. */
  parts: number
  /** An order is accepted, and rejected a little later. */
  lateRejects: number
  /** A cancel is accepted, and the end comes later. */
  slowCancels: number
  /** A cancel is accepted, and something is filled before the end. */
  racingCancels: number
  /** A replace is accepted, and done later; until then the old order may be filled. */
  slowReplaces: number
  /** An order is shown for a while with a status that is not published. */
  unknownStatuses: number
  /** An order that outlives the session is done for the day at its close, and goes on at the next open. */
  doneForDay: number
  /** An execution counts at once, and its activity is listed later. */
  lateActivities: number
  /** A new order is not shown for a while by its client id. */
  missing: number

  /** Decimals are JSON numbers with all their digits, not texts. */
  bareNumbers: number
}

export type Fault = keyof Faults

/** No fault at all. */
export const noFaults: Readonly<Faults> = {
  ...noLineFaults,
  parts: 0,
  lateRejects: 0,
  slowCancels: 0,
  racingCancels: 0,
  slowReplaces: 0,
  unknownStatuses: 0,
  doneForDay: 0,
  lateActivities: 0,
  missing: 0,
  bareNumbers: 0,
}

/** Durations in milliseconds of the broker's time. */
export const timings = {
  ...lineTimings,
  /** Between two parts of an order. */
  part: [50, 3000],
  /** Before a late rejection. */
  reject: [50, 2000],
  /** Between a request (a cancel, a replace) and its result. */
  result: [50, 3000],
  /** For which a status is not known. */
  status: [500, 10_000],
  /** Before an activity is listed. */
  listing: [100, 10_000],
  /** For which an order is not shown. */
  missing: [500, 20_000],
} satisfies Record<string, Range>

/** The draws of a local Alpaca. */
export type Draws = DrawsOf<Fault, keyof typeof timings>
