import { Big } from '../../base/amounts.ts'
import { percentText, priceText } from '../../base/format.ts'
import { distanceTo, isTighter } from '../../trading/protection/rules/protection.ts'

/** The possible advice for a position: exit now, scale half of it out, or hold with a trailing stop. */
export const advices = ['exit', 'half', 'trail'] as const
export type Advice = (typeof advices)[number]

/** The facts of a position that the advice rules use. Shares are fractions of 1; unknown values are undefined. */
export interface AdvisedPosition {
  signedQuantity: Big
  averageEntryPrice: Big
  /** The last price, in dollars. */
  price: Big
  unrealizedReturn: Big
  /** The best unrealized return since the position was opened. */
  bestReturn?: Big
  stop?: Big
  target?: Big
  hoursOpen: number
  /** The direction of the recent bars: for the position, against it, or `even` when the price hardly moves. */
  trend?: 'for' | 'against' | 'even'
  /** The average true range divided by the price. */
  range?: Big
  /** From 0 to 100. */
  rsi?: number
  /** The volume relative to the usual volume by this time of day; 1 is usual. */
  relativeVolume?: number
}

/** One reason: `points` above zero for getting out, below zero for staying, and zero for information only. */
export interface Reason {
  points: number
  text: string
}

const limits = {
  large: 0.2,
  deep: -0.1,
  idle: 0.02,
  idleHours: 72,
  /** The loss of a best return below this is not mentioned. */
  worthKeeping: 0.02,
  busy: 1.5,
  quiet: 0.5,
  rsi: { high: 70, low: 30 },
}

/**
 * Lists the reasons for getting out of a position and for staying in it. Each rule applies at most once:
 *
 * | rule | points |
 * |---|---|
 * | trend of the bars against the position, for it | +2, -2 |
 * | the stop is within an ordinary bar (one average true range) | +1 |
 * | the stop is on the winning side of the entry | -1 |
 * | the target is within an ordinary bar | +1 |
 * | the target is at least twice as far as the stop, at most half as far | -1, +1 |
 * | a gain of 20% or more | +1 |
 * | a loss of 10% or more | +1 |
 * | half or more of the best gain (at least 2%) is lost | +1 |
 * | open for three days or more, and within 2% of the entry | +1 |
 * | RSI stretched for the position, against it | +1, -1 |
 * | volume 1.5 times the usual or more, with a trend against the position, for it | +1, -1 |
 */
export function reasonsOf(advised: AdvisedPosition): Reason[] {
  return [
    ...trendReasons(advised),
    ...levelReasons(advised),
    ...profitReasons(advised),
    ...timeReasons(advised),
    ...stretchReasons(advised),
    ...volumeReasons(advised),
  ]
}

/** Adds up the points. Three or more mean exit, one or two mean half, none mean hold with a trailing stop. */
export function adviceOf(reasons: Reason[]): { advice: Advice; points: number } {
  const points = reasons.reduce((total, reason) => total + reason.points, 0)
  return { points, advice: points >= 3 ? 'exit' : points >= 1 ? 'half' : 'trail' }
}

function trendReasons({ trend }: AdvisedPosition): Reason[] {
  if (trend === 'for') return [{ points: -2, text: 'the recent bars move for the position' }]
  if (trend === 'against') return [{ points: 2, text: 'the recent bars move against the position' }]
  return trend === 'even' ? [{ points: 0, text: 'the recent bars have no direction' }] : []
}

function levelReasons({ signedQuantity, averageEntryPrice, price, stop, target, range }: AdvisedPosition): Reason[] {
  const reasons: Reason[] = []
  const far = stop && { stop: distanceTo(stop, price), text: percentText(distanceTo(stop, price)).slice(1) }
  if (!stop || !far) reasons.push({ points: 0, text: 'no stop: nothing limits what can be lost' })
  else {
    const at = `the stop at ${priceText(stop)}`
    if (range?.gte(far.stop)) reasons.push({ points: 1, text: `${at} is ${far.text} away: an ordinary bar reaches it` })
    if (isTighter(signedQuantity, stop, averageEntryPrice)) {
      reasons.push({ points: -1, text: `${at} keeps a part of the gain already` })
    }
  }
  if (!target) return reasons
  const left = distanceTo(target, price)
  const text = `${percentText(left).slice(1)} to the target`
  const against = far && `against ${far.text} to the stop`
  if (range?.gte(left)) reasons.push({ points: 1, text: `${text} at ${priceText(target)}: little is left to gain` })
  else if (far && left.gte(far.stop.times(2))) reasons.push({ points: -1, text: `${text} ${against}` })
  if (far && left.times(2).lte(far.stop)) reasons.push({ points: 1, text: `only ${text} ${against}` })
  return reasons
}

function profitReasons({ signedQuantity, unrealizedReturn, bestReturn }: AdvisedPosition): Reason[] {
  const reasons: Reason[] = []
  const now = percentText(unrealizedReturn)
  if (unrealizedReturn.gte(limits.large))
    reasons.push({ points: 1, text: `${now}: a large gain that is not locked in` })
  if (unrealizedReturn.lte(limits.deep)) {
    reasons.push({
      points: 1,
      text: `${now}: a deep loss, and ${percentText(moveBack(unrealizedReturn, signedQuantity))} of the price to make it good`,
    })
  }
  if (bestReturn?.gte(limits.worthKeeping) && unrealizedReturn.times(2).lte(bestReturn)) {
    reasons.push({
      points: 1,
      text: `${now} after ${percentText(bestReturn)} at its best: half of that or more is gone`,
    })
  }
  return reasons
}

/** The price move that makes a loss good, as a share of the present price: up for a long position, down for a short one. */
function moveBack(lost: Big, signedQuantity: Big): Big {
  // The price divided by the entry price: a loss lowers it for a long position and raises it for a short one.
  const now = signedQuantity.gt(0) ? lost.plus(1) : lost.neg().plus(1)
  return now.gt(0) ? new Big(1).div(now).minus(1) : lost.abs()
}

function timeReasons({ hoursOpen, unrealizedReturn }: AdvisedPosition): Reason[] {
  if (hoursOpen < limits.idleHours || unrealizedReturn.abs().gt(limits.idle)) return []
  const text = `open for ${hoursOpen} h and at ${percentText(unrealizedReturn)}: the money could do something else`
  return [{ points: 1, text }]
}

function stretchReasons({ rsi, signedQuantity }: AdvisedPosition): Reason[] {
  if (rsi === undefined || (rsi < limits.rsi.high && rsi > limits.rsi.low)) return []
  const isHigh = rsi >= limits.rsi.high
  const value = `RSI ${rsi.toFixed(0)}`
  return isHigh === signedQuantity.gt(0)
    ? [{ points: 1, text: `${value}: the move for the position is stretched` }]
    : [{ points: -1, text: `${value}: the move against the position is stretched` }]
}

function volumeReasons({ relativeVolume, trend }: AdvisedPosition): Reason[] {
  if (relativeVolume === undefined) return []
  const times = `volume is ${relativeVolume.toFixed(1)} times the usual`
  if (relativeVolume >= limits.busy && trend === 'for') return [{ points: -1, text: `${times}, behind the move` }]
  if (relativeVolume >= limits.busy && trend === 'against') return [{ points: 1, text: `${times}, behind the move` }]
  return relativeVolume <= limits.quiet ? [{ points: 0, text: `${times}: getting out in pieces costs less` }] : []
}
