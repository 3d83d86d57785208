import type { Comparison } from '../../../api/contract/strategies.ts'
import { comparison, other } from '../../state/screeners/results.ts'
import { chosenRun, runs } from '../../state/screeners/runs.ts'
import { runName } from '../../words/runs.ts'
import { whole } from '../../words/time.ts'

/** The symbols that are new, gone and moved against another run of the same screener. */
export function CompareRuns() {
  const run = chosenRun.value
  const others = runs.value?.filter((one) => one.strategy_code === run?.strategy_code && one.run_id !== run?.run_id)
  if (!run || !others?.length) return null
  return (
    <section class="panel" id="screener-compare" aria-labelledby="screener-compare-title">
      <h2 id="screener-compare-title">Against another run</h2>
      <label class="field">
        <span>Compare run {run.number} with</span>
        <select
          value={others.some(({ run_id }) => run_id === other.value) ? other.value : ''}
          onChange={({ currentTarget }) => {
            other.value = currentTarget.value || undefined
          }}
        >
          <option value="">no other</option>
          {others.map((one) => (
            <option key={one.run_id} value={one.run_id}>
              {runName(one)}, {whole(one.asked_at)}
            </option>
          ))}
        </select>
      </label>
      {comparison.value && <Differences found={comparison.value} />}
    </section>
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
