import type { VenueOrderState, VenueRefusalCode } from '../../../../src/venues/venue.ts'
import type { Chance } from './chance.ts'
import type { Difficulties, Timings } from './difficulties.ts'

/** A part of an order. */
export interface Part {
  /** Its relative size. */
  weight: number
  /** Milliseconds before it, once the market is there and the previous part is filled. */
  afterMs: number
}

/** The fate of one order at a difficult venue. It is drawn when the order first arrives, or written by a test. */
export interface Fate {
  /** The order is refused this many times; `Infinity` is for good. */
  refused: { code: VenueRefusalCode; times: number }
  /** The parts that fill it, one after the other, while the market is there. */
  parts: Part[]
  /** The quantity filled beyond its own, as a share of it. */
  overfill: number
  /** The price difference beyond its limit, as a share of it. */
  worse: number
  /** The part, counted from 0, that is taken back this many milliseconds after it. */
  bust?: { part: number; afterMs: number }
  /** Each execution is shown twice under its id. */
  isRepeated: boolean
  /** Milliseconds before an execution is in reports and lists. */
  listedAfterMs: number
  /** The end that comes without a request, after this many parts and milliseconds. */
  end?: { state: VenueOrderState; words: string; afterParts: number; afterMs: number }
  cancel: {
    /** The cancel is refused this many times. */
    refusedTimes: number
    /** Milliseconds until the end; 0 is at once. */
    afterMs: number
    /** A part is filled between the request and the end. */
    isRaced: boolean
  }
  /** A part is filled this many milliseconds after an end that left some of the order. */
  lateFillMs?: number
  replace: {
    isRefused: boolean
    /** Milliseconds until it is done; 0 is at once. */
    afterMs: number
    givesNewId: boolean
    refusesOldIds: boolean
  }
  /** Milliseconds for which `find`, `openOrders`, `cancel` and `replace` do not know the order. */
  missingMs: number
  /** Milliseconds for which the ended order is shown as working. */
  unknownStatusMs: number
}

/** The fate of an order without difficulties: it is filled whole, at once. Each call returns a new one. */
export function calmFate(): Fate {
  return {
    refused: { code: 'OTHER', times: 0 },
    parts: [{ weight: 1, afterMs: 0 }],
    overfill: 0,
    worse: 0,
    isRepeated: false,
    listedAfterMs: 0,
    cancel: { refusedTimes: 0, afterMs: 0, isRaced: false },
    replace: { isRefused: false, afterMs: 0, givesNewId: false, refusesOldIds: false },
    missingMs: 0,
    unknownStatusMs: 0,
  }
}

/** Codes of refusals for orders that may be accepted later. */
const refusalCodes: VenueRefusalCode[] = ['HALTED', 'MARKET_CLOSED', 'NOT_ENOUGH_MONEY', 'TOO_MANY_REQUESTS', 'OTHER']

const ends = [
  ['halts', 'cancelled', 'halted: regulatory halt'],
  ['iocs', 'cancelled', 'immediate or cancel: the rest was not there'],
  ['expiries', 'expired', 'expired by the venue'],
  ['lateRefusals', 'refused', 'refused after it was accepted'],
] as const

/** Draws the fate of an order. */
export function drawFate(chance: Chance, difficulties: Difficulties, timings: Timings): Fate {
  const { happens, between, oneOf } = chance
  const has = (difficulty: keyof Difficulties) => happens(difficulties[difficulty])
  /** Always drawn, so that one setting leaves the later draws unchanged. */
  const milliseconds = (difficulty: keyof Difficulties, range: keyof Timings) => {
    const drawn = between(timings[range])
    return has(difficulty) ? drawn : 0
  }
  const few = between([1, 3])
  const isRefusedForGood = has('lastingRefusals')
  const isRefused = has('refusals')
  const code = oneOf(refusalCodes)
  const count = between([2, 5])
  const several = Array.from({ length: count }, () => ({ weight: between([1, 9]), afterMs: between(timings.part) }))
  const parts = has('parts') ? several : several.slice(0, 1)
  parts[0]!.afterMs = milliseconds('waits', 'part')
  const bust = { part: between([0, parts.length - 1]), afterMs: between(timings.bust) }
  const endAfterParts = between([0, parts.length - 1])
  const endAfterMs = between(timings.end)
  const end = ends.map(([difficulty, state, words]) => {
    const afterParts = difficulty === 'lateRefusals' ? 0 : endAfterParts
    const afterMs = difficulty === 'iocs' ? 0 : endAfterMs
    return has(difficulty) ? { state, words, afterParts, afterMs } : undefined
  })
  return {
    refused: { code, times: isRefusedForGood ? Number.POSITIVE_INFINITY : isRefused ? few : 0 },
    parts,
    overfill: has('overfills') ? 0.1 : 0,
    worse: has('worseFills') ? 0.01 : 0,
    bust: has('busts') ? bust : undefined,
    isRepeated: has('repeatedIds'),
    listedAfterMs: milliseconds('lateInLists', 'listing'),
    end: end.find((one) => one !== undefined),
    cancel: {
      refusedTimes: has('refusedCancels') ? few : 0,
      afterMs: milliseconds('slowCancels', 'wish'),
      isRaced: has('racingCancels'),
    },
    lateFillMs: milliseconds('lateFills', 'lateFill') || undefined,
    replace: {
      isRefused: has('refusedReplaces'),
      afterMs: milliseconds('slowReplaces', 'wish'),
      givesNewId: has('newIds'),
      refusesOldIds: has('refusedOldIds'),
    },
    missingMs: milliseconds('missing', 'missing'),
    unknownStatusMs: milliseconds('unknownStatuses', 'status'),
  }
}
