import { second } from '../../state/clock.ts'
import { queue } from '../../state/screeners/runs.ts'
import { stateWords, strategyText } from '../../words/runs.ts'
import { away } from '../../words/time.ts'

/** Runs of all members that run or wait, in the order of their turns. */
export function Queue() {
  const all = queue.value
  if (all.length === 0) return null
  return (
    <section class="panel" id="screener-queue" aria-labelledby="screener-queue-title">
      <h2 id="screener-queue-title">
        Queue <span class="count">{all.length}</span>
      </h2>
      <ol class="plain-list">
        {all.map(({ run_id, number, strategy_code, status, position, estimated_start }, index) => (
          <li key={run_id ?? index}>
            <span class={`tag ${status === 'queued' ? '' : 'running'}`}>
              {status === 'queued' ? `${position || 'next'}` : stateWords[status]}
            </span>{' '}
            {strategyText(strategy_code)}{' '}
            <span class="quiet">{run_id ? `yours, run ${number}` : 'of another member'}</span>
            {estimated_start && <span class="quiet small"> · expected {away(estimated_start, second.value)}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
