import { Big } from '../../../base/amounts.ts'
import { averageText } from '../../../base/format.ts'
import type { RankedResult } from '../../../strategies/runs/rows/results.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { Item } from '../../../strategies/screeners/strategy.ts'
import type { Action } from '../../chat/action.ts'
import { type Cell, type Columns, cell } from '../../chat/columns.ts'

/** A result with a score. */
export type ScoredResult = Extract<RankedResult, { outcome: 'passed' | 'failed' }>

/** The results that have a score. */
export const scoredOf = (results: RankedResult[]): ScoredResult[] =>
  results.filter((one): one is ScoredResult => one.outcome === 'passed' || one.outcome === 'failed')

/** A score: `91.25`. */
export const scoreText = (score: number): string => score.toFixed(2)

/** Results with a score in columns: rank, symbol, score, price, and how each differs from the others of the list. */
export function hitColumns(results: ScoredResult[]): Columns {
  return {
    columns: [
      { head: 'Rank', isAmount: true },
      { head: 'Symbol' },
      { head: 'Score', isAmount: true },
      { head: 'Price', isAmount: true },
      { head: 'Stands out' },
    ],
    rows: results.map((one) => rowOf(one, results)),
  }
}

function rowOf(one: ScoredResult, all: ScoredResult[]): Cell[] {
  return [
    cell(`${one.rank}.`),
    cell(one.symbol),
    cell(scoreText(one.score)),
    cell(closeText(one.price), '· '),
    cell(one.outcome === 'failed' ? one.reasons[0] : standsOut(one, all), '· '),
  ]
}

/** The last close. */
export const closeText = (price: number): string => averageText(new Big(price))

/**
 * The part of a score by which a symbol differs most from the others of the list, upwards; for a single one, the largest part. The
 * first one of several.
 */
function standsOut({ items }: ScoredResult, all: ScoredResult[]): string | undefined {
  const others = new Map<string, number[]>()
  for (const item of all.flatMap((one) => one.items))
    others.set(item.name, [...(others.get(item.name) ?? []), item.points])
  const above = ({ name, points }: Item) => points - mean(others.get(name) ?? [])
  const weight = (item: Item) => (all.length > 1 ? above(item) : item.points)
  const [best] = items.toSorted((a, b) => weight(b) - weight(a) || b.points - a.points)
  return best && `${best.name}: ${best.text}`
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** Hits that have buttons; more rows would not fit below a message. */
const withButtons = 3

/** Buttons for what may come next: chart, watch and buy for the first hits. None without an account, for which they would act. */
export function hitActions({ accountId }: Pick<Run, 'accountId'>, hits: ScoredResult[]): Action[][] {
  if (accountId === undefined) return []
  return hits.slice(0, withButtons).map(({ symbol }) => {
    const about = { options: { symbol }, account: accountId }
    return [
      { label: `Chart ${symbol}`, command: 'chart', ...about },
      { label: `Watch ${symbol}`, command: 'watch', ...about },
      { label: `Buy ${symbol}`, command: 'buy', ...about },
    ]
  })
}

/** Buttons about a run that has ended: its next page, and the same again. */
export function runActions({ accountId, number }: Pick<Run, 'accountId' | 'number'>, hasMore: boolean): Action[][] {
  if (accountId === undefined) return []
  const about = { account: accountId }
  const more = { label: 'More', command: 'results', options: { what: `${number} next` }, ...about }
  const again = { label: `Run ${number} again`, command: 'rerun', options: { run: String(number) }, ...about }
  return [[...(hasMore ? [more] : []), again]]
}
