import { isLate, type Soundness, soundnessOf } from './soundness.ts'
import type { Columns, Strategy, Surroundings, SymbolResult } from './strategy.ts'

/**
 * The result of a symbol: skipped with its reason where its bars cannot be judged, else its score. Pure.
 *
 * @param bars finished bars up to and with `asOf`, at least the strategy's `barsNeeded` where there are as many; undefined
 *   when the market does not know the symbol.
 * @param asOf the day of the run, such as `2017-11-30`.
 * @param parameters as the strategy's schema has read them.
 */
export function resultOf(
  strategy: Strategy,
  symbol: string,
  bars: Columns | undefined,
  asOf: string,
  parameters: Record<string, unknown>,
  surroundings: Surroundings,
): SymbolResult {
  const { skip, lacking } = judgementOf(strategy, bars, asOf)
  if (!bars || skip) return { symbol, outcome: 'skipped', reason: skip ?? 'unknown symbol' }
  const { passed, ...rest } = strategy.score(bars, parameters, surroundings)
  return { symbol, outcome: passed ? 'passed' : 'failed', ...rest, lacking: [...lacking, ...rest.lacking] }
}

/** The reason why bars cannot be judged on the day of a run, or what they lack. Pure. */
export function judgementOf(
  strategy: Pick<Strategy, 'barsNeeded' | 'barsUsed'>,
  bars: Columns | undefined,
  asOf: string,
): Soundness {
  const skipped = (skip: string) => ({ skip, lacking: [] })
  if (!bars) return skipped('unknown symbol')
  const { length } = bars.days
  const last = bars.days[length - 1]
  if (last && isLate(last, asOf)) return skipped(`last bar ${last}`)
  if (length < strategy.barsNeeded) return skipped(`${length} of ${strategy.barsNeeded} bars`)
  return soundnessOf(bars, Math.min(length, strategy.barsUsed))
}
