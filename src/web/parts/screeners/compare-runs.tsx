import type { Comparison } from '../../../api/contract/strategies.ts'
import { comparison, other } from '../../state/screeners/results.ts'
import { chosenRun, runs } from '../../state/screeners/runs.ts'
import { CompareWith } from './compare-with.tsx'

/** The symbols that are new, gone and moved against another run of the same screener. */
export function CompareRuns() {
  const run = chosenRun.value
  const others = runs.value?.filter((one) => one.strategy_code === run?.strategy_code && one.run_id !== run?.run_id)
  if (!run || !others?.length) return null
  return (
    <CompareWith id="screener-compare" title="Against another run" run={run} others={others} other={other}>
      {comparison.value && <Differences found={comparison.value} />}
    </CompareWith>
  )
}

function Differences({ found }: { found: Comparison }) {
  const { before, after, same } = found
  const rows = [
    ...found.new.map((one) => ({ ...one, what: 'new' })),
    ...found.gone.map((one) => ({ ...one, what: 'gone' })),
    ...found.moved.map((one) => ({ ...one, what: 'moved' })),
    ...found.unscored.map((one) => ({ ...one, what: 'without a score' })),
  ]
  return (
    <>
      <p role="status">
        {found.new.length} new, {found.gone.length} gone, {found.moved.length} moved, {same} the same
        {found.unscored.length > 0 && `, ${found.unscored.length} without a score in one of the runs`}.
      </p>
      {before.market && after.market && before.market !== after.market && (
        <p class="warns small">
          Their bars are of two markets: {before.market} and {after.market}.
        </p>
      )}
      {rows.length > 0 && (
        <div class="scrolls" tabIndex={0} role="region" aria-label="Differences between the runs">
          <table>
            <thead>
              <tr>
                <th scope="col">Symbol</th>
                <th scope="col">Is</th>
                <th scope="col" class="number">
                  Run {before.number}
                </th>
                <th scope="col" class="number">
                  Run {after.number}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ symbol, what, before, after }) => (
                <tr key={symbol}>
                  <th scope="row">{symbol}</th>
                  <td>
                    <span class={`tag ${what === 'new' ? 'long' : what === 'gone' ? 'short' : ''}`}>{what}</span>
                  </td>
                  <td class="number">{before?.toFixed(2) ?? '—'}</td>
                  <td class="number">{after?.toFixed(2) ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
