import type { Gate } from '../../src/backtest/engine/gate.ts'
import type { BacktestStrategy, Trader } from '../../src/backtest/engine/port.ts'
import { simulate } from '../../src/backtest/engine/simulate.ts'
import { policyDecider } from '../../src/backtest/strategies/policy/decider.ts'
import { actionOf, heads, reckonedCosts } from '../../src/prediction/policy/action.ts'
import { placeOf, stateCount } from '../../src/prediction/policy/layout.ts'
import { limits } from '../../src/prediction/policy/state/holding.ts'
import type { StateRows } from '../../src/prediction/policy/state/rows.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import type { Lane, World } from './world.ts'

/** A symbol to learn from: its bars, and states of those that may be learned from. */
export interface Lesson {
  symbol: string
  bars: Columns
  rows: StateRows
  /** The index of SPY's bar of the same day, for each bar; −1 where it has none. */
  marketAt: Int32Array
}

/** Dollars at the start of an episode. */
export const startCash = 100_000
/** The dislike of variance in the reward. */
const aversion = 3
/** Parts of a state that the desk may lack, each taken away from this share of the episodes. */
const lacking = { stocks: { names: ['breadth', 'dispersion'], share: 0.5 }, spy: { names: ['spy_move_5'], share: 0.1 } }

/**
 * The market as a world to learn in: an episode is a backtest of random bars of a random symbol by the engine itself, with its fills, its costs
 * and the desk's gate, so that what is learned is what backtest and paper do. `gate` is the desk's.
 */
export function marketWorld(lessons: readonly Lesson[], market: Columns | undefined, gate: Gate): World {
  return { inputs: stateCount, heads, lane: () => laneOf(lessons, market, gate) }
}

function laneOf(lessons: readonly Lesson[], market: Columns | undefined, gate: Gate): Lane {
  return {
    memory: () => [],
    remember: () => {},
    play(steps, actor, chance) {
      const lesson = chance.pick(lessons)
      const { bars, rows } = lesson
      // The bar after the last decision has to be among those that may be learned from.
      const begin = rows.first + chance.below(rows.count - steps)
      const blank = blankPlaces(chance.next)
      const age = chance.next()
      const reward = rewardOf(lesson, market)
      let trader!: Trader
      let nth = 0
      const decide = policyDecider(bars, rows, (state, _held, bar) => {
        for (const place of blank) state[place] = 0
        state[agePlace] = age
        if (nth > 0) actor.earn(reward.earned(bar, trader), state, nth === steps ? 'cut' : undefined)
        reward.stand(bar, trader)
        return nth++ < steps ? actionOf(actor.act(state)) : undefined
      })
      const strategy = deciding((at, own) => {
        trader = own
        decide(begin + at, own)
      })
      const own = part(bars, begin, begin + steps + 1)
      const symbols = [{ symbol: lesson.symbol, bars: own }]
      simulate({ strategy, parameters: {}, symbols, cash: startCash, costs: reckonedCosts, gate, atEnd: 'leave' })
    },
  }
}

/** A strategy that is nothing but its decisions; `at` counts from the first bar of the run. */
export function deciding(decide: (at: number, trader: Trader) => void): BacktestStrategy<object> {
  return {
    ...{ name: 'decisions', aliases: [], title: 'Decisions', summary: '', parameters: undefined as never },
    prepare: () => ({ warmup: 0, indicators: {}, decide }),
  }
}

const agePlace = placeOf('model_age')
const blanks = Object.values(lacking).map(({ names, share }) => ({ places: names.map(placeOf), share }))
const blankPlaces = (next: () => number) => blanks.flatMap(({ places, share }) => (next() < share ? places : []))

/**
 * The reward of a day, in units of the deviation of a full position: the growth of the equity, less half the dislike times its variance,
 * less what the same exposure to SPY brought.
 */
function rewardOf({ bars, rows, marketAt }: Lesson, market: Columns | undefined) {
  let [equity, weight] = [0, 0]
  return {
    stand(bar: number, trader: Trader) {
      equity = trader.equity
      weight = (trader.quantity * bars.close[bar]!) / equity
    },
    earned(bar: number, trader: Trader): number {
      const sigma = rows.sigma[bar - 1 - rows.first]!
      const after = (trader.quantity * bars.open[bar]!) / equity
      const at = marketAt[bar]!
      const theirs =
        market && at > 0
          ? weight * Math.log(market.open[at]! / market.close[at - 1]!) +
            after * Math.log(market.close[at]! / market.open[at]!)
          : 0
      const risk = (aversion / 2) * (after * sigma) ** 2
      return (Math.log(trader.equity / equity) - risk - theirs) / (limits.weight * sigma)
    },
  }
}

/** Some of the bars; the columns are views. */
export function part({ days, open, high, low, close, volume }: Columns, from: number, to: number): Columns {
  return {
    days: days.slice(from, to),
    ...{ open: open.subarray(from, to), high: high.subarray(from, to), low: low.subarray(from, to) },
    ...{ close: close.subarray(from, to), volume: volume.subarray(from, to) },
  }
}
