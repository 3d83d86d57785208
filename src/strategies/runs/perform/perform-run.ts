import { Refusal } from '../../../base/refusal.ts'
import { announceRunWork } from '../../../infra/db/announce.ts'
import { NoBars } from '../../engine/bar-source.ts'
import type { StrategyParts } from '../../parts.ts'
import { universeOf } from '../../universes/universe.ts'
import { endRun } from '../end-run.ts'
import { type Runnable, strategyOf } from '../kind.ts'
import { type Fixed, fix, fixedOf, letGo, noteFinished, noteRunning } from '../rows/claims.ts'
import type { Run } from '../rules/run.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { RunFailed } from './run-failed.ts'
import { RunStopped, type StopReason } from './run-stopped.ts'

/** A run that this process works on. */
export interface Performance {
  id: number
  /** Resolves when the attempt has ended, whatever became of it. */
  done: Promise<void>
  /** Looks at once whether the run was cancelled. */
  look(): void
  /** Lets the run go, for another process. */
  close(): void
}

/** A server of the desk did not do its part: that says nothing about the run. */
class ServerAway extends Error {
  override name = 'ServerAway'
}

const ours = <Value>(asked: Promise<Value>): Promise<Value> =>
  asked.catch((cause) => {
    throw new ServerAway('the database did not keep what a run has found', { cause })
  })

/** Works on a run that was claimed, until its end or until it has to stop. Work that an earlier attempt has done is not done again. */
export function performRun(parts: StrategyParts, run: Run): Performance {
  const stop = new AbortController()
  const strategy = strategyOf(parts.runs, run)
  const reporter = createReporter(parts, run, strategy?.stages ?? [], stop)
  const done = unlessStopped(work(parts, run, strategy, reporter, stop.signal), stop.signal)
    .then(() => complete(parts, run, reporter))
    .catch((cause) => stopped(parts, run, reporter, stop.signal.aborted ? stop.signal.reason : cause))
    .catch((cause) => parts.log.warn({ err: cause, run: run.id }, 'a run was left; the next look takes it up'))
    .finally(() => reporter.close())
  return { id: run.id, done, look: reporter.look, close: () => stop.abort(new RunStopped('closing')) }
}

/** The outcome of work, or at once the reason to stop: a market that does not answer keeps no run from being cancelled. */
function unlessStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  // Work that goes on comes to nothing: its writes are not kept once the run has ended or its attempt is over.
  stopped.catch(() => {})
  work.catch(() => {})
  return Promise.race([work, stopped])
}

async function work(
  parts: StrategyParts,
  run: Run,
  strategy: Runnable | undefined,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const { db, runs, clock } = parts
  const kind = runs.kinds[run.kind]
  if (!strategy) throw new RunFailed('UNKNOWN_STRATEGY', `this version of the desk has no ${kind.noun} ${run.strategy}`)
  const fixed = (await ours(fixedOf(db, run.id))) ?? (await fixNow(parts, run))
  if (fixed.market !== runs.bars.name) {
    const began = `it began on the market ${fixed.market}, and this desk has ${runs.bars.name} now`
    throw new RunFailed('OTHER_MARKET', `${began}. Bars of two markets make no list`)
  }
  const { length } = fixed.symbols
  const isBegun = await ours(
    noteRunning(db, run, length, `goes over ${length} ${length === 1 ? 'symbol' : 'symbols'}`, clock.now()),
  )
  // A cancel came first, or another attempt.
  if (!isBegun) throw new RunStopped('cancelled')
  reporter.look()
  await kind.work({ parts, run, fixed, progress: reporter, signal, ours })
}

/** Fixes what the run goes over, once for all its attempts. */
async function fixNow(parts: StrategyParts, run: Run): Promise<Fixed> {
  const { db, runs } = parts
  const universe = await ours(universeOf(parts, run, { lenient: true }))
  if (universe instanceof Refusal) throw new RunFailed(universe.code, universe.sentence)
  const fixed = { symbols: universe.symbols, asOf: await runs.bars.lastDay(), market: runs.bars.name }
  const { leftOut, unknown } = universe
  if (!(await ours(fix(db, run, { ...fixed, leftOut, unknown })))) throw new RunStopped('superseded')
  return fixed
}

async function complete(parts: StrategyParts, run: Run, reporter: Reporter): Promise<void> {
  await reporter.close()
  await noteFinished(parts.db, run)
  const workedMs = reporter.workedMs()
  // When a cancel was accepted meanwhile, this ends the run as cancelled.
  await endRun(parts, run.id, { step: 'complete', attempt: run.attempt, message: 'completed', workedMs })
}

async function stopped(parts: StrategyParts, run: Run, reporter: Reporter, cause: unknown): Promise<void> {
  await reporter.close()
  const workedMs = reporter.workedMs()
  const { attempt } = run
  if (cause instanceof RunStopped) return stoppedFor(cause.reason, parts, run, workedMs)
  const failure = failureOf(cause)
  if (!failure) {
    // A database that is away says nothing about the run: whoever finds it silent goes on with it.
    throw cause
  }
  parts.log.warn({ err: cause, run: run.id }, 'a run has failed')
  await endRun(parts, run.id, { step: 'fail', attempt, message: failure.text, error: failure, workedMs })
}

async function stoppedFor(reason: StopReason, parts: StrategyParts, run: Run, workedMs: number): Promise<void> {
  const { id, attempt } = run
  switch (reason) {
    case 'superseded':
      return
    case 'closing':
      await letGo(parts.db, run, workedMs)
      await announceRunWork(parts, id)
      return
    case 'cancelled':
      await endRun(parts, id, { step: 'stop', attempt, message: 'cancelled', workedMs })
      return
    case 'time limit': {
      const seconds = Math.round(run.timeLimitMs / 1000)
      const text = `It took longer than ${seconds === 1 ? '1 second' : `${seconds} seconds`}`
      await endRun(parts, id, { step: 'fail', attempt, message: text, error: { code: 'TIME_LIMIT', text }, workedMs })
    }
  }
}

/** The failure of a run in words that name no stack and no secret; undefined when the fault lies with the desk's own servers. */
function failureOf(cause: unknown): { code: string; text: string } | undefined {
  if (cause instanceof RunFailed) return { code: cause.code, text: cause.message }
  if (cause instanceof NoBars) return { code: 'EMPTY_UNIVERSE', text: cause.message }
  if (cause instanceof ServerAway) return undefined
  return { code: 'RUN_FAILED', text: 'something in the desk failed; its log has the cause' }
}
