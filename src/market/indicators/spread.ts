import type { Quote } from '../market.ts'

/** The distance from bid to ask: in cents, and in basis points of the price halfway between them. */
export interface Spread {
  cents: number
  basisPoints: number
}

/** The spreads of one minute, as sums: a symbol takes the same room however many quotes it has. */
export interface SpreadMinute extends Spread {
  /** Its number, counted from the epoch. */
  minute: number
  /** When its first quote was, in milliseconds. */
  since: number
  count: number
}

/** A mean of spreads, how many it is of, and how many milliseconds they reach back. */
export interface MeanSpread extends Spread {
  count: number
  overMs: number
}

/** The mean reaches back so many minutes, the one that runs included. */
export const spreadMinutes = 20
/** Fewer quotes than this make no mean. */
export const leastSpreads = 20

const minuteMs = 60_000

/** Works the spread of a quote out. */
export function spreadOf({ bid, ask }: Pick<Quote, 'bid' | 'ask'>): Spread {
  const width = ask.minus(bid)
  const middle = bid.plus(ask).div(2)
  return { cents: width.times(100).toNumber(), basisPoints: width.div(middle).times(10_000).toNumber() }
}

/** Adds the spread of a quote to the minutes of its symbol, and leaves out those that are too old by then. */
export function withSpread(minutes: SpreadMinute[], quote: Pick<Quote, 'bid' | 'ask' | 'at'>): SpreadMinute[] {
  const at = quote.at.getTime()
  const minute = Math.floor(at / minuteMs)
  const { cents, basisPoints } = spreadOf(quote)
  const others = minutes.filter((one) => one.minute !== minute && one.minute > minute - spreadMinutes)
  const before = minutes.find((one) => one.minute === minute) ?? { since: at, cents: 0, basisPoints: 0, count: 0 }
  const sums = { cents: before.cents + cents, basisPoints: before.basisPoints + basisPoints, count: before.count + 1 }
  return [...others, { minute, since: Math.min(at, before.since), ...sums }]
}

/** Takes the mean of the spreads of the last minutes, each quote counting the same; undefined where there are none. */
export function meanSpread(minutes: SpreadMinute[], now: Date): MeanSpread | undefined {
  const recent = minutes.filter(({ minute }) => minute > Math.floor(now.getTime() / minuteMs) - spreadMinutes)
  const sum = (of: (one: SpreadMinute) => number) => recent.reduce((so, one) => so + of(one), 0)
  const count = sum((one) => one.count)
  if (count === 0) return undefined
  return {
    cents: sum((one) => one.cents) / count,
    basisPoints: sum((one) => one.basisPoints) / count,
    count,
    overMs: Math.max(0, now.getTime() - Math.min(...recent.map(({ since }) => since))),
  }
}

/** Says in words how a spread compares with its mean, both in basis points. */
export function spreadMeaning(now: number, mean: number): string {
  if (now === mean) return 'as wide as usual'
  if (now >= 2 * mean) return 'unusually wide: an order at the market costs more than it usually does'
  if (now >= 1.25 * mean) return 'wider than usual'
  return now > 0.8 * mean ? 'as wide as usual' : 'tighter than usual'
}
