import { Big, least } from '../../base/amounts.ts'
import { percentText } from '../../base/format.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'

/** The actions that the guardian may propose. None of them makes a position larger. */
export const guardianActions = ['HOLD', 'EXIT', 'TRAIL_STOP', 'TRIM'] as const
export type GuardianAction = (typeof guardianActions)[number]

/** The events that the guardian judges. */
export const guardedEvents = [
  'position.stop_approaching',
  'position.target_approaching',
  'position.profit_milestone',
  'position.time_decay',
  'position.thesis_invalidation',
] as const
export type GuardedEvent = (typeof guardedEvents)[number]

/** A proposed action. `amount` is the share of the price to trail by, or of the position to trim. */
export interface Proposal {
  action: GuardianAction
  amount?: Big
  reasoning: string
}

/** The facts of a position that the rules use. Shares are fractions of 1. */
export interface JudgedPosition {
  type: GuardedEvent
  signedQuantity: Big
  /** The last price, in dollars. */
  price: Big
  /** The present stop. */
  stop?: { price: Big; trail?: Big }
  unrealizedReturn: Big
  /** The best unrealized return since the position was opened. */
  bestReturn?: Big
  hoursOpen: number
  /** The direction of the recent bars, for the position or against it; undefined without bars or trend. */
  trend?: 'for' | 'against'
  /** The standard deviation of the recent bars' returns; undefined without bars. */
  volatility?: Big
}

const half = new Big('0.5')
/** Trails are offered in steps of half a percent. One step is also the narrowest trail. */
export const trailStep = new Big('0.005')
const [usualTrail, narrowTrail, wideTrail] = [new Big('0.02'), new Big('0.01'), new Big('0.05')]
const idle = new Big('0.02')
const [large, huge] = [new Big('0.2'), new Big('0.5')]

/**
 * The trail for a stop, as a share of the price: three times the volatility of a bar, from 1% to 5% (2% without bars). It is
 * no wider than the distance or the trail of the present stop, and rounded to steps of half a percent.
 */
export function trailFor(judged: Pick<JudgedPosition, 'price' | 'stop' | 'volatility'>): Big {
  const { stop, volatility, price } = judged
  let share = usualTrail
  if (volatility) {
    const noise = volatility.times(3)
    share = noise.lt(narrowTrail) ? narrowTrail : least(noise, wideTrail)
  }
  if (stop) share = least(share, distanceTo(stop.price, price))
  const stepped = share.div(trailStep).round(0, Big.roundHalfUp).times(trailStep)
  const atLeast = stepped.lt(trailStep) ? trailStep : stepped
  return stop?.trail ? least(atLeast, stop.trail) : atLeast
}

/**
 * Makes a proposal by rules alone. For each event the first condition that is true decides:
 * - stop approaching: the trend is for the position → HOLD; the trend is against it and one ordinary bar reaches the
 *   stop → EXIT; else TRAIL_STOP.
 * - target approaching: the trend is against the position → TRIM half; else TRAIL_STOP.
 * - profit milestone: +50% or more → TRIM half; +20% or more, or the trend against it → TRAIL_STOP; else HOLD.
 * - open for long: within ±2% → TRIM half; a loss with the trend against it → EXIT; a profit of at most half the best
 *   return → TRAIL_STOP; else HOLD.
 * - thesis invalidated: a loss → EXIT; else TRAIL_STOP.
 */
export function ruleProposal(judged: JudgedPosition): Proposal {
  const profit = percentText(judged.unrealizedReturn)
  const inLoss = judged.unrealizedReturn.lt(0)
  const against = judged.trend === 'against'
  const bars = { for: ' and the recent bars move for the position', against: ' and the recent bars move against it' }
  const trend = judged.trend ? bars[judged.trend] : ''
  const trail = (reasoning: string): Proposal => ({ action: 'TRAIL_STOP', amount: trailFor(judged), reasoning })
  const hold = (reasoning: string): Proposal => ({ action: 'HOLD', reasoning })
  const exit = (reasoning: string): Proposal => ({ action: 'EXIT', reasoning })
  const trimHalf = (reasoning: string): Proposal => ({ action: 'TRIM', amount: half, reasoning })
  switch (judged.type) {
    case 'position.stop_approaching': {
      const distance = judged.stop && distanceTo(judged.stop.price, judged.price)
      const away = distance ? `${percentText(distance).slice(1)} from the stop` : 'near the stop'
      if (judged.trend === 'for') return hold(`${away}${trend}: the stop does its work if that ends`)
      if (against && distance && judged.volatility?.gte(distance)) {
        return exit(`${away}${trend}: one ordinary bar reaches it`)
      }
      return trail(`${away} at ${profit}${trend}: let the stop follow what the price gains from here`)
    }
    case 'position.target_approaching':
      if (against) return trimHalf(`near the target at ${profit}${trend}: take half of it`)
      return trail(`near the target at ${profit}${trend}: let the stop follow`)
    case 'position.profit_milestone':
      if (judged.unrealizedReturn.gte(huge)) return trimHalf(`at ${profit}: take half of it`)
      if (judged.unrealizedReturn.gte(large) || against) return trail(`at ${profit}${trend}: keep most of it`)
      return hold(`at ${profit}${trend}: let it run`)
    case 'position.time_decay':
      if (judged.unrealizedReturn.abs().lte(idle)) {
        return trimHalf(`open for ${judged.hoursOpen} h and at ${profit}: half of the money can do something else`)
      }
      if (inLoss && against) return exit(`open for ${judged.hoursOpen} h, at ${profit}${trend}`)
      if (judged.bestReturn && judged.unrealizedReturn.gt(0) && judged.unrealizedReturn.lte(judged.bestReturn.div(2))) {
        return trail(
          `open for ${judged.hoursOpen} h, at ${profit} after ${percentText(judged.bestReturn)}: keep the rest`,
        )
      }
      return hold(`open for ${judged.hoursOpen} h, at ${profit}${trend}`)
    case 'position.thesis_invalidation':
      if (inLoss) return exit(`bars broke against the position, which is at ${profit}`)
      return trail(`bars broke against the position, which is at ${profit}: keep the rest`)
  }
}
