import type { Range } from '../../contracts/venues/difficult/chance.ts'
import type { Draws } from './draws.ts'

/** Faults of requests and streams at any broker, each a probability from 0 to 1. */
export interface LineFaults {
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
}

export type LineFault = keyof LineFaults

/** No fault of these at all. */
export const noLineFaults: Readonly<LineFaults> = {
  lostPlacements: 0,
  lostAnswers: 0,
  falseFailures: 0,
  slowPlacements: 0,
  busy: 0,
  failures: 0,
  silences: 0,
  droppedFrames: 0,
  doubledFrames: 0,
  lateFrames: 0,
  reorderedFrames: 0,
  halfOpenStreams: 0,
  cutStreams: 0,
}

/** Durations in milliseconds of the broker's time. */
export const lineTimings = {
  /** The delay of a late frame. */
  frame: [50, 10_000],
  /** The delay of a late placement. */
  placement: [500, 8000],
} satisfies Record<string, Range>

export type LineDraws = Draws<LineFault, keyof typeof lineTimings>
