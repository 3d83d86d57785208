import { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import type { SymbolResult } from '../../screeners/strategy.ts'
import { type ScoredResult, type Screened, summaryOf, unscoredText } from './screened.ts'

/** Without a hit, the best of the others are named. */
const nearest = 3

/** The results for a person: the symbols that pass, with their figures and the points of each part, and what is to know about them. */
export function tableText(screened: Screened, top = Number.POSITIVE_INFINITY): string {
  const hits = screened.ranked.filter(isScored).filter(({ outcome }) => outcome === 'passed')
  const shown = hits.slice(0, top)
  const lines = [
    summaryOf(screened),
    ...(hits.length === 0 ? nearestLines(screened.ranked) : ['', ...tableLines(shown), '']),
    ...(shown.length < hits.length ? [`The first ${shown.length} of ${hits.length} are shown.`] : []),
    ...lackingLines(shown),
    unscoredText(screened.ranked),
    'A filter, and no advice: docs/strategies.md says how it did in the past.',
  ]
  return `${lines.filter((line, at) => line !== '' || lines[at - 1] !== '').join('\n')}\n`
}

const isScored = (result: SymbolResult): result is ScoredResult => 'score' in result

function tableLines(hits: readonly ScoredResult[]): string[] {
  const facts = [...new Set(hits.flatMap(({ facts }) => Object.keys(facts)))]
  const parts = [...new Set(hits.flatMap(({ items }) => items.map(({ part }) => part)))]
  const head = ['#', 'Symbol', 'Score', 'Close', ...facts.map(spoken), ...parts.map(spoken)]
  const rows = hits.map((hit, at) => [
    String(at + 1),
    hit.symbol,
    hit.score.toFixed(2),
    priceText(new Big(hit.price)),
    ...facts.map((name) => factText(hit.facts[name])),
    ...parts.map((part) => partText(hit, part)),
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  // Symbols stand at the left edge of their column, amounts at the right one.
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)]
}

/** `trend` → `Trend`, `volume_multiple` → `Volume multiple`. */
const spoken = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`

const factText = (fact: number | string | undefined) =>
  typeof fact === 'number' ? fact.toLocaleString('en-US', { maximumFractionDigits: 2 }) : (fact ?? '')

function partText({ items }: ScoredResult, part: string): string {
  const own = items.filter((item) => item.part === part)
  const sum = (of: 'points' | 'of') => Number(own.reduce((total, item) => total + item[of], 0).toFixed(2))
  return own.length === 0 ? '' : `${sum('points')}/${sum('of')}`
}

function nearestLines(ranked: readonly SymbolResult[]): string[] {
  const best = ranked.filter(isScored).slice(0, nearest)
  return best.map(({ symbol, score, reasons }) => `Nearest: ${symbol} ${score.toFixed(2)}, but ${reasons.join('; ')}`)
}

/** What was lacking for the symbols that are shown, each once. */
function lackingLines(hits: readonly ScoredResult[]): string[] {
  const all = hits.flatMap(({ symbol, lacking }) => lacking.map((text) => ({ symbol, text })))
  return [...Map.groupBy(all, ({ text }) => text)].map(([text, some]) => {
    const names = some.length === hits.length && hits.length > 1 ? 'all' : some.map(({ symbol }) => symbol).join(', ')
    return `Lacking for ${names}: ${text}`
  })
}
