import { metricsOf, type ProgressEvent, percentAt, restMs } from '../../runs/rules/progress.ts'
import type { Stage } from '../../screeners/strategy.ts'
import type { WrittenResult } from '../../screeners/written-result.ts'

/** How far a screen is. */
export interface Progress {
  stage: Stage
  /** Symbols of the stage that are done, and all. */
  done: number
  of: number
  /** The symbol that was done last. */
  symbol?: string
  /** Of the whole, 0 to 100. */
  percent: number
  /** Symbols of the stage in a second; undefined while the stage has done none. */
  perSecond?: number
  /** Expected milliseconds until the end; undefined while it cannot be told. */
  remainingMs?: number
  scored: number
  passed: number
}

/** A step of a screen, as events name them. */
export type Step = ProgressEvent['event_type']

/** Follows a screen by what it tells. */
export interface Tracker {
  readonly now: Progress
  /** The work begins, before anything is read. */
  start(): void
  stage(stage: Stage, of: number): void
  at(symbol: string, done: number): void
  results(batch: readonly WrittenResult[]): void
}

const sentences: Record<Stage, string> = {
  data_download: 'Reading bars',
  strength: 'Comparing strengths',
  analysis: 'Scoring',
  ranking: 'Ranking',
}

/** A tracker that tells every step. `clock` is in milliseconds; the percentages are those of a run of the desk. */
export function createTracker(stages: readonly Stage[], clock: () => number, tell: (step: Step) => void): Tracker {
  const began = clock()
  let stageBegan = began
  const progress: Progress = { stage: stages[0]!, done: 0, of: 0, percent: 0, scored: 0, passed: 0 }

  function move(done: number): void {
    progress.done = done
    progress.percent = Math.max(progress.percent, percentAt(stages, progress.stage, done, progress.of))
    const now = clock()
    progress.perSecond = done > 0 && now > stageBegan ? (1000 * done) / (now - stageBegan) : undefined
    progress.remainingMs = restMs(progress.percent, now - began)
  }

  return {
    now: progress,
    start: () => tell('started'),
    stage(stage, of) {
      if (stage !== stages[0]) tell('stage_completed')
      Object.assign(progress, { stage, of, symbol: undefined })
      stageBegan = clock()
      move(0)
      tell('progress')
    },
    at(symbol, done) {
      progress.symbol = symbol
      move(done)
      tell(progress.stage === 'analysis' ? 'ticker_completed' : 'progress')
    },
    results(batch) {
      progress.scored += batch.length
      progress.passed += batch.filter(({ outcome }) => outcome === 'passed').length
    },
  }
}

/** The fields that scripts of other screeners print, beside those of an event. */
interface ScriptFields {
  type: 'progress'
  progress: number
}

/** A step as programs read it. */
export function eventOf(
  step: Step,
  progress: Progress,
  { runId, at, message = sentenceOf(progress) }: { runId: string; at: Date; message?: string },
): ProgressEvent & ScriptFields {
  const { stage, done, of, symbol, perSecond, remainingMs, scored, passed } = progress
  const percent = step === 'completed' ? 100 : Math.round(progress.percent * 10) / 10
  return {
    type: 'progress',
    event_type: step,
    timestamp: at.toISOString(),
    run_id: runId,
    stage,
    progress: percent,
    progress_percent: percent,
    ...(symbol && { current_item: symbol }),
    total_items: of,
    completed_items: step === 'completed' ? of : done,
    message,
    metrics: metricsOf({
      ...{ perSecond, scored, passed },
      remainingMs: step === 'completed' && remainingMs !== undefined ? 0 : remainingMs,
    }),
  }
}

/** `Scoring NVDA`, `Reading bars` */
export function sentenceOf({ stage, symbol }: Progress): string {
  return symbol ? `${sentences[stage]}: ${symbol}` : sentences[stage]
}
