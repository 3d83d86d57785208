import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { type Big, floorTo } from '../../../base/amounts.ts'

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
    span: 'an hour',
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
 * Draws a scaleout of `total` (a positive multiple of `lot`). The same seed gives the same plan. Quantities are even and times
 * are random: every wait lies in the range of the speed, the waits differ by at least a quarter of that range, and the whole
 * time lies in its window. With so few chunks that even the longest waits do not fill the window, the whole time is shorter.
 */
export function planScaleout(total: Big, lot: Big, speed: PlainSpeed, seed: number): PlannedChunk[] {
  const pace = paces[speed]
  const random = xoroshiro128plus(seed)
  const lots = total.div(lot)
  const drawn = uniformInt(random, pace.chunks.least, pace.chunks.most)
  const count = lots.lt(drawn) ? lots.toNumber() : drawn
  return evenChunks(total, lot, randomWaits(random, count, pace))
}

/** Chunks with these waits in milliseconds, all alike; the last takes the rest. */
export function evenChunks(total: Big, lot: Big, delays: number[]): PlannedChunk[] {
  const quantity = floorTo(total.div(delays.length), lot)
  const last = total.minus(quantity.times(delays.length - 1))
  return delays.map((delayMs, index) => ({
    number: index + 1,
    quantity: index === delays.length - 1 ? last : quantity,
    delayMs,
  }))
}

/** Random waits in milliseconds, each within its range, with a sum in the window, or near it with few chunks. */
export function randomWaits(
  random: RandomGenerator,
  count: number,
  { delayMs, wholeMs }: Pick<Pace, 'delayMs' | 'wholeMs'>,
): number[] {
  const span = delayMs.most - delayMs.least
  if (count === 1) return [uniformInt(random, delayMs.least, delayMs.most)]
  const apart = Math.ceil(span * leastSpread)
  // The times to distribute above the least waits that leave room for two waits so far apart.
  const base = count * delayMs.least
  const most = Math.max(apart, Math.min(wholeMs.most - base, count * span - apart))
  const least = Math.min(most, Math.max(wholeMs.least - base, apart))
  const above = uniformInt(random, least, most)
  const shortest = uniformInt(
    random,
    Math.max(0, above - (count - 1) * span),
    Math.min(span - apart, Math.floor((above - apart) / 2)),
  )
  const longest = uniformInt(
    random,
    Math.max(shortest + apart, above - shortest - (count - 2) * span),
    Math.min(span, above - shortest),
  )
  const others = shared(random, above - shortest - longest, count - 2, span)
  return shuffled(random, [shortest, longest, ...others]).map((extra) => delayMs.least + extra)
}

/** Divides a time at random into `count` parts of at most `most`, each drawn around an even share of what is left. */
function shared(random: RandomGenerator, time: number, count: number, most: number): number[] {
  const parts: number[] = []
  let left = time
  for (let parted = 0; parted < count; parted++) {
    const even = left / (count - parted)
    const around = parted === count - 1 ? 0 : Math.min(even, most - even)
    const part = uniformInt(random, Math.ceil(even - around), Math.floor(even + around))
    parts.push(part)
    left -= part
  }
  return parts
}

/** Fisher-Yates shuffle, so that no position is favoured. */
function shuffled(random: RandomGenerator, values: number[]): number[] {
  for (let index = values.length - 1; index > 0; index--) {
    const other = uniformInt(random, 0, index)
    ;[values[index], values[other]] = [values[other]!, values[index]!]
  }
  return values
}
