import type { RankedResult } from '../../../strategies/runs/rows/results.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { Item } from '../../../strategies/screeners/strategy.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import type { Reply } from '../../chat/reply.ts'
import { closeText, hitActions, type ScoredResult, scoreText } from './hits.ts'
import { runName } from './names.ts'

/** The result of a symbol in full: the points of every part, the conditions, the reasons, and what was lacking. */
export function scoreDetail(run: Run, result: RankedResult): Pick<Reply, 'text' | 'columns' | 'actions'> {
  const { symbol } = result
  if (result.outcome === 'skipped' || result.outcome === 'error') {
    const sign = result.outcome === 'skipped' ? 'was skipped' : 'could not be scored'
    return { text: `🔎 ${symbol} ${sign} in ${runName(run)}: ${result.reason}` }
  }
  const columns = itemColumns(result.items)
  const lines = [
    `🔎 ${symbol} in ${runName(run)}: ${result.outcome}, score ${scoreText(result.score)}`,
    `Close ${closeText(result.price)}${run.asOf ? ` · as of ${run.asOf}` : ''} · rank ${result.rank} of ${run.completedItems}`,
    partsText(result.items),
    ...linesIn(columns),
    ...result.gates.map(({ name, passed, text }) => `${passed ? '✓' : '✗'} ${name}: ${text}`),
    ...(result.reasons.length > 0 ? [`⚠️ Did not pass: ${result.reasons.join('; ')}`] : []),
    ...(result.lacking.length > 0 ? [`⚠️ Lacking: ${result.lacking.join('; ')}`] : []),
    ...(factsText(result) ? [`Also: ${factsText(result)}`] : []),
    `💡 \`chart ${symbol}\` shows it, \`watch ${symbol}\` follows it, \`buy ${symbol}\` asks how many`,
  ]
  return { text: lines.join('\n'), columns, actions: hitActions(run, [result]) }
}

function itemColumns(items: Item[]): Columns {
  return {
    columns: [{ head: 'Part' }, { head: 'Item' }, { head: 'Points', isAmount: true }, { head: 'Measure' }],
    rows: items.map(({ part, name, points, of, text }) => [
      cell(part),
      cell(name, '· '),
      cell(pointsText(points, of), '· '),
      cell(text, '· '),
    ]),
  }
}

/** The points of each part of a score: `trend 45 of 45 · breakout 27 of 30`. */
export function partsText(items: Item[]): string {
  return [...Map.groupBy(items, ({ part }) => part)]
    .map(([part, some]) => `${part} ${pointsText(sumOf(some, 'points'), sumOf(some, 'of'))}`)
    .join(' · ')
}

const sumOf = (items: Item[], field: 'points' | 'of') => items.reduce((sum, item) => sum + item[field], 0)
/** Points to the hundredth, without zeros at the end. */
const pointsText = (points: number, of: number) => `${Number(points.toFixed(2))} of ${Number(of.toFixed(2))}`

/** The figures of a result beside its score: `pivot 21.50 · volume multiple 1.80`. */
function factsText({ facts }: ScoredResult): string {
  return Object.entries(facts)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? Number(value.toFixed(4)) : value}`,
    )
    .join(' · ')
}
