import type { Backtest } from '../engine/simulate.ts'
import { since, tailOf } from './cut.ts'
import { type Difference, decisionsOf, firstOtherDecision, firstOtherValue } from './difference.ts'

/** Histories of this many times the warm-up are compared with all of it. */
const histories = [1, 2, 4, 8]

/**
 * Does a strategy depend on how much history there was? Runs it again with bars that begin as late as its warm-up allows, and then
 * with more: series from the first decision on, and decisions from that day on, must be those of the run with all bars. Names the
 * first difference; undefined when there is none.
 */
export function recursive<Parameters>(test: Backtest<Parameters>): Difference | undefined {
  for (const times of histories) {
    for (const traded of test.symbols) {
      const { bars } = traded
      const { warmup } = test.strategy.prepare(bars, test.parameters, test.market)
      const needed = times * warmup
      const skipped = Math.floor((bars.days.length - needed) / 2)
      if (warmup === 0 || skipped <= 0) continue
      const from = bars.days[skipped + needed]!
      const alone = { ...test, from, symbols: [traded] }
      const market = test.market && since(test.market, bars.days[skipped]!)
      const later = { ...alone, symbols: [{ ...traded, bars: tailOf(bars, skipped) }], ...(market && { market }) }
      const span = { from: bars.days[skipped]! }
      const difference =
        firstOtherValue(alone, later, span, from) ?? firstOtherDecision(decisionsOf(alone), decisionsOf(later), span)
      if (difference) return difference
    }
  }
  return undefined
}
