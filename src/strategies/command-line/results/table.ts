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
    ...textFactLines(shown),
    ...lackingLines(shown),
    unscoredText(screened.ranked),
    'A filter, and no advice: docs/strategies.md says how it did in the past.',
  ]
  return `${lines.filter((line, at) => line !== '' || lines[at - 1] !== '').join('\n')}\n`
}

const isScored = (result: SymbolResult): result is ScoredResult => 'score' in result

function tableLines(hits: readonly ScoredResult[]): string[] {
  const facts = factNames(hits, 'number')
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

/** The names of the facts that are numbers, which stand in columns, or of those that are texts. */
function factNames(hits: readonly ScoredResult[], kind: 'number' | 'string'): string[] {
  const all = hits.flatMap(({ facts }) => Object.entries(facts))
  return [...new Set(all.filter(([, fact]) => typeof fact === kind).map(([name]) => name))]
}

/** `trend` → `Trend`, `volume_multiple` → `Volume multiple`. */
const spoken = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`

const twoDecimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
const factText = (fact: number | string | undefined) =>
  typeof fact === 'number' ? fact.toLocaleString('en-US', twoDecimals) : ''

function partText({ items }: ScoredResult, part: string): string {
  const own = items.filter((item) => item.part === part)
  const sum = (of: 'points' | 'of') => Number(own.reduce((total, item) => total + item[of], 0).toFixed(2))
  return own.length === 0 ? '' : `${sum('points')}/${sum('of')}`
}

function nearestLines(ranked: readonly SymbolResult[]): string[] {
  const best = ranked.filter(isScored).slice(0, nearest)
  return best.map(({ symbol, score, reasons }) => `Nearest: ${symbol} ${score.toFixed(2)}, but ${reasons.join('; ')}`)
}

/** The data that was lacking for the symbols that are shown, each once. */
function lackingLines(hits: readonly ScoredResult[]): string[] {
  const all = hits.flatMap(({ symbol, lacking }) => lacking.map((text) => ({ symbol, text })))
  return bySymbols(all, hits.length).map(({ text, symbols }) => `Lacking for ${symbols}: ${text}`)
}

/** Facts that are texts, each once. */
function textFactLines(hits: readonly ScoredResult[]): string[] {
  return factNames(hits, 'string').flatMap((name) => {
    const all = hits.flatMap(({ symbol, facts }) => (name in facts ? [{ symbol, text: String(facts[name]) }] : []))
    return bySymbols(all, hits.length).map(({ text, symbols }) => `${spoken(name)} of ${symbols}: ${text}`)
  })
}

/** Texts, each once, with the symbols of which they are said: `all`, or their names. */
function bySymbols(said: readonly { symbol: string; text: string }[], of: number): { text: string; symbols: string }[] {
  return [...Map.groupBy(said, ({ text }) => text)].map(([text, some]) => ({
    text,
    symbols: some.length === of && of > 1 ? 'all' : some.map(({ symbol }) => symbol).join(', '),
  }))
}
