import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { type Big, floorTo, zero } from '../../../base/amounts.ts'

/** The speed of an evenly spread scaleout. */
export type PlainSpeed = 'fast' | 'medium' | 'slow'

/** The speed of a scaleout: even, or following volume and volatility (`planSmartScaleout`). */
export type Speed = PlainSpeed | 'smart'

/** Both ends count. */
export interface Range {
  least: number
  most: number
}

/** The bounds of a speed: the count of chunks, the wait before each, and the whole time, in milliseconds. */
export interface Pace {
  chunks: Range
  delayMs: Range
  wholeMs: Range
  /** The whole time in words: `text` follows "over the next", `span` stands alone. */
  text: string
  span: string
}

const seconds = (least: number, most: number): Range => ({ least: least * 1000, most: most * 1000 })

export const paces: Record<PlainSpeed, Pace> = {
  fast: {
    chunks: { least: 6, most: 10 },
    delayMs: seconds(10, 30),
    wholeMs: seconds(60, 180),
    text: '1-3 minutes',
    span: '1-3 minutes',
  },
  medium: {
    chunks: { least: 8, most: 12 },
    delayMs: seconds(60, 120),
    wholeMs: seconds(600, 900),
    text: '10-15 minutes',
    span: '10-15 minutes',
  },
  slow: {
    chunks: { least: 10, most: 15 },
    delayMs: seconds(240, 480),
    wholeMs: seconds(3300, 4200),
    text: 'hour',
    span: '55-70 minutes',
  },
}

/** A planned chunk: its quantity, and the wait before it in milliseconds. */
export interface PlannedChunk {
  /** Counts from 1. */
  number: number
  quantity: Big
  delayMs: number
}

/** The longest and the shortest wait of a plan differ by at least this share of the range, so that none is regular. */
const leastSpread = 0.25

/**
 * Draws a scaleout of `total`; the last chunk has what is no whole `lot`. The same seed gives the same plan. Quantities are even and times
 * are random: every wait lies in the range of the speed, the waits are spread over at least a quarter of that range, and the
 * whole time lies in its window. With so few chunks that long waits do not fill the window, the whole time is shorter.
 */
export function planScaleout(total: Big, lot: Big, speed: PlainSpeed, seed: number): PlannedChunk[] {
  const pace = paces[speed]
  const random = xoroshiro128plus(seed)
  const drawn = uniformInt(random, pace.chunks.least, pace.chunks.most)
  const count = chunksOf(total, lot, drawn)
  return evenChunks(total, lot, randomWaits(random, count, pace))
}

/** The number of chunks: as many as are wanted, but no more than there are whole lots, and at least one. */
export function chunksOf(total: Big, lot: Big, wanted: number): number {
  const lots = total.div(lot)
  return lots.gte(wanted) ? wanted : Math.max(1, Math.floor(lots.toNumber()))
}

/** The last chunk takes a rest of at most this share of a chunk. A larger one would make it stand out. */
const mostRest = 0.1

/**
 * Chunks with these waits in milliseconds. They are alike, and the last takes the rest; the whole lots of a rest that is large beside a
 * chunk go to the first chunks instead, one each.
 */
export function evenChunks(total: Big, lot: Big, delays: number[]): PlannedChunk[] {
  const { length } = delays
  const quantity = floorTo(total.div(length), lot)
  const rest = total.minus(quantity.times(length))
  const withMore = rest.lte(quantity.times(mostRest)) ? 0 : Math.floor(rest.div(lot).toNumber())
  const left = rest.minus(lot.times(withMore))
  const more = (index: number) => (index < withMore ? lot : zero).plus(index === length - 1 ? left : zero)
  return delays.map((delayMs, index) => ({ number: index + 1, quantity: quantity.plus(more(index)), delayMs }))
}

/**
 * Random waits in whole milliseconds, each within its range, with a sum in the window, or near it with few chunks. They are
 * spread over a random part of the range, with one in each step of it, so that they never crowd at one end.
 */
export function randomWaits(
  random: RandomGenerator,
  count: number,
  { delayMs, wholeMs }: Pick<Pace, 'delayMs' | 'wholeMs'>,
): number[] {
  const span = delayMs.most - delayMs.least
  if (count === 1) return [uniformInt(random, delayMs.least, delayMs.most)]
  // The time to distribute above the least waits.
  const [least, most] = [wholeMs.least - count * delayMs.least, wholeMs.most - count * delayMs.least]
  const apart = Math.ceil(span * leastSpread)
  // However the waits fall within a spread of this width, they can be moved to a sum in the window.
  const widest = Math.floor(Math.min(span, (2 * most) / (count + 1), (2 * (count * span - least)) / (count + 1)))
  const spread = uniformInt(random, apart, Math.max(apart, widest))
  const steps = stepped(random, spread, count)
  const sum = steps.reduce((all, one) => all + one, 0)
  const highest = Math.max(0, Math.min(span - spread, Math.floor((most - sum) / count)))
  const lowest = Math.min(highest, Math.max(0, Math.ceil((least - sum) / count)))
  const shortest = delayMs.least + uniformInt(random, lowest, highest)
  return shuffled(random, steps).map((step) => shortest + step)
}

/** Values from zero to `spread`, both included, and one at random in each of the equal steps between them. */
function stepped(random: RandomGenerator, spread: number, count: number): number[] {
  const between = count - 2
  const edge = (step: number) => Math.round((spread * step) / between)
  const inner = Array.from({ length: between }, (_, step) => uniformInt(random, edge(step), edge(step + 1)))
  return [0, ...inner, spread]
}

/** Fisher-Yates shuffle, so that no position is favoured. */
function shuffled(random: RandomGenerator, values: number[]): number[] {
  for (let index = values.length - 1; index > 0; index--) {
    const other = uniformInt(random, 0, index)
    ;[values[index], values[other]] = [values[other]!, values[index]!]
  }
  return values
}
