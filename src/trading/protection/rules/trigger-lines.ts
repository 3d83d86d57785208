import { Big, compare, toFloat, zero } from '../../../base/amounts.ts'
import type { Thresholds } from '../../accounts/rules/thresholds.ts'
import type { WatchedLevel, WatchedPosition } from './watched-position.ts'

// A trigger fires where the price crosses a line, and each line is itself a price that is worked out once. A price that
// is clearly on one side of it in floats is on that side; only one that is nearly there is compared on decimals, for which
// the line is then divided out exactly. So a look is exact, and hardly ever divides.

/** A line that fired is armed again when the price is this many times as far away as where it fires. */
export const rearmFactor = 1.5

/** Floats differ from the decimals that they stand for by less than this share. */
export const slack = 1e-9

/** A price at which something happens, in dollars. */
export interface Boundary {
  float: number
  /** The decimal of it; exact for prices of up to 12 decimals. */
  exact(): Big
}

/** Below zero where a price lies under a boundary, zero where it is on it, above zero where it lies over it; exactly. */
export function sideOf(price: Big, float: number, boundary: Boundary): number {
  const gap = float - boundary.float
  return Math.abs(gap) > boundary.float * slack ? gap : compare(price, boundary.exact())
}

/** A stop or target as boundaries. */
export interface LevelLines {
  /** Does the level lie under the price as long as it is not touched? */
  isUnder: boolean
  at: Boundary
  /** Near from here on, towards the level; undefined where every price is near. */
  near?: Boundary
  /** Away beyond this price, and armed again; undefined where no price is. */
  away?: Boundary
  /** The best price of a stop that trails. */
  best?: number
}

/** A milestone, and the price from which on it is passed. */
export interface MilestoneLine extends Boundary {
  /** A share of one. */
  share: Big
}

/** Everything that a price is compared with. */
export interface TriggerLines {
  isLong: boolean
  stop?: LevelLines
  target?: LevelLines
  /** From the lowest to the highest. */
  milestones: MilestoneLine[]
}

// Positions and levels are objects that are replaced when they change.
const lines = new WeakMap<WatchedPosition, TriggerLines & { thresholds: Thresholds }>()

/** The lines of a position, under these thresholds. */
export function linesOf(position: WatchedPosition, thresholds: Thresholds): TriggerLines {
  const known = lines.get(position)
  if (known?.thresholds === thresholds) return known
  const isLong = compare(position.signedQuantity, zero) > 0
  const made = {
    isLong,
    stop: position.stop && levelLines(position.stop, isLong, thresholds.stop),
    target: position.target && levelLines(position.target, !isLong, thresholds.target),
    milestones: milestoneLines(position, isLong, thresholds),
    thresholds,
  }
  lines.set(position, made)
  return made
}

function levelLines(level: WatchedLevel, isUnder: boolean, threshold: Big): LevelLines {
  const share = nearness(level, threshold)
  const at = { float: toFloat(level.price), exact: () => level.price }
  return {
    isUnder,
    at,
    near: boundaryAt(level.price, at.float, share, isUnder),
    away: boundaryAt(level.price, at.float, share.times(rearmFactor), isUnder),
    best: level.trail && toFloat(level.trail.bestPrice),
  }
}

/**
 * The distance at which a level is near. A stop that trails is never further away than its share: for one that is set
 * tighter than twice the threshold, half the share is near.
 */
function nearness(level: WatchedLevel, threshold: Big): Big {
  const half = level.trail?.share.div(2)
  return half?.lt(threshold) ? half : threshold
}

/**
 * The last price whose distance to a level is at most this share of the price, seen from the level: under the price `p`,
 * `p - level <= share * p` up to `level / (1 - share)`; above it, `level - p <= share * p` from `level / (1 + share)` on.
 */
function boundaryAt(level: Big, float: number, share: Big, isUnder: boolean): Boundary | undefined {
  const rest = isUnder ? 1 - toFloat(share) : 1 + toFloat(share)
  if (rest <= 0) return undefined
  return quotient(float / rest, () =>
    isUnder ? divided(level, one.minus(share), 'down') : divided(level, share.plus(one), 'up'),
  )
}

function milestoneLines(position: WatchedPosition, isLong: boolean, { milestones }: Thresholds): MilestoneLine[] {
  const { openCost, signedQuantity } = position
  if (openCost.eq(0)) return []
  const entry = toFloat(openCost) / Math.abs(toFloat(signedQuantity))
  return milestones.map((share) => {
    const exact = () => {
      const worth = openCost.times(isLong ? share.plus(one) : one.minus(share))
      return divided(worth, signedQuantity.abs(), isLong ? 'up' : 'down')
    }
    const factor = isLong ? 1 + toFloat(share) : 1 - toFloat(share)
    return Object.assign(quotient(entry * factor, exact), { share })
  })
}

/** A boundary whose decimal is divided out when it is wanted, once. */
function quotient(float: number, divide: () => Big): Boundary {
  let known: Big | undefined
  return {
    float,
    exact() {
      known ??= divide()
      return known
    },
  }
}

const one = new Big(1)
/** The smallest step of a quotient. */
const step = new Big(10).pow(-Big.DP)

/** A quotient to as many places as the library divides to, the next one up or down where it has more. */
function divided(amount: Big, by: Big, towards: 'up' | 'down'): Big {
  const near = amount.div(by)
  const back = near.times(by)
  if (towards === 'up') return back.lt(amount) ? near.plus(step) : near
  return back.gt(amount) ? near.minus(step) : near
}
