import type { Trader } from '../../src/backtest/engine/port.ts'
import { policyDecider } from '../../src/backtest/strategies/policy/decider.ts'
import type { Action } from '../../src/prediction/policy/action.ts'
import { placeOf } from '../../src/prediction/policy/layout.ts'
import { limits } from '../../src/prediction/policy/state/holding.ts'
import type { Chance } from '../random.ts'
import type { Way } from './judge.ts'

/** Buys after the first bar as much as a policy may hold, and holds it. */
export const hold: Way =
  ({ bars, rows }) =>
  (bar, trader) => {
    if (bar === rows.first) trader.order({ side: 'buy', quantity: unitsFor(limits.weight, trader, bars.close[bar]!) })
  }

/** The daily deviation above which volatility-targeted holding holds less. */
const targetSigma = 0.012
/** It trades when its weight is further off than this share of the equity. */
const band = 0.025

/** Holds as much as a policy may on calm days, and less on others, so that the size of its moves stays the same. */
export const targetHold: Way =
  ({ bars, rows }) =>
  (bar, trader) => {
    const close = bars.close[bar]!
    const weight = limits.weight * Math.min(1, targetSigma / rows.sigma[bar - rows.first]!)
    const change = unitsFor(weight, trader, close) - trader.quantity
    if (Math.abs(change) * close < band * trader.equity) return
    trader.order({ side: change > 0 ? 'buy' : 'sell', quantity: Math.abs(change) })
  }

const unitsFor = (share: number, { equity }: Trader, close: number) => Math.floor((share * equity) / close)

/** The actions of a policy by the weight that it had: random policies draw from them, so that they trade as much. */
export interface Habits {
  hear(state: Float64Array, action: Action | undefined): void
  /** A way that draws its actions by these habits, and knows nothing else of a state. */
  way(chance: Chance): Way
}

const weightAt = placeOf('weight')
/** The weight to the nearest twentieth of the equity, −4 to 4. */
const bucketOf = (state: Float64Array) => Math.max(-4, Math.min(4, Math.round(4 * state[weightAt]!)))

export function habits(): Habits {
  const heard = new Map<number, Action[]>()
  return {
    hear(state, action) {
      if (!action) return
      const bucket = bucketOf(state)
      const own = heard.get(bucket)
      if (own) own.push(action)
      else heard.set(bucket, [action])
    },
    way:
      (chance) =>
      ({ bars, rows }) =>
        policyDecider(bars, rows, (state) => {
          const own = heard.get(bucketOf(state))
          // A weight that the policy never had is kept, as it would have been by chance alone.
          return own ? chance.pick(own) : { direction: 'HOLD', size: 0 }
        }),
  }
}
