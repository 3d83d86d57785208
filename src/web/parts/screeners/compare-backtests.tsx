import type { BacktestComparison } from '../../../api/contract/backtests.ts'
import { backtestComparison, otherBacktest } from '../../state/screeners/backtest.ts'
import { chosenRun, runs } from '../../state/screeners/runs.ts'
import { figureName, ratioOf } from '../../words/backtest.ts'
import { CompareWith } from './compare-with.tsx'

/** The figures of the shown backtest beside those of another, and the parameters in which they differ. */
export function CompareBacktests() {
  const run = chosenRun.value
  const others = runs.value?.filter(
    (one) => one.kind === 'backtest' && one.status === 'completed' && one.run_id !== run?.run_id,
  )
  if (run?.status !== 'completed' || !others?.length) return null
  return (
    <CompareWith id="backtest-compare" title="Against another backtest" run={run} others={others} other={otherBacktest}>
      {backtestComparison.value && <Beside found={backtestComparison.value} />}
    </CompareWith>
  )
}

function Beside({ found: { before, after, figures, differ } }: { found: BacktestComparison }) {
  return (
    <>
      <p role="status">
        {differ.length === 0
          ? 'Their parameters are the same.'
          : differ
              .map((one) => `${one.name.replaceAll('_', ' ')}: ${shown(one.before)} → ${shown(one.after)}`)
              .join(' · ')}
      </p>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Figures of both backtests">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number">
                Run {before.number}
              </th>
              <th scope="col" class="number">
                Run {after.number}
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map((one) => (
              <tr key={one.name}>
                <th scope="row">{figureName(one.name)}</th>
                <td class="number">{ratioOf(one.before)}</td>
                <td class="number">{ratioOf(one.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const shown = (value: unknown) => (value === null ? 'none' : Array.isArray(value) ? value.join(', ') : String(value))
