import { type Chance, chanceOf, type Range } from '../../contracts/venues/difficult/chance.ts'

/** Faults and difficulties, each a probability from 0 to 1. A test changes them at any time. */
export interface Faults {
  // Placements.
  /** A placement never arrives: the connection is cut. */
  lostPlacements: number
  /** A placement arrives, and its answer is lost: the connection is cut. */
  lostAnswers: number
  /** A placement arrives, and is answered by 500, 502 or 504. */
  falseFailures: number
  /** A placement arrives late: its caller hears nothing until then. */
  slowPlacements: number

  // Any other request, and placements that then did not arrive.
  /** 429, with the time of the next attempt. */
  busy: number
  /** 500 or 502. */
  failures: number
  /** The connection is open, and nothing is answered. */
  silences: number

  // Orders.
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

  // Streams.
  droppedFrames: number
  doubledFrames: number
  lateFrames: number
  /** A frame waits for the one after it. */
  reorderedFrames: number
  /** A new stream takes what it is told, and then never says anything, nor answers pings. */
  halfOpenStreams: number
  /** The connection is cut in place of a frame. */
  cutStreams: number

  /** Decimals are JSON numbers with all their digits, not texts. */
  bareNumbers: number
}

export type Fault = keyof Faults

/** No fault at all. */
export const noFaults: Readonly<Faults> = {
  lostPlacements: 0,
  lostAnswers: 0,
  falseFailures: 0,
  slowPlacements: 0,
  busy: 0,
  failures: 0,
  silences: 0,
  parts: 0,
  lateRejects: 0,
  slowCancels: 0,
  racingCancels: 0,
  slowReplaces: 0,
  unknownStatuses: 0,
  doneForDay: 0,
  lateActivities: 0,
  missing: 0,
  droppedFrames: 0,
  doubledFrames: 0,
  lateFrames: 0,
  reorderedFrames: 0,
  halfOpenStreams: 0,
  cutStreams: 0,
  bareNumbers: 0,
}

/** Durations in milliseconds of the broker's time. */
export const timings = {
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
  /** The delay of a late frame. */
  frame: [50, 10_000],
  /** The delay of a late placement. */
  placement: [500, 8000],
} satisfies Record<string, Range>

/** The draws of one server: each kind of fault has a sequence of its own, so that no other thing changes it. */
export interface Draws {
  happens(fault: Fault): boolean
  /** Milliseconds. */
  wait(timing: keyof typeof timings): number
  between(range: Range): number
}

/** Draws from a seed by the probabilities as they are then. */
export function createDraws(seed: number, faults: Faults): Draws {
  const chances = new Map<string, Chance>()
  function of(about: string): Chance {
    const known = chances.get(about) ?? chanceOf(seed, about)
    chances.set(about, known)
    return known
  }
  return {
    happens: (fault) => faults[fault] > 0 && of(fault).happens(faults[fault]),
    wait: (timing) => of(timing).between(timings[timing]),
    between: (range) => of('between').between(range),
  }
}
