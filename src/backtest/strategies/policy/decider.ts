import { type Action, stopShare } from '../../../prediction/policy/action.ts'
import { stateCount } from '../../../prediction/policy/layout.ts'
import { type Holding, nothingHeld, onlyHeld, writeHolding } from '../../../prediction/policy/state/holding.ts'
import type { StateRows } from '../../../prediction/policy/state/rows.ts'
import type { Columns } from '../../../strategies/screeners/strategy.ts'
import type { Trader } from '../../engine/port.ts'

/** Chooses an action in a state; `held` is the side of the position. The state is written over by the next. */
export type Choose = (state: Float64Array, held: -1 | 0 | 1, bar: number) => Action | undefined

/** A position that is smaller or larger by less than this share of the equity stays as it is. */
const leastChange = 0.025

/**
 * Decides after the closes of bars by a policy: builds the state of the account, asks, and wishes for what brings the position to the chosen
 * weight at the next open, with its stop. A position that has reached its horizon is closed whatever is chosen. Training, backtests and tests of a
 * policy all go through it.
 */
export function policyDecider(bars: Columns, rows: StateRows, choose: Choose): (bar: number, trader: Trader) => void {
  const state = new Float64Array(stateCount)
  const watch = holdingWatch(bars)
  return (bar, trader) => {
    const nth = bar - rows.first
    const holding = watch.see(bar, trader)
    state.set(rows.values.subarray(nth * stateCount, (nth + 1) * stateCount))
    writeHolding(holding, rows.sigma[nth]!, state)
    const { quantity, equity } = trader
    const held = Math.sign(quantity) as -1 | 0 | 1
    const action = choose(state, held, bar)
    if (!action) return
    if (held !== 0 && holding.held! >= watch.exit()) return trader.close()
    if (action.direction === 'HOLD') return
    const sign = action.direction === 'LONG' ? 1 : -1
    const close = bars.close[bar]!
    const target = sign * Math.floor((action.size * equity) / close)
    if (target === 0) {
      if (quantity !== 0) trader.close()
      return
    }
    const change = target - quantity
    if (Math.abs(change) * close < leastChange * equity) return
    const adds = Math.abs(target) > Math.abs(quantity) || target * quantity < 0
    const stop = stopShare({ reach: rows.reach[nth]!, risk: rows.risk[nth]! })
    trader.order({
      side: change > 0 ? 'buy' : 'sell',
      quantity: Math.abs(change),
      ...(adds && { levels: { stopShare: stop } }),
    })
    watch.wish(adds ? { exit: rows.exit[nth]!, stop } : undefined)
  }
}

/** Follows the account from close to close: what it cannot be asked for follows from bars and earlier wishes. */
function holdingWatch({ open, high, low, close }: Columns): {
  see(bar: number, trader: Trader): Holding
  wish(wish: { exit: number; stop: number } | undefined): void
  exit(): number
} {
  let [quantity, entry, stop, exit] = [0, 0, 0, 0]
  let [held, best, worst, since] = [0, 0, 0, -1]
  let [peak, before] = [0, 0]
  let wished: { exit: number; stop: number } | undefined
  const range = (bar: number) => {
    let sum = 0
    for (let on = Math.max(0, bar - 13); on <= bar; on++) sum += high[on]! - low[on]!
    return sum / Math.min(14, bar + 1)
  }
  return {
    wish(own) {
      wished = own
    },
    exit: () => exit,
    see(bar, trader) {
      const { quantity: now, equity } = trader
      const isTraded = now !== quantity
      since = isTraded ? 0 : since < 0 ? -1 : since + 1
      if (now === 0) held = 0
      else if (now * quantity <= 0) {
        ;[entry, held, best, worst] = [open[bar]!, 1, 0, 0]
      } else {
        held++
        if (Math.abs(now) > Math.abs(quantity)) entry += ((open[bar]! - entry) * (now - quantity)) / now
      }
      if (isTraded && wished)
        ({ exit, stop } = { exit: wished.exit, stop: open[bar]! * (1 - Math.sign(now) * wished.stop) })
      wished = undefined
      quantity = now
      peak = Math.max(peak, equity)
      const dayProfit = before > 0 ? equity / before - 1 : 0
      before = equity
      const account = { dayProfit, drawdown: equity / peak - 1, sinceTrade: since < 0 ? undefined : since }
      const trades = isTraded ? 1 : 0
      if (now === 0) return { ...nothingHeld, ...account, trades }
      const sign = Math.sign(now)
      const gain = sign * (close[bar]! / entry - 1)
      best = Math.max(best, sign * ((sign > 0 ? high[bar]! : low[bar]!) / entry - 1))
      worst = Math.min(worst, sign * ((sign > 0 ? low[bar]! : high[bar]!) / entry - 1))
      const share = (Math.abs(now) * close[bar]!) / equity
      const heat = (Math.abs(now) * (Math.abs(close[bar]! - stop) + range(bar) / 2)) / equity
      return {
        ...account,
        ...onlyHeld(sign * share),
        ...{ heat, trades, held, unrealized: gain, best, worst },
      }
    },
  }
}
