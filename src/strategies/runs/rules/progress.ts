import type { Run, RunKindName } from './run.ts'
import { type EndState, isEnd } from './run-state.ts'

/** The share of each stage in the whole, in percent; a strategy without one of them spreads it over the others. */
const weights: Record<string, number> = {
  data_download: 45,
  strength: 5,
  analysis: 45,
  ranking: 5,
  simulation: 45,
  drawing: 10,
}
const usualWeight = 10

/** Only the end of a run is 100%. */
const mostBeforeTheEnd = 99.9

/** How far a run is, in percent from 0 to 99.9, when a stage has done so many of its symbols. */
export function percentAt(stages: readonly string[], stage: string, done: number, of: number): number {
  const weight = (one: string) => weights[one] ?? usualWeight
  const whole = stages.reduce((sum, one) => sum + weight(one), 0)
  const index = stages.indexOf(stage)
  if (whole === 0 || index < 0) return 0
  const before = stages.slice(0, index).reduce((sum, one) => sum + weight(one), 0)
  const share = of > 0 ? Math.min(1, Math.max(0, done / of)) : 1
  return Math.min(mostBeforeTheEnd, (100 * (before + share * weight(stage))) / whole)
}

/** The kinds of events. */
type ProgressEventType =
  | 'started'
  | 'progress'
  | 'ticker_completed'
  | 'stage_completed'
  | 'completed'
  | 'error'
  | 'cancelled'

/** An event for readers of a run's progress, in the fields that programs know. */
export interface ProgressEvent {
  event_type: ProgressEventType
  /** ISO 8601, in UTC. */
  timestamp: string
  run_id: string
  /** Absent for a screen. */
  kind?: RunKindName
  stage?: string
  /** 0 to 100, with one decimal. It never goes back, and ends at 100 when the run completes. */
  progress_percent: number
  /** The symbol that was done last. */
  current_item?: string
  total_items?: number
  /** Symbols that the stage has done; of `ticker_completed` and of an end those that have a result. */
  completed_items: number
  message: string
  metrics: {
    tickers_per_second?: number
    /** `HH:MM:SS`; absent while it cannot be told. */
    estimated_remaining?: string
    /** Results so far. */
    processed_tickers: number
    passed_count: number
  }
}

/** The present state of a run as one event. */
export function eventNow(run: Run): ProgressEvent {
  return eventOf(isEnd(run.state) ? endTypes[run.state] : 'progress', run)
}

const endTypes: Record<EndState, ProgressEventType> = {
  completed: 'completed',
  cancelled: 'cancelled',
  error: 'error',
}

/**
 * The events between two looks at a run: its start, the stages and the symbol that were done meanwhile, its progress, its end. Without
 * an earlier look only the present state. None when nothing changed.
 */
export function eventsBetween(before: Run | undefined, after: Run, stages: readonly string[]): ProgressEvent[] {
  if (!before) return [eventNow(after)]
  if (isEnd(before.state)) return []
  const events: ProgressEvent[] = []
  if (!before.startedAt && after.startedAt) events.push(eventOf('started', after))
  const done = stagesDone(before, after, stages)
  const scoring = done.indexOf('analysis')
  const ofStage = (stage: string) => stageEvent(stage, after)
  // Symbols are done within a stage, and so before its end.
  events.push(...done.slice(0, scoring < 0 ? done.length : scoring).map(ofStage))
  if (after.completedItems > before.completedItems) events.push(tickerEvent(after))
  if (scoring >= 0) events.push(...done.slice(scoring).map(ofStage))
  if (isEnd(after.state)) events.push(eventNow(after))
  else if (hasMoved(before, after)) events.push(eventOf('progress', after))
  return events
}

function stagesDone(before: Run, after: Run, stages: readonly string[]): readonly string[] {
  const place = ({ stage, state }: Run) => (state === 'completed' ? stages.length : stages.indexOf(stage ?? ''))
  const [from, to] = [Math.max(0, place(before)), place(after)]
  return to > from ? stages.slice(from, to) : []
}

