import { knots } from '../../src/prediction/forecaster/horizons.ts'
import { nextAllowed, shares } from '../../src/prediction/forecaster/ranges/adaptive.ts'
import { sizeOf } from '../../src/prediction/forecaster/ranges/sizes.ts'
import type { Scaled } from './baselines.ts'
import type { Samples } from './samples.ts'

/** The shares of outcomes that ranges held, by knots and by `shares`. */
export interface Held {
  adaptive: number[][]
  /** With the sizes of the training alone. */
  fixed: number[][]
}

/** Follows ranges along the days of a test: a label moves them on the day on which it is known, and not before. */
export interface CoverageWalk {
  /** Goes over the samples of the next days of the test, with the ranges of one training. */
  over(rows: Int32Array, from: number, to: number, ranges: Scaled): void
  held(isIn?: 'all' | 'heldOut'): Held
}

/** Begins with ranges that allow for as many misses as they promise. */
export function coverageWalk(samples: Samples, isHeldOut: (symbol: number) => boolean): CoverageWalk {
  const allowed = knots.map(() => shares.map((share) => 1 - share))
  const each = () => knots.map(() => shares.map(() => ({ all: [0, 0, 0], heldOut: [0, 0, 0] })))
  // Inside by the adaptive range, inside by the fixed one, and all.
  const counts = each()
  const due = knots.map(() => shares.map(() => new Map<number, { missed: number; all: number }>()))

  const learn = (day: number) => {
    for (const [knot, byShare] of due.entries())
      for (const [at, days] of byShare.entries()) {
        const label = days.get(day)
        if (!label) continue
        allowed[knot]![at] = nextAllowed(allowed[knot]![at]!, 1 - shares[at]!, label.missed / label.all)
        days.delete(day)
      }
  }

  const lookAt = (row: number, ranges: Scaled) => {
    for (let knot = 0; knot < knots.length; knot++) {
      const move = samples.moves[row * knots.length + knot]!
      if (Number.isNaN(move)) continue
      const size = Math.abs(move) / ranges.scale(row, knot)
      for (let at = 0; at < shares.length; at++) {
        const isInside = size <= sizeOf(ranges.sizes[knot]!, 1 - allowed[knot]![at]!)
        const isInsideFixed = size <= sizeOf(ranges.sizes[knot]!, shares[at]!)
        const own = counts[knot]![at]!
        for (const count of isHeldOut(samples.symbol[row]!) ? [own.all, own.heldOut] : [own.all]) {
          if (isInside) count[0]!++
          if (isInsideFixed) count[1]!++
          count[2]!++
        }
        const day = samples.known[row * knots.length + knot]!
        const label = due[knot]![at]!.get(day) ?? { missed: 0, all: 0 }
        due[knot]![at]!.set(day, { missed: label.missed + (isInside ? 0 : 1), all: label.all + 1 })
      }
    }
  }

  return {
    over(rows, from, to, ranges) {
      const byDay = Map.groupBy(rows, (row) => samples.day[row]!)
      for (let day = from; day < to; day++) {
        learn(day)
        for (const row of byDay.get(day) ?? []) lookAt(row, ranges)
      }
    },
    held(isIn = 'all') {
      const part = (place: number) => counts.map((own) => own.map((one) => one[isIn][place]! / one[isIn][2]!))
      return { adaptive: part(0), fixed: part(1) }
    },
  }
}
