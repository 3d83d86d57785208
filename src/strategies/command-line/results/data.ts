import { csvText } from '../../../base/csv-text.ts'
import { countOf, type Screened } from './screened.ts'

/** The results as JSON: what was screened, counts, and every result with its items, gates and reasons, by rank. */
export function jsonText(screened: Screened, top?: number): string {
  const { strategy, parameters, universe, bars, asOf, ranked } = screened
  const data = {
    strategy: strategy.name,
    parameters,
    bars,
    as_of: asOf,
    universe: { name: universe.name, symbols: universe.symbols.length, left_out: universe.leftOut },
    passed: countOf(ranked, 'passed'),
    failed: countOf(ranked, 'failed'),
    skipped: countOf(ranked, 'skipped'),
    errors: countOf(ranked, 'error'),
    results: ranked.slice(0, top).map((result, at) => ({ rank: at + 1, ...result })),
  }
  return `${JSON.stringify(data, null, 2)}\n`
}

/** The results as CSV, by rank, with a column for the points of every item. */
export function resultsCsv({ ranked }: Screened, top?: number): string {
  const shown = ranked.slice(0, top)
  const names = [...new Set(shown.flatMap((result) => ('items' in result ? result.items.map(({ name }) => name) : [])))]
  const rows = shown.map((result, at) => {
    const begin = [at + 1, result.symbol, result.outcome]
    if (!('items' in result)) return [...begin, '', '', ...names.map(() => ''), result.reason, '']
    const points = names.map((name) => result.items.find((item) => item.name === name)?.points)
    return [...begin, result.score, result.price, ...points, result.reasons.join('; '), result.lacking.join('; ')]
  })
  return csvText(['rank', 'symbol', 'outcome', 'score', 'price', ...names, 'reasons', 'lacking'], rows)
}
