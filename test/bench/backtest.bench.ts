// Runs over recorded bars: bar-events a second of a simple strategy on one core beside a bare loop over the same bars, and a run of
// 500 symbols with five years of days.
import { heldCurve } from '../../src/backtest/engine/held.ts'
import { type Outcome, simulate, type Traded } from '../../src/backtest/engine/simulate.ts'
import { figuresOf } from '../../src/backtest/figures/figures.ts'
import { backtestStrategies } from '../../src/backtest/strategies/list.ts'
import { percentile, report } from './figures.ts'
import { fiveYears, isRecorded } from './five-years.ts'

const runs = 9
const eventGoal = 1_000_000
const wholeGoal = 2

const universe = await fiveYears()
const symbols: Traded[] = [...universe]
  .filter(([symbol]) => symbol !== 'SPY')
  .map(([symbol, bars]) => ({ symbol, bars }))
const note = isRecorded ? 'recorded bars, repeated under other names' : 'made bars: the recorded ones are missing'
const cash = 10_000_000
const bars = symbols.reduce((sum, one) => sum + one.bars.days.length, 0)

/** The processor’s clock is too coarse for one pass. */
const passes = 100
const floor = median(() => {
  let worth = 0
  for (let pass = 0; pass < passes; pass++) {
    for (const { bars } of symbols) {
      for (let at = 0; at < bars.close.length; at++) worth += bars.close[at]! - bars.open[at]!
    }
  }
  return worth
})

for (const strategy of backtestStrategies) {
  const parameters = strategy.parameters.parse({}) as Record<string, unknown>
  let outcome: Outcome | undefined
  const seconds = median(() => {
    outcome = simulate({ strategy, parameters, symbols, cash })
    return outcome.equity.at(-1)!
  })
  const { barEvents, trades } = outcome!
  if (barEvents !== bars) throw new Error(`${barEvents} of ${bars} bars were played`)
  report({
    ...{
      figure: `${strategy.name}: bar-events a second of processor time, ${trades.length} trades`,
      value: barEvents / seconds,
      unit: '1/s',
    },
    ...{ floor: (passes * bars) / floor, floorOf: 'one pass over the same bars', samples: runs, note },
    ...{ goal: `at least ${eventGoal}`, holds: barEvents / seconds >= eventGoal },
  })
  const whole = median(() => {
    const run = simulate({ strategy, parameters, symbols, cash })
    return figuresOf(run, heldCurve(symbols)).finalEquity
  })
  report({
    ...{
      figure: `${strategy.name}: ${symbols.length} symbols × 5 years with figures`,
      value: whole,
      unit: 's',
      samples: runs,
    },
    ...{ goal: `at most ${wholeGoal} s`, holds: whole <= wholeGoal },
  })
}

/** Seconds of processor time of the median run, once it is compiled: other work on the machine hardly changes it. */
function median(work: () => number): number {
  const taken: number[] = []
  for (let run = -2; run < runs; run++) {
    const began = process.threadCpuUsage()
    if (!Number.isFinite(work())) throw new Error('the work has no result')
    const { user, system } = process.threadCpuUsage(began)
    if (run >= 0) taken.push((user + system) / 1e6)
  }
  return percentile(taken, 0.5)
}