const hasMoved = (before: Run, after: Run) =>
  before.message !== after.message ||
  before.state !== after.state ||
  before.progressPercent !== after.progressPercent ||
  before.currentItem !== after.currentItem

/** Symbols get their results while they are scored or played, whatever the run does by now. */
function tickerEvent(run: Run): ProgressEvent {
  const { kind, completedItems, totalItems } = run
  const of = totalItems === undefined ? '' : ` of ${totalItems}`
  return {
    ...eventOf('ticker_completed', run),
    stage: kind === 'backtest' ? 'simulation' : 'analysis',
    ...(totalItems !== undefined && { total_items: totalItems }),
    completed_items: completedItems,
    message: `${kind === 'backtest' ? 'played' : 'scored'} ${completedItems}${of} symbols`,
  }
}

/** Results are kept at once and the place of the stage is written now and then: the larger number is the newer one. */
function doneIn({ state, stage, stageDone, completedItems }: Run): number {
  if (isEnd(state)) return completedItems
  return stage === 'analysis' ? Math.max(stageDone, completedItems) : stageDone
}

/** A stage that is over has done all of its symbols. */
function stageEvent(stage: string, run: Run): ProgressEvent {
  const { current_item: _, ...event } = eventOf('stage_completed', run)
  const { totalItems } = run
  return {
    ...{ ...event, stage, message: `${stage.replaceAll('_', ' ')} is done` },
    ...(totalItems !== undefined && { total_items: totalItems, completed_items: totalItems }),
  }
}

function eventOf(type: ProgressEventType, run: Run): ProgressEvent {
  const total = isEnd(run.state) ? run.totalItems : (run.stageOf ?? run.totalItems)
  return {
    event_type: type,
    timestamp: run.updatedAt.toISOString(),
    run_id: run.runId,
    ...(run.kind === 'backtest' && { kind: run.kind }),
    ...(run.stage && { stage: run.stage }),
    progress_percent: Math.round(run.progressPercent * 10) / 10,
    ...(run.currentItem && { current_item: run.currentItem }),
    ...(total !== undefined && { total_items: total }),
    completed_items: doneIn(run),
    message: run.message,
    metrics: metricsOf({
      perSecond: run.tickersPerSecond,
      remainingMs: remainingMs(run),
      scored: run.completedItems,
      passed: run.passedCount,
    }),
  }
}

/** Below this progress nothing can be told about the rest, in percent. */
const telling = 2

/** The expected rest of a run in milliseconds, from its progress so far; undefined while that tells nothing, and after an early end. */
export function remainingMs({ state, progressPercent, workedMs }: Run): number | undefined {
  if (state === 'completed') return 0
  if (isEnd(state)) return undefined
  return workedMs <= 0 ? undefined : restMs(progressPercent, workedMs)
}

/** The expected rest of a work in milliseconds, when so many percent of it took so long; undefined while that tells nothing. */
export function restMs(percent: number, workedMs: number): number | undefined {
  return percent < telling ? undefined : (workedMs * (100 - percent)) / percent
}

/** The figures of an event. `perSecond` counts symbols of the present stage, `scored` and `passed` results so far. */
export function metricsOf(figures: {
  perSecond?: number
  remainingMs?: number
  scored: number
  passed: number
}): ProgressEvent['metrics'] {
  const { perSecond, remainingMs, scored, passed } = figures
  return {
    ...(perSecond !== undefined && { tickers_per_second: Math.round(perSecond * 10) / 10 }),
    ...(remainingMs !== undefined && { estimated_remaining: clockText(remainingMs) }),
    processed_tickers: scored,
    passed_count: passed,
  }
}

/** `00:05:32`; more than 99 hours as 99:59:59. */
export function clockText(ms: number): string {
  const seconds = Math.min(Math.ceil(ms / 1000), 100 * 3600 - 1)
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
