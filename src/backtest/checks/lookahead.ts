import { barsUpTo } from '../../strategies/engine/bars/slice.ts'
import type { Backtest } from '../engine/simulate.ts'
import { headOf } from './cut.ts'
import { type Difference, decisionsOf, firstOtherDecision, firstOtherValue } from './difference.ts'

/** Bars are cut at so many places at most, beside the days of decisions. */
const mostCuts = 30

/**
 * Does a strategy know later bars? Runs it again with bars that end at a day, for many days, those of its decisions first: series and
 * decisions up to that day must be those of the run with all bars. Names the first difference; undefined when there is none.
 */
export function lookahead<Parameters>(test: Backtest<Parameters>): Difference | undefined {
  const all = decisionsOf(test)
  const days = [...new Set(test.symbols.flatMap(({ bars }) => bars.days))].sort()
  const step = Math.max(1, Math.floor(days.length / mostCuts))
  const acted = [...new Set(all.map(({ day }) => day))]
  const every = Math.max(1, Math.floor(acted.length / mostCuts))
  const cuts = [...acted.filter((_, at) => at % every === 0), ...days.filter((_, at) => at % step === step - 1)]
  for (const until of [...new Set(cuts)].sort()) {
    const symbols = test.symbols
      .map((traded) => ({ ...traded, bars: headOf(traded.bars, barsUpTo(traded.bars.days, until)) }))
      .filter(({ bars }) => bars.days.length > 0)
    const market = test.market && headOf(test.market, barsUpTo(test.market.days, until))
    const fewer = { ...test, symbols, ...(market && { market }) }
    const difference =
      firstOtherValue(test, fewer, { until }) ??
      firstOtherDecision(
        all.filter(({ day }) => day <= until),
        // A symbol of which nothing is known yet takes no part, and its share of the cash must stay its own.
        symbols.length === test.symbols.length ? decisionsOf(fewer) : all.filter(({ day }) => day <= until),
        { until },
      )
    if (difference) return difference
  }
  return undefined
}
