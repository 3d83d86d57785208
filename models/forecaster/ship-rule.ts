import { knots } from '../../src/prediction/forecaster/horizons.ts'
import { blockInterval, holm, type Interval } from './bootstrap.ts'
import type { Method, Walk } from './walk.ts'

/** The verdict on a horizon, and the figures behind it. */
export interface Verdict {
  horizon: number
  /** The change of CRPS of `har` against a constant volatility, as a share of the latter's. */
  range: Interval
  /** Is the range of the baseline better than that of a constant volatility? */
  isRangeShown: boolean
  /** The change of CRPS of the network against each other method, as a share of that method's. */
  network?: Record<Exclude<Method, 'network'>, Interval>
  /** Is the network better than each of the others? */
  isNetworkShown: boolean
  /** The rank correlation of directions and moves. */
  direction?: Interval
  isDirectionShown: boolean
}

/** The fewest blocks of days from which an interval is believed. */
const fewestBlocks = 3

const others = ['zero', 'drift', 'constant', 'ewma', 'har', 'har-drift'] as const

/**
 * The rule by which something is shipped: per horizon the network beats every other method by an interval that leaves out zero, and by Holm
 * over the horizons; a direction needs, besides, a rank correlation whose interval is above zero. Days share outcomes as far
 * as the horizon reaches, so blocks are as long as that.
 */
export function verdictsOf({ scores, direction }: Pick<Walk, 'scores' | 'direction'>): Verdict[] {
  const found = knots.map((horizon, knot) => {
    const block = Math.max(5, horizon)
    const against = (method: Method, other: Method): Interval =>
      relative(scores[method][knot]!.series(), scores[other][knot]!.series(), block)
    const hasNetwork = scores.network[knot]!.count() > 0
    return {
      horizon,
      range: against('har', 'constant'),
      network: hasNetwork
        ? (Object.fromEntries(others.map((other) => [other, against('network', other)])) as Verdict['network'])
        : undefined,
      direction: hasNetwork ? blockInterval(direction[knot]!.series(), block) : undefined,
    }
  })
  const ranges = holm(found.map(({ range }) => range.notBelow))
  const networks = holm(
    found.map(({ network }) => (network ? Math.max(...Object.values(network).map(({ notBelow }) => notBelow)) : 1)),
  )
  // A mean above zero is as sure as its opposite is below it.
  const directions = holm(found.map(({ direction: own }) => (own ? 1 - own.notBelow : 1)))
  return found.map((one, at) => {
    const isRangeShown = ranges[at]! && isBelow(one.range)
    const isNetworkShown = one.network !== undefined && networks[at]! && Object.values(one.network).every(isBelow)
    const { direction: own } = one
    const isDirectionShown =
      isNetworkShown && own !== undefined && own.low > 0 && own.blocks >= fewestBlocks && directions[at]!
    return { ...one, isRangeShown, isNetworkShown, isDirectionShown }
  })
}

const isBelow = ({ high, blocks }: Interval) => high < 0 && blocks >= fewestBlocks

/** Differences day by day, over the mean of the other's scores. */
function relative(own: Float64Array, other: Float64Array, block: number): Interval {
  const mean = other.reduce((a, b) => a + b, 0) / other.length
  return blockInterval(
    own.map((value, day) => (value - other[day]!) / mean),
    block,
  )
}
