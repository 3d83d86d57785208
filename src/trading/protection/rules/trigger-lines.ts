import { Big, compare, toFloat, zero } from '../../../base/amounts.ts'
import type { Thresholds } from '../../accounts/rules/thresholds.ts'
import { shareOf } from './protection.ts'
import type { WatchedLevel, WatchedPart, WatchedPosition } from './watched-position.ts'

// A trigger fires when the price crosses a line, and each line is a price that is computed once. A float comparison decides
// when the price is clearly on one side. Only a price very near the line is compared in decimals, for which the line is divided
// out exactly. So a look is exact, yet rarely divides.

/** A fired line is armed again when the price is this many times as far away as the distance at which it fires. */
export const rearmFactor = 1.5

/** Floats differ from their decimals by less than this share. */
export const slack = 1e-9

/** A price at which something happens, in dollars. */
export interface Boundary {
  float: number
  /** The decimal price; exact for prices of up to 12 decimals. */
  exact(): Big
}

/** Compares a price with a boundary exactly: negative below it, zero on it, positive above it. */
export function sideOf(price: Big, float: number, boundary: Boundary): number {
  const gap = float - boundary.float
  return Math.abs(gap) > boundary.float * slack ? gap : compare(price, boundary.exact())
}

/** A stop or target as boundaries. */
export interface LevelLines {
  /** Is the level below the price while it is untouched? */
  isUnder: boolean
  at: Boundary
  /** Prices from here on towards the level are near; undefined when every price is near. */
  near?: Boundary
  /** Prices beyond this one are away and arm the line again; undefined when no price is. */
  away?: Boundary
  /** The best price of a trailing stop. */
  best?: number
}

/** The line of a level that closes a part; nothing is said when the price is only near it. */
export interface PartLine extends Pick<LevelLines, 'isUnder' | 'at'> {
  level: WatchedPart
}

/** A milestone, and the price from which on it is passed. */
export interface MilestoneLine extends Boundary {
  /** A share of one. */
  share: Big
}

/** All lines that a price is compared with. */
export interface TriggerLines {
  isLong: boolean
  stop?: LevelLines
  target?: LevelLines
  parts: PartLine[]
  /** From the lowest to the highest. */
  milestones: MilestoneLine[]
}

// A WeakMap is safe here, because a changed position or level is a new object.
const lines = new WeakMap<WatchedPosition, TriggerLines & { thresholds: Thresholds }>()

/** The lines of a position, with these thresholds. */
export function linesOf(position: WatchedPosition, thresholds: Thresholds): TriggerLines {
  const known = lines.get(position)
  if (known?.thresholds === thresholds) return known
  const isLong = compare(position.signedQuantity, zero) > 0
  const made = {
    isLong,
    stop: position.stop && levelLines(position.stop, isLong, thresholds.stop),
    target: position.target && levelLines(position.target, !isLong, thresholds.target),
    parts: (position.parts ?? []).map((level) => partLine(level, isLong)),
    milestones: milestoneLines(position, isLong, thresholds),
    thresholds,
  }
  lines.set(position, made)
  return made
}

function partLine(level: WatchedPart, isLong: boolean): PartLine {
  const isUnder = isLong === (level.kind === 'stop')
  return { level, isUnder, at: { float: toFloat(level.price), exact: () => level.price } }
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
 * The distance at which a level is near. A trailing stop is never further away than its share; if that share is below twice the
 * threshold, half the share is near.
 */
function nearness(level: WatchedLevel, threshold: Big): Big {
  const half = level.trail && shareOf(level.trail).div(2)
  return half?.lt(threshold) ? half : threshold
}

/**
 * The last price whose distance to a level is at most this share of the price, seen from the level: under the price `p`, `p -
 * level <= share * p` up to `level / (1 - share)`; above it, `level - p <= share * p` from `level / (1 + share)` on.
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

/** A boundary whose decimal is computed once, when it is needed. */
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

/** A quotient to the library's number of decimals, rounded towards the given side. */
function divided(amount: Big, by: Big, towards: 'up' | 'down'): Big {
  const near = amount.div(by)
  const back = near.times(by)
  if (towards === 'up') return back.lt(amount) ? near.plus(step) : near
  return back.gt(amount) ? near.minus(step) : near
}
