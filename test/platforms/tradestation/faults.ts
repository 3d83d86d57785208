import type { Range } from '../../contracts/venues/difficult/chance.ts'
import type { Draws as DrawsOf } from '../broker/draws.ts'
import { type LineFaults, lineTimings, noLineFaults } from '../broker/faults.ts'

/** Faults and difficulties, each a probability from 0 to 1. A test changes them at any time. */
export interface Faults extends LineFaults {
  /** The access token ends with this request, which is answered by 401 and not carried out. */
  expiredTokens: number
  /** A list of the account is answered by 200 with `Errors` and nothing else. */
  softErrors: number
  /** A placement that is refused is told in `Orders` with an `Error`, not in `Errors`. */
  errorsInOrders: number
  /** A placement that is refused is answered as if it were sent, and rejected a little later with the reason. */
  lateRejects: number

  // Orders.
  /** An order is filled in several parts, one after the other. */
  parts: number
  /** A cancel is sent, and the end comes later. */
  slowCancels: number
  /** A cancel is sent, and something is filled before the end. */
  racingCancels: number
  /** A replace is sent, and done later; until then the old terms may be filled. */
  slowReplaces: number
  /** The other orders of a group are cancelled or made smaller only a little after a fill. */
  slowGroups: number
  /** The fills of an order are shown with the status `ACK`, and `FPR` and `FLL` come later. */
  fillsInAck: number
  /** After `FLP` (partly filled, and over) the order is told once more as `OUT`. */
  outsAfterPartial: number
  /** A stop that is hit is told as `STP`, which the published list of the stream does not have. */
  stopHits: number
  /** An order is shown for a while with a status that is not published. */
  unknownStatuses: number
  /** A new order is in no list for a while. */
  missing: number

  /** A frame comes in two pieces. */
  splitFrames: number
  /** A new stream goes on with its heartbeats, and says nothing else after its snapshot. */
  hungStreams: number
}

export type Fault = keyof Faults

/** No fault at all. */
export const noFaults: Readonly<Faults> = {
  ...noLineFaults,
  expiredTokens: 0,
  softErrors: 0,
  errorsInOrders: 0,
  lateRejects: 0,
  parts: 0,
  slowCancels: 0,
  racingCancels: 0,
  slowReplaces: 0,
  slowGroups: 0,
  fillsInAck: 0,
  outsAfterPartial: 0,
  stopHits: 0,
  unknownStatuses: 0,
  missing: 0,
  splitFrames: 0,
  hungStreams: 0,
}

/** Durations in milliseconds of the broker's time. */
export const timings = {
  ...lineTimings,
  /** Between two parts of an order. */
  part: [50, 3000],
  /** Before a late rejection. */
  reject: [50, 2000],
  /** Between a request (a cancel, a replace), or a fill in a group, and its result. */
  result: [50, 3000],
  /** For which a status is not known, or is not yet the true one. */
  status: [500, 10_000],
  /** For which an order is not shown. */
  missing: [500, 20_000],
} satisfies Record<string, Range>

/** The draws of a local TradeStation. */
export type Draws = DrawsOf<Fault, keyof typeof timings>
