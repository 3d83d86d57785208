import { Big, compare, zero } from './amounts.ts'
import type { Thresholds } from './thresholds.ts'
import type { WatchedLevel, WatchedPosition } from './watched-position.ts'

// Whether a line is passed is one comparison of decimals where the line is known as a price. It is worked out once: a
// look at a position multiplies and divides nothing.

/** A line that fired is armed again when the price is this many times as far away as where it fires. */
export const rearmFactor = 1.5

/** A stop or target as the prices at which something happens, in dollars; exact for prices of up to 12 decimals. */
export interface LevelLines {
  /** Does the level lie under the price as long as it is not touched? */
  isUnder: boolean
  /** Near from here on, towards the level; undefined where every price is near. */
  near?: Big
  /** Away beyond this price, and armed again; undefined where no price is. */
  away?: Big
  /** The same as floats, with the level and the best price of one that trails. */
  floats: { level: number; near?: number; away?: number; best?: number }
}

/** A milestone, and the price from which on it is passed. */
export interface MilestoneLine {
  /** As a share of one, and as it is written in a state. */
  share: Big
  text: string
  price: Big
  float: number
}

/** Everything that a price is compared with. */
export interface TriggerLines {
  isLong: boolean
  stop?: LevelLines
  target?: LevelLines
  /** From the lowest to the highest. */
  milestones: MilestoneLine[]
}

const lines = new WeakMap<WatchedPosition, TriggerLines & { thresholds: Thresholds }>()

/** The lines of a position, under these thresholds. */
export function linesOf(position: WatchedPosition, thresholds: Thresholds): TriggerLines {
  const known = lines.get(position)
  if (known?.thresholds === thresholds) return known
  const made = {
    isLong: compare(position.signedQuantity, zero) > 0,
    stop: levelLines(position, 'stop', thresholds),
    target: levelLines(position, 'target', thresholds),
    milestones: milestoneLines(position, thresholds),
    thresholds,
  }
  lines.set(position, made)
  return made
}

interface KnownLevel extends LevelLines {
  isLong: boolean
  share: Big
}
interface KnownMilestones {
  signedQuantity: Big
  milestones: Big[]
  lines: MilestoneLine[]
}
// Levels and costs are objects that are replaced when they change.
const levels = new WeakMap<WatchedLevel, KnownLevel>()
const milestones = new WeakMap<Big, KnownMilestones>()

/** The lines of a position's stop or target; undefined where it has none. */
function levelLines(
  position: WatchedPosition,
  kind: 'stop' | 'target',
  thresholds: Thresholds,
): LevelLines | undefined {
  const level = position[kind]
  if (!level) return undefined
  const isLong = compare(position.signedQuantity, zero) > 0
  const known = levels.get(level)
  if (known && known.isLong === isLong && known.share === thresholds[kind]) return known
  const share = nearness(level, thresholds[kind])
  const isUnder = isLong === (kind === 'stop')
  const near = priceAt(level.price, share, isUnder)
  const away = priceAt(level.price, share.times(rearmFactor), isUnder)
  const best = level.trail?.bestPrice.toNumber()
  const floats = { level: level.price.toNumber(), near: near?.toNumber(), away: away?.toNumber(), best }
  const lines = { isUnder, near, away, floats, isLong, share: thresholds[kind] }
  levels.set(level, lines)
  return lines
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
function priceAt(level: Big, share: Big, isUnder: boolean): Big | undefined {
  if (!isUnder) return quotient(level, share.plus(1), 'up')
  const rest = one.minus(share)
  return rest.gt(0) ? quotient(level, rest, 'down') : undefined
}

/** Milestones of a position from the lowest to the highest, with the price that each takes; none where it cost nothing. */
function milestoneLines(position: WatchedPosition, { milestones: shares }: Thresholds): MilestoneLine[] {
  const { openCost, signedQuantity } = position
  const known = milestones.get(openCost)
  if (known && known.signedQuantity === signedQuantity && known.milestones === shares) return known.lines
  const isLong = signedQuantity.gt(0)
  const quantity = signedQuantity.abs()
  const lines = openCost.eq(0)
    ? []
    : shares.map((share) => {
        const worth = openCost.times(isLong ? share.plus(1) : one.minus(share))
        const price = quotient(worth, quantity, isLong ? 'up' : 'down')
        return { share, text: share.toFixed(), price, float: price.toNumber() }
      })
  milestones.set(openCost, { signedQuantity, milestones: shares, lines })
  return lines
}

const one = new Big(1)
/** Places to which the library divides, and the smallest step there. */
const places = Big.DP
const step = new Big(10).pow(-places)

/** A quotient to 12 places, the next one up or down where it has more. */
function quotient(amount: Big, by: Big, towards: 'up' | 'down'): Big {
  const near = amount.div(by)
  const back = near.times(by)
  if (towards === 'up') return back.lt(amount) ? near.plus(step) : near
  return back.gt(amount) ? near.minus(step) : near
}
