import type { Strategy, SymbolResult } from '../../screeners/strategy.ts'
import type { ChosenUniverse } from '../universe.ts'

/** A finished screen. */
export interface Screened {
  strategy: Strategy
  parameters: Record<string, unknown>
  universe: ChosenUniverse
  /** The name of the bars: `replay:daily`. */
  bars: string
  asOf: string
  /** In order of rank: those that pass first. */
  ranked: readonly SymbolResult[]
}

/** A symbol with a score. */
export type ScoredResult = Extract<SymbolResult, { score: number }>

/** The number of results of an outcome. */
export const countOf = (ranked: readonly SymbolResult[], outcome: SymbolResult['outcome']): number =>
  ranked.filter((result) => result.outcome === outcome).length

/** `12 of 244 symbols passed bullish_breakout as of 2014-01-10; 10 skipped, 2 of mine.txt left out: replay:daily does not have A, B.` */
export function summaryOf({ strategy, universe, bars, asOf, ranked }: Screened): string {
  const [passed, skipped, errors] = (['passed', 'skipped', 'error'] as const).map((outcome) =>
    countOf(ranked, outcome),
  ) as [number, number, number]
  const rest = [
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(errors > 0 ? [`${errors} without a result`] : []),
    ...(universe.leftOut > 0
      ? [`${universe.leftOut} of ${universe.name} left out: ${bars} does not have ${universe.unknown}`]
      : []),
  ]
  const symbols = ranked.length === 1 ? 'symbol' : 'symbols'
  const first = `${passed} of ${ranked.length} ${symbols} passed ${strategy.name} as of ${asOf}`
  return `${[first, ...rest].join('; ')}.`
}

/** `BHF last bar 2013-05-31`: the first few symbols without a score, with their reasons; empty when all have one. */
export function unscoredText(ranked: readonly SymbolResult[]): string {
  const unscored = ranked.flatMap((result) => ('reason' in result ? [`${result.symbol} ${result.reason}`] : []))
  if (unscored.length === 0) return ''
  const more = unscored.length > mostNamed ? `; and ${unscored.length - mostNamed} more` : ''
  return `Without a score: ${unscored.slice(0, mostNamed).join('; ')}${more}.`
}

const mostNamed = 5
