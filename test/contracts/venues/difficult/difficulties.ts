import type { Range } from './chance.ts'

/** The difficulties of a venue, each a probability from 0 to 1. */
export interface Difficulties {
  // Fills.
  /** An order is filled in several parts of drawn sizes, one after the other. */
  parts: number
  /** An order that could be filled waits before each of its parts. */
  waits: number
  /** More is filled than was ordered. */
  overfills: number
  /** An order is filled at a price worse than its limit. */
  worseFills: number
  /** A fill is taken back. */
  busts: number
  /** An execution is shown twice under its id, in reports, lists and events. */
  repeatedIds: number
  /** An execution counts in `filledQuantity` before reports and lists show it. */
  lateInLists: number

  // Ends without a request, each before any part or after some.
  /** The venue cancels an order for a halt. */
  halts: number
  /** An order is cancelled like an immediate-or-cancel order, as soon as a part of it could not be filled. */
  iocs: number
  /** An order expires before its time. */
  expiries: number
  /** An order is accepted, and refused a little later. */
  lateRefusals: number

  // Refusals.
  /** An order is refused with a drawn code, once or a few times; then it is taken. */
  refusals: number
  /** An order is refused, however often it is sent. */
  lastingRefusals: number

  // Cancels.
  /** A cancel is refused, once or a few times. */
  refusedCancels: number
  /** A cancel is accepted, and the end comes later. */
  slowCancels: number
  /** A cancel is accepted, and a fill comes before the end. */
  racingCancels: number
  /** A fill comes after the reported end of an order. */
  lateFills: number

  // Replaces.
  refusedReplaces: number
  /** A replace is accepted, and done later, unless the order has ended by then. */
  slowReplaces: number
  /** A replaced order has a new id. */
  newIds: number
  /** A call with an order's id from before a replace is refused. */
  refusedOldIds: number

  // Calls.
  /** A call never arrives, and has no answer. */
  lostRequests: number
  /** A call arrives, and its answer is lost. */
  lostAnswers: number
  /** A call arrives late. */
  slowRequests: number
  /** An answer is late. */
  slowAnswers: number
  /** An answer is about another order: with another symbol, side, quantity, account or client id. */
  wrongAnswers: number
  /** An accepted order is not shown for a while. */
  missing: number
  /** An order that has ended is shown for a while with an unknown status, as working. */
  unknownStatuses: number

  // Events.
  lostEvents: number
  doubledEvents: number
  lateEvents: number
  /** An event waits for the one after it. */
  reorderedEvents: number
  /** An event is about another order. */
  wrongEvents: number
}

export type Difficulty = keyof Difficulties

/** No difficulty at all. */
export const calm: Readonly<Difficulties> = {
  parts: 0,
  waits: 0,
  overfills: 0,
  worseFills: 0,
  busts: 0,
  repeatedIds: 0,
  lateInLists: 0,
  halts: 0,
  iocs: 0,
  expiries: 0,
  lateRefusals: 0,
  refusals: 0,
  lastingRefusals: 0,
  refusedCancels: 0,
  slowCancels: 0,
  racingCancels: 0,
  lateFills: 0,
  refusedReplaces: 0,
  slowReplaces: 0,
  newIds: 0,
  refusedOldIds: 0,
  lostRequests: 0,
  lostAnswers: 0,
  slowRequests: 0,
  slowAnswers: 0,
  wrongAnswers: 0,
  missing: 0,
  unknownStatuses: 0,
  lostEvents: 0,
  doubledEvents: 0,
  lateEvents: 0,
  reorderedEvents: 0,
  wrongEvents: 0,
}

/** Durations in milliseconds of the venue's time. */
export interface Timings {
  /** Before a part is filled. */
  part: Range
  /** The delay of a late call or answer: some callers wait that long, some have given up. */
  slow: Range
  /** Between a request (a cancel, a replace) and its result. */
  wish: Range
  /** Between an end and a fill after it. */
  lateFill: Range
  /** Between a fill and its bust. */
  bust: Range
  /** Before an execution is in reports and lists. */
  listing: Range
  /** For which an order is not shown. `lostAfterMs` of the venue is longer. */
  missing: Range
  /** For which the status of an ended order is unknown. */
  status: Range
  /** The delay of a late event. */
  event: Range
  /** Between an acceptance and an end without a request. */
  end: Range
}

export const timings: Readonly<Timings> = {
  part: [50, 3000],
  slow: [1200, 8000],
  wish: [50, 3000],
  lateFill: [50, 5000],
  bust: [500, 10_000],
  listing: [100, 10_000],
  missing: [500, 20_000],
  status: [500, 10_000],
  event: [50, 10_000],
  end: [50, 2000],
}
