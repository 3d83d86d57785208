import type { Range } from '../../contracts/venues/difficult/chance.ts'
import type { Draws as DrawsOf } from '../broker/draws.ts'
import { type LineFaults, lineTimings, noLineFaults } from '../broker/faults.ts'

/** Faults and difficulties, each a probability from 0 to 1. A test changes them at any time. */
export interface Faults extends LineFaults {
  /** A request that places no order is answered by `EAPI:Invalid nonce`, and not carried out. */
  invalidNonces: number
  /** A look is answered by `EService:Unavailable`. */
  unavailable: number
  /** An order is filled in several parts, one after the other. */
  parts: number
  /** A cancel is pending for a while. */
  slowCancels: number
  /** A cancel is pending, and something is filled before the end. */
  racingCancels: number
  /** An amendment is done a little later. */
  slowAmends: number
  /** Trades are on the list only a little after their order shows them. */
  lateTrades: number
  /** An order is shown for a while with a status that is not published. */
  unknownStatuses: number
}

/** No fault at all. */
export const noFaults: Readonly<Faults> = {
  ...noLineFaults,
  invalidNonces: 0,
  unavailable: 0,
  parts: 0,
  slowCancels: 0,
  racingCancels: 0,
  slowAmends: 0,
  lateTrades: 0,
  unknownStatuses: 0,
}

/** Durations in milliseconds of the exchange's time. */
export const timings = {
  ...lineTimings,
  /** Between two parts of an order. */
  part: [50, 3000],
  /** Between a request (a cancel, an amendment) and its result. */
  result: [50, 3000],
  /** For which a status is not known. */
  status: [500, 5000],
  /** For which a trade is not listed. */
  trade: [100, 5000],
} satisfies Record<string, Range>

/** The draws of a local Kraken. */
export type Draws = DrawsOf<keyof Faults, keyof typeof timings>
