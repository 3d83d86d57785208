import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { type Big, floorTo } from '../../../base/amounts.ts'

/** The speed of an evenly spread scaleout. */
export type PlainSpeed = 'fast' | 'medium' | 'slow'

/** The speed of a scaleout: even, or following volume and volatility (`planSmartScaleout`). */
export type Speed = PlainSpeed | 'smart'

interface Range {
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
    wholeMs: seconds(3000, 3600),
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

/**
 * Draws a scaleout of `total` (a positive multiple of `lot`). The same seed gives the same plan. Every wait lies in the range
 * of the speed, and the whole time in its window. With so few chunks that even the longest waits do not fill the window, the
 * whole time is shorter than the window.
 */
export function planScaleout(total: Big, lot: Big, speed: PlainSpeed, seed: number): PlannedChunk[] {
  const pace = paces[speed]
  const random = xoroshiro128plus(seed)
  const lots = total.div(lot)
  const drawn = uniformInt(random, pace.chunks.least, pace.chunks.most)
  const count = lots.lt(drawn) ? lots.toNumber() : drawn
  const quantity = floorTo(total.div(count), lot)
  const last = total.minus(quantity.times(count - 1))
  return drawDelays(random, count, pace).map((delayMs, index) => ({
    number: index + 1,
    quantity: index === count - 1 ? last : quantity,
    delayMs,
  }))
}

/** Waits within the pace's range, with a sum in its window. */
function drawDelays(random: RandomGenerator, count: number, { delayMs, wholeMs }: Pace): number[] {
  const span = delayMs.most - delayMs.least
  const longest = Math.min(wholeMs.most, count * delayMs.most)
  const shortest = Math.min(Math.max(wholeMs.least, count * delayMs.least), longest)
  // The time to distribute above the least waits. Each wait takes at least so much that the later ones can take the rest.
  let left = uniformInt(random, shortest, longest) - count * delayMs.least
  const delays: number[] = []
  for (let later = count - 1; later >= 0; later--) {
    const extra = uniformInt(random, Math.max(0, left - later * span), Math.min(span, left))
    delays.push(delayMs.least + extra)
    left -= extra
  }
  return shuffled(random, delays)
}

/** Fisher-Yates shuffle, since distributing in order favours the first waits. */
function shuffled(random: RandomGenerator, values: number[]): number[] {
  for (let index = values.length - 1; index > 0; index--) {
    const other = uniformInt(random, 0, index)
    ;[values[index], values[other]] = [values[other]!, values[index]!]
  }
  return values
}
