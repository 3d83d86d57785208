import type { Bar } from '../market.ts'
import { candle } from './candle.ts'

/** A price in dollars at which the market has turned. */
export interface Level {
  price: number
  /** The number of turns in it. */
  touches: number
}

/** The classic floor pivots of a session, in dollars. */
export interface FloorPivots {
  pivot: number
  r1: number
  r2: number
  s1: number
  s2: number
}

/** Bars on each side of a turn. */
const wing = 2
const mostLevels = 3

/** Bars needed for the first turn. */
export const turnBars = 2 * wing + 1

/**
 * The floor traders' pivots for the session after this bar: P = (high + low + close) / 3, R1 = 2P - low, S1 = 2P - high, R2 =
 * P + (high - low), S2 = P - (high - low) (J. Person, "A Complete Guide to Technical Trading Tactics", 2004).
 */
export function floorPivots(session: Bar): FloorPivots {
  const { high, low, close } = candle(session)
  const pivot = (high + low + close) / 3
  return { pivot, r1: 2 * pivot - low, s1: 2 * pivot - high, r2: pivot + (high - low), s2: pivot - (high - low) }
}

/**
 * The prices at which bars turned, lowest first: highs above the highs of two bars before and two after, and lows below their
 * lows (the fractals of B. Williams, "Trading Chaos", 1995; among equal neighbours the first counts).
 */
export function turns(bars: Bar[]): number[] {
  const candles = bars.map(candle)
  const found: number[] = []
  for (let at = wing; at < candles.length - wing; at++) {
    const [before, after] = [candles.slice(at - wing, at), candles.slice(at + 1, at + 1 + wing)]
    const { high, low } = candles[at]!
    if (before.every((one) => one.high < high) && after.every((one) => one.high <= high)) found.push(high)
    if (before.every((one) => one.low > low) && after.every((one) => one.low >= low)) found.push(low)
  }
  return found.sort((a, b) => a - b)
}

/**
 * Groups turns into levels, lowest first: a turn within an average true range of the mean of a level joins it, and the level
 * is at the mean of its turns. `averageRange` is in dollars.
 */
export function clustered(sorted: number[], averageRange: number): Level[] {
  const levels: Level[] = []
  for (const price of sorted) {
    const last = levels.at(-1)
    if (last && price - last.price <= averageRange) {
      last.price = (last.price * last.touches + price) / (last.touches + 1)
      last.touches += 1
    } else levels.push({ price, touches: 1 })
  }
  return levels
}

/** The three nearest levels at or below a price, and the three above it; the nearest first. */
export function around(levels: Level[], price: number): { supports: Level[]; resistances: Level[] } {
  const below = levels.filter((level) => level.price <= price)
  const above = levels.filter((level) => level.price > price)
  return { supports: below.slice(-mostLevels).reverse(), resistances: above.slice(0, mostLevels) }
}
