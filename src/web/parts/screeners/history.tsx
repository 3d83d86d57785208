import { chosen, hasEnded, mostRuns, runs } from '../../state/screeners/runs.ts'
import { runName, stateWords } from '../../words/runs.ts'
import { whole } from '../../words/time.ts'

/** The member's runs, the newest first; a press shows one. */
export function History() {
  const all = runs.value
  return (
    <section class="panel" id="screener-history" aria-labelledby="screener-history-title">
      <h2 id="screener-history-title">Your runs</h2>
      {all?.length === 0 && <p class="quiet">None yet.</p>}
      <ul class="run-list" tabIndex={0} aria-labelledby="screener-history-title">
        {all?.map((run) => (
          <li key={run.run_id}>
            <button
              type="button"
              aria-current={run.run_id === chosen.value ? 'true' : undefined}
              onClick={() => {
                chosen.value = run.run_id
              }}
            >
              <span>{runName(run)}</span>
              <span class={`tag ${hasEnded(run) ? '' : 'running'}`}>{stateWords[run.status]}</span>
              <span class="quiet small">
                {whole(run.asked_at)}
                {run.kind === 'screen' && ` · ${run.metrics.passed_count} passed`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {all && all.length >= mostRuns && (
        <p class="quiet small">
          Older ones: <code>runs</code> in chat, or the API.
        </p>
      )}
    </section>
  )
}
