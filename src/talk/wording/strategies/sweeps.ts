import type { RankedResult } from '../../../strategies/runs/rows/results.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { type Columns, cell } from '../../chat/columns.ts'
import { scoredOf, scoreText } from './hits.ts'
import { tookText } from './progress.ts'

/** A run of a sweep, with the first of its hits. */
export interface Variant {
  run: Run
  best: RankedResult[]
}

/** The runs of a sweep in columns, in the order of the values: hits, and the best of them. */
export function sweepColumns(parameter: string, variants: Variant[]): Columns {
  return {
    columns: [
      { head: 'Run', isAmount: true },
      { head: parameter, isAmount: true },
      { head: 'Hits', isAmount: true },
      { head: 'Best' },
      { head: 'Took', isAmount: true },
    ],
    rows: variants.map(({ run, best }) => [
      cell(`${run.number}.`),
      cell(String(run.parameters[parameter]), `${parameter} `),
      cell(
        run.state === 'completed' ? String(run.passedCount) : run.state,
        '· ',
        run.state !== 'completed' ? '' : run.passedCount === 1 ? ' hit' : ' hits',
      ),
      cell(
        scoredOf(best)
          .slice(0, 3)
          .map(({ symbol, score }) => `${symbol} ${scoreText(score)}`)
          .join(', '),
        '· ',
      ),
      cell(tookText(run.workedMs), '· '),
    ]),
  }
}
