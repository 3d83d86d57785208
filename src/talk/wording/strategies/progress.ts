import { durationText } from '../../../base/format.ts'
import { remainingMs } from '../../../strategies/runs/rules/progress.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { dueText, runName, settingText } from './names.ts'

const squares = 10

/** A bar of ten squares and the whole percent, never rounded up to an end that is not reached: `▰▰▰▱▱▱▱▱▱▱ 34%`. */
export function barText(percent: number): string {
  const share = Math.min(100, Math.max(0, percent))
  const full = Math.floor((share / 100) * squares)
  return `${'▰'.repeat(full)}${'▱'.repeat(squares - full)} ${Math.floor(share)}%`
}

/** The stages of a run, as people say them. */
const stageNames: Record<string, string> = {
  data_download: 'fetching bars',
  strength: 'comparing strengths',
  analysis: 'scoring',
  ranking: 'ranking',
  simulation: 'playing the bars',
  drawing: 'drawing',
}

/** The state of a run in words, without its bar: `scoring NVDA · 172 of 500 · 86/s · about 4 s left`. */
export function stateText(run: Run): string {
  switch (run.state) {
    case 'queued':
      return run.message
    case 'starting':
      return run.attempt > 1 ? 'goes on after an interruption' : run.message
    case 'running':
      return workText(run)
    case 'completing':
      return run.kind === 'backtest' ? 'nearly done' : 'ranks its results'
    case 'cancelling':
      return 'is being cancelled'
    case 'completed':
      return `completed in ${tookText(run.workedMs)}`
    case 'cancelled':
      return `cancelled ${doneText(run)}`
    case 'error':
      return `failed ${doneText(run)}`
  }
}

/** The length of the work: below ten seconds to the tenth. */
export function tookText(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : durationText(milliseconds)
}

/** How far an early end came. */
const doneText = ({ kind, completedItems, totalItems }: Run) =>
  kind === 'backtest'
    ? 'before it was done'
    : totalItems === undefined
      ? 'before it began'
      : `after ${completedItems} of ${totalItems} symbols`

function workText(run: Run): string {
  const { stage = '', currentItem, completedItems, totalItems, tickersPerSecond } = run
  const left = remainingMs(run)
  return [
    [stageNames[stage] ?? stage.replaceAll('_', ' '), currentItem].filter(Boolean).join(' ') || 'works',
    ...(totalItems === undefined || completedItems === 0 ? [] : [`${completedItems} of ${totalItems}`]),
    ...(tickersPerSecond ? [`${rateText(tickersPerSecond)}/s`] : []),
    ...(left === undefined ? [] : [`about ${durationText(Math.max(1000, left))} left`]),
  ].join(' · ')
}

/** Symbols a second: `86`, `2.3`. */
const rateText = (rate: number) => (rate >= 10 ? rate.toFixed(0) : rate.toFixed(1))

/** The heading of the message that follows a run. */
export function followHeading(run: Run): string {
  const late = run.due ? ` · ⏰ late: ${dueText(run.due)}` : ''
  return `${run.kind === 'backtest' ? '🧪' : '🔎'} ${runName(run)} · ${settingText(run)}${late}`
}

/** The number of symbols over which a run met with an error: `2 errors`. */
export const errorsText = (count: number): string => (count === 1 ? '1 error' : `${count} errors`)

/** The number of hits so far: `6 hits so far`. */
export function hitsText({ passedCount, state }: Pick<Run, 'passedCount' | 'state'>): string {
  const hits = passedCount === 1 ? '1 hit' : `${passedCount} hits`
  return state === 'completed' ? hits : `${hits} so far`
}
