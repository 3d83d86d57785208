import type { SymbolResult } from './strategy.ts'

const order = { passed: 0, failed: 1, skipped: 2, error: 3 }

/** The results in the order in which they are shown: those that passed first, by score from the highest, then by symbol. */
export function rank(results: readonly SymbolResult[]): SymbolResult[] {
  return results.toSorted(compareResults)
}

/** The same order for two results: negative when the first comes first. */
function compareResults(a: SymbolResult, b: SymbolResult): number {
  const score = (result: SymbolResult) => ('score' in result ? result.score : 0)
  return (
    order[a.outcome] - order[b.outcome] ||
    score(b) - score(a) ||
    (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0)
  )
}
