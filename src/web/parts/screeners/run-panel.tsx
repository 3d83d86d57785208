import { useComputed } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { StrategyRun } from '../../../api/contract/strategies.ts'
import { createAct } from '../../state/act.ts'
import { call } from '../../state/call.ts'
import { second } from '../../state/clock.ts'
import { isLive } from '../../state/line.ts'
import { chosen, chosenRun, hasEnded, refreshRuns, runs } from '../../state/screeners/runs.ts'
import { parametersText, restText, runName, stageText, stateWords } from '../../words/runs.ts'
import { away, whole } from '../../words/time.ts'
import { Outcome } from '../outcome.tsx'
import { BacktestReport } from './backtest-report.tsx'
import { ResultTable } from './result-table.tsx'

/** The shown run: its progress while it goes on, and its results. */
export function RunPanel() {
  const run = chosenRun.value
  return (
    <section class="panel run" id="screener-run" aria-labelledby="screener-run-title">
      <h2 id="screener-run-title">{run ? runName(run) : 'Runs'}</h2>
      {!run && runs.value && <p class="quiet">No run is shown. Start one with the form, or choose one below it.</p>}
      {!run && !runs.value && <p class="quiet">Reading …</p>}
      {run && (
        <>
          <p class="quiet small">{parametersText(run)}</p>
          <Progress run={run} />
          <RunActs key={run.run_id} run={run} />
          {run.error && (
            <p class="failed" role="alert">
              {run.error.message}
            </p>
          )}
          {run.kind === 'backtest' ? <BacktestReport run={run} /> : <ResultTable run={run} />}
        </>
      )}
    </section>
  )
}

function Progress({ run }: { run: StrategyRun }) {
  const { status, progress_percent: percent, metrics, as_of: asOf } = run
  const isOver = hasEnded(run)
  return (
    <div class="run-progress">
      <p class="run-line">
        <span class={`tag ${isOver ? '' : 'running'}`}>{stateWords[status]}</span>
        <span role="status">{said(run)}</span>
      </p>
      <progress max={100} value={percent} aria-label={`Progress of ${runName(run)}`}>
        {percent.toFixed(1)}%
      </progress>
      <p class="run-line quiet small">
        <span class="run-percent">{percent.toFixed(1)}%</span>
        <span>
          {metrics.processed_tickers} of {metrics.total_tickers ?? '…'} symbols
        </span>
        {!isOver && run.current_item && <span class="run-symbol">{run.current_item}</span>}
        {metrics.tickers_per_second !== null && (isOver || isLive.value) && (
          <span>{Math.round(metrics.tickers_per_second)} a second</span>
        )}
        {!isOver && isLive.value && metrics.estimated_remaining && (
          <span>{restText(metrics.estimated_remaining)} left</span>
        )}
        {run.kind === 'screen' && <span>{metrics.passed_count} passed</span>}
        {metrics.skipped_count > 0 && <span>{metrics.skipped_count} skipped</span>}
        {metrics.error_count > 0 && (
          <span>{metrics.error_count === 1 ? '1 error' : `${metrics.error_count} errors`}</span>
        )}
        {asOf && <span>as of {asOf}</span>}
        {run.ended_at && <span>{whole(run.ended_at)}</span>}
        {status === 'queued' && <Waits run={run} />}
      </p>
    </div>
  )
}

/** The state in words, which change seldom: they are read out. */
function said({ kind, status, current_stage: stage, message, metrics }: StrategyRun): string {
  if (status === 'completed' && kind === 'screen')
    return `${metrics.passed_count} of ${metrics.processed_tickers} symbols passed`
  return status === 'running' && stage ? stageText(stage) : message
}

function Waits({ run }: { run: StrategyRun }) {
  const { position_in_queue: place, estimated_start: start, message } = run
  const wait = useComputed(() => start && away(start, second.value))
  if (place === null) return null
  return (
    <span>
      {place > 0 ? `${place} in the queue` : message.startsWith('waits') ? message : 'starts now'}
      {place > 0 && wait.value && `, expected ${wait.value}`}
    </span>
  )
}

function RunActs({ run }: { run: StrategyRun }) {
  const { run_id, number, can_cancel: canCancel } = run
  const cancel = useMemo(
    () =>
      createAct(async (key) => {
        const { message, status } = await call('cancelRun', { params: { run_id } }, key)
        refreshRuns()
        return { said: [status === 'cancelled' ? `Run ${number} is cancelled.` : `Run ${number}: ${message}.`] }
      }),
    [],
  )
  const again = useMemo(
    () =>
      createAct(async (key) => {
        const asked = await call('rerun', { params: { run_id } }, key)
        chosen.value = asked.run_id
        refreshRuns()
        return { said: [`Run ${asked.number} is queued.`] }
      }),
    [],
  )
  return (
    <>
      <div class="acts">
        {canCancel && (
          <button
            type="button"
            class="danger"
            disabled={cancel.acting.value.state === 'sent'}
            onClick={() => void cancel.go()}
          >
            {cancel.acting.value.state === 'unknown' ? 'Ask again' : 'Cancel'}
            <span class="hidden"> run {number}</span>
          </button>
        )}
        {hasEnded(run) && (
          <button type="button" disabled={again.acting.value.state === 'sent'} onClick={() => void again.go()}>
            {again.acting.value.state === 'unknown' ? 'Ask again' : 'Run it again'}
          </button>
        )}
        <Exports run={run} />
      </div>
      <Outcome acting={cancel.acting.value} />
      <Outcome acting={again.acting.value} />
    </>
  )
}

/** Its results, or the trades of a backtest, as files. */
function Exports({ run: { kind, run_id } }: { run: StrategyRun }) {
  const place = kind === 'backtest' ? `/api/backtests/runs/${run_id}/trades` : `/api/strategies/runs/${run_id}/results`
  return (
    <details class="menu">
      <summary>Export</summary>
      <ul>
        <li>
          <a href={`${place}.csv`} download>
            Table (CSV)
          </a>
        </li>
        <li>
          <a href={`${place}.jsonl`} download>
            JSON lines
          </a>
        </li>
      </ul>
    </details>
  )
}
