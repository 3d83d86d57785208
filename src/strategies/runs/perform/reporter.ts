import { announceRun } from '../../../infra/db/announce.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { StrategyParts } from '../../parts.ts'
import type { WorkProgress } from '../kind.ts'
import { type Attempt, beat, type Progress } from '../rows/claims.ts'
import { runById } from '../rows/runs.ts'
import { percentAt } from '../rules/progress.ts'
import type { Run } from '../rules/run.ts'
import { tellProgress } from '../tell.ts'
import { RunStopped } from './run-stopped.ts'

/** Milliseconds between two writes of progress, two signs of life, and two edits of the message in the thread. */
const writeEveryMs = 250
const beatEveryMs = 2000
const editEveryMs = 2000

/** Writes the progress of an attempt and its worker's signs of life, and stops the attempt when its run is no longer its own. */
export interface Reporter extends WorkProgress {
  /** Looks at the run at once: it may have been cancelled. */
  look(): void
  /** Milliseconds of work so far, over all attempts. */
  workedMs(): number
  /** Writes nothing more; resolves when the last write has ended. */
  close(): Promise<void>
}

const doing: Record<string, string> = {
  data_download: 'fetches bars',
  strength: 'compares strengths',
  analysis: 'scores',
  ranking: 'puts its list in order',
  simulation: 'plays the bars',
  drawing: 'draws its picture',
}

/** Begins to report on an attempt. `stop` aborts it, with a `RunStopped`. */
export function createReporter(
  parts: StrategyParts,
  run: Run,
  stages: readonly string[],
  stop: AbortController,
): Reporter {
  const of: Attempt = run
  const began = performance.now()
  const workedMs = () => run.workedMs + performance.now() - began
  let now: Omit<Progress, 'workedMs' | 'percent' | 'message' | 'tickersPerSecond'> | undefined
  let stageBegan = { at: began, done: 0 }
  let isNews = false
  let beaten = began
  let edited = Number.NEGATIVE_INFINITY
  let writing: Promise<void> | undefined
  let isClosed = false

  function progress(): Progress | undefined {
    if (!now) return undefined
    const seconds = (performance.now() - stageBegan.at) / 1000
    const done = now.stageDone - stageBegan.done
    const at = now.currentItem ? ` ${now.currentItem},` : ''
    return {
      ...now,
      workedMs: workedMs(),
      percent: percentAt(stages, now.stage, now.stageDone, now.stageOf),
      ...(seconds > 0 && done > 0 && { tickersPerSecond: done / seconds }),
      message: `${doing[now.stage] ?? now.stage}:${at} ${now.stageDone} of ${now.stageOf}`,
    }
  }

  async function write(): Promise<void> {
    const news = isNews ? progress() : undefined
    isNews = false
    beaten = performance.now()
    const state = await beat(parts.db, of, workedMs(), news)
    if (state === undefined) return stop.abort(new RunStopped('superseded'))
    if (state === 'cancelling') return stop.abort(new RunStopped('cancelled'))
    if (workedMs() > run.timeLimitMs) return stop.abort(new RunStopped('time limit'))
    if (!news) return
    await announceRun(parts, run.id)
    if (run.postRow === undefined || performance.now() - edited < editEveryMs) return
    edited = performance.now()
    const conversations = await parts.db.transaction().execute(async (trx) => {
      const present = await runById(trx, run.id)
      return present ? tellProgress(trx, parts, present) : []
    })
    await wakeReplies(parts, conversations)
  }

  function writeOnce(): void {
    if (isClosed) return
    writing ??= write()
      .catch((cause) => parts.log.warn({ err: cause, run: run.id }, 'the progress of a run was not written'))
      .finally(() => {
        writing = undefined
      })
  }

  const timer = setInterval(() => {
    if (isNews || performance.now() - beaten >= beatEveryMs) writeOnce()
  }, writeEveryMs)

  return {
    stage(stage, stageOf) {
      now = { stage, stageOf, stageDone: 0 }
      stageBegan = { at: performance.now(), done: 0 }
      isNews = true
    },
    at(symbol, done) {
      if (!now) return
      // A stage that goes on after an earlier attempt begins with what that has done.
      if (now.stageDone === 0) stageBegan.done = done - 1
      now = { ...now, currentItem: symbol, stageDone: done }
      isNews = true
    },
    noted() {
      isNews = true
    },
    look: writeOnce,
    workedMs,
    async close() {
      isClosed = true
      clearInterval(timer)
      await writing
    },
  }
}
