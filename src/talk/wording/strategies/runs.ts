import { timeText } from '../../../base/zone.ts'
import type { EndedRun, RunNotice } from '../../../strategies/runs/notices.ts'
import type { RankedResult } from '../../../strategies/runs/rows/results.ts'
import { clockText, remainingMs } from '../../../strategies/runs/rules/progress.ts'
import { type Run, spokenStrategy } from '../../../strategies/runs/rules/run.ts'
import type { WordingOf } from '../wording-of.ts'

const nameOf = ({ number, strategy }: Run) => `run ${number} (${spokenStrategy(strategy)})`

const line = (run: Run) => {
  const rest = remainingMs(run)
  const left = rest === undefined || run.endedAt ? '' : `, ${clockText(rest)} left`
  return `🔎 ${nameOf(run)}: ${Math.floor(run.progressPercent)}%, ${run.message}, ${run.passedCount} hits so far${left}`
}

const hitLine = (hit: RankedResult) =>
  'score' in hit ? `${hit.rank}. ${hit.symbol} ${hit.score} at $${hit.price}` : `${hit.rank}. ${hit.symbol}`

const endText = ({ run, hits, nearest }: EndedRun) => {
  const head =
    run.state === 'completed'
      ? `✅ ${nameOf(run)} has completed: ${run.passedCount} of ${run.totalItems ?? 0} symbols passed`
      : `⚠️ ${nameOf(run)}: ${run.message}`
  const misses = nearest.length > 0 ? ['Nothing passed. The nearest:', ...nearest.map(hitLine)] : []
  return [head, ...hits.map(hitLine), ...misses].join('\n')
}

/** The sentences about strategy runs. */
export const runWording: WordingOf<RunNotice> = {
  'run.queued': ({ run, position, expectedStart }) =>
    position === 0
      ? `🔎 ${nameOf(run)} starts now`
      : `🔎 ${nameOf(run)} waits: place ${position} in the queue, starts about ${timeText(expectedStart, 'America/New_York')}`,
  'run.progress': ({ run }) => line(run),
  'run.line': ({ run }) => line(run),
  'run.ended': endText,
  'run.told': endText,
  'sweep.ended': ({ parameter, runs }) =>
    runs
      .map(({ run }) => `${parameter} ${run.parameters[parameter]}: ${run.passedCount} hits (run ${run.number})`)
      .join('\n'),
  'schedule.refused': ({ number, strategy, refusal }) =>
    `⚠️ Schedule ${number} (${spokenStrategy(strategy)}) did not run. ${refusal.sentence}`,
}
