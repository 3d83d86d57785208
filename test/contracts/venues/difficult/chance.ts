import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { seedOf } from '../../../../src/market/feeds/sim/noise.ts'

/** The least and the most, both included. */
export type Range = [least: number, most: number]

/** The random draws for one thing. */
export interface Chance {
  happens(probability: number): boolean
  /** A whole number. */
  between(range: Range): number
  oneOf<One>(list: readonly One[]): One
}

/**
 * The draws for one thing, such as the third order or the second call for it. Each has its own sequence, so that other things
 * at the same time, in any order, change nothing for it.
 */
export function chanceOf(seed: number, ...about: (string | number)[]): Chance {
  const random = xoroshiro128plus(seedOf(String(seed), ...about.map(String)))
  return {
    happens: (probability) => uniformFloat64(random) < probability,
    between: ([least, most]) => uniformInt(random, least, most),
    oneOf: (list) => list[uniformInt(random, 0, list.length - 1)]!,
  }
}
