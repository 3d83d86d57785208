import { useEffect } from 'preact/hooks'
import { ageSeconds, isLive } from '../../state/line.ts'
import { keepBacktest } from '../../state/screeners/backtest.ts'
import { keepResults } from '../../state/screeners/results.ts'
import { chosenRun, keepRuns, refreshRuns, trouble } from '../../state/screeners/runs.ts'
import { OldNotice } from '../line-badge.tsx'
import { Say } from '../say.tsx'
import { CompareBacktests } from './compare-backtests.tsx'
import { CompareRuns } from './compare-runs.tsx'
import { History } from './history.tsx'
import { Kept } from './kept.tsx'
import { Queue } from './queue.tsx'
import { RunForm } from './run-form.tsx'
import { RunPanel } from './run-panel.tsx'

/** Screeners: the form of a run, the queue, the shown run with its results, the comparison with another, and the history. */
export function Screeners() {
  useEffect(() => {
    const ends = [keepRuns(), keepResults(), keepBacktest()]
    return () => {
      for (const end of ends) end()
    }
  }, [])
  return (
    <main class={`board ${!isLive.value && ageSeconds.value >= 5 ? 'is-old' : ''}`}>
      <OldNotice />
      {trouble.value && (
        <p class="failed" role="status">
          The runs could not be read: {trouble.value}{' '}
          <button type="button" onClick={refreshRuns}>
            Try again
          </button>
        </p>
      )}
      <div class="columns screeners">
        <div class="column">
          <RunPanel />
          {chosenRun.value?.kind === 'backtest' ? <CompareBacktests /> : <CompareRuns />}
        </div>
        <div class="column side-column">
          <RunForm />
          <Queue />
          <History />
          <Kept />
          <Say />
        </div>
      </div>
    </main>
  )
}
