import { setImmediate as turn } from 'node:timers/promises'
import { slices } from '../../base/slices.ts'
import { packBars } from '../../strategies/engine/bars/packed.ts'
import { createScorers, ThreadLost } from '../../strategies/engine/threads/scorers.ts'
import type { RunKind, Work } from '../../strategies/runs/kind.ts'
import { RunFailed } from '../../strategies/runs/perform/run-failed.ts'
import { elseStopped } from '../../strategies/runs/perform/run-stopped.ts'
import { keepReport, reportOf } from '../../strategies/runs/rows/reports.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import { backtestStrategyNamed } from '../strategies/list.ts'
import { pictureOfRun } from './draw.ts'
import { firstDay, partsOf } from './parameters.ts'
import type { Played, PlayTask } from './play.ts'
import { runnableBacktestNamed, runnableBacktests } from './runnable.ts'

/** A run of a hundred symbols over decades takes seconds; one that takes minutes of a thread's time has gone wrong. */
const longestMs = 5 * 60_000

/** All backtests of this process share these threads. */
const threads = createScorers<PlayTask, Played>({
  thread: new URL('./thread.ts', import.meta.url),
  ...{ most: 2, longestMs, heapMb: 512 },
})

/** Plays a run in a thread. Throws `ThreadLost`. */
export const playApart = (task: PlayTask, signal?: AbortSignal): Promise<Played> => threads.ask(task, signal)

/** Ends the threads of this process. */
export const restBacktests = (): Promise<void> => threads.rest()

/** Runs that play a strategy over recorded bars. */
export const backtests: RunKind = {
  name: 'backtest',
  noun: 'backtest',
  strategies: runnableBacktests,
  named: runnableBacktestNamed,
  async work(work) {
    const { parts, run, progress, signal, ours } = work
    // An earlier attempt has kept it, and ended before it could say so.
    if (await ours(reportOf(parts.db, run.id))) return
    const task = taskOf(work, await barsOf(work))
    progress.stage('simulation', task.symbols.length)
    const played = await playApart(task, signal).catch((cause) => {
      if (!(cause instanceof ThreadLost)) throw cause
      parts.log.warn({ run: run.id, err: cause }, 'a backtest has lost its thread')
      throw new RunFailed('RUN_FAILED', 'it took too long, or too much memory; fewer symbols or years may do')
    })
    if ('refused' in played) throw new RunFailed('TOO_FEW_BARS', played.refused)
    progress.at(task.symbols.at(-1)!, task.symbols.length)
    progress.stage('drawing', 1)
    const { report, curvesJson: curves, tradesJson: trades } = played
    const picture = await pictureOfRun(parts, run, played)
    elseStopped(
      await ours(
        keepReport(parts.db, run, { report: JSON.stringify(report), curves, trades, ...(picture && { picture }) }),
      ),
    )
    progress.noted()
  },
}

/** Bars from memory are fetched for so long, in milliseconds, before other work gets its turn. */
const longestStretchMs = 1

/** The bars of each symbol up to the last day of the run. */
async function barsOf({ parts: { runs, log }, run, fixed, progress, signal }: Work): Promise<Map<string, Columns>> {
  const { symbols, asOf } = fixed
  const to = run.parameters.to as string | undefined
  const last = to !== undefined && to < asOf ? to : asOf
  const bars = new Map<string, Columns>()
  progress.stage('data_download', symbols.length)
  let since = performance.now()
  let at = 0
  for (const some of slices(symbols, runs.bars.atOnce ?? 1)) {
    signal.throwIfAborted()
    const found = await Promise.all(
      some.map((symbol) =>
        runs.bars.daily(symbol, mostBars, last).catch((cause) => {
          log.warn({ run: run.id, symbol, err: cause }, 'a backtest has no bars')
          throw new RunFailed('NO_BARS', `the bars of ${symbol} could not be had`)
        }),
      ),
    )
    for (const [nth, symbol] of some.entries()) {
      const columns = found[nth]
      if (!columns?.days.length)
        throw new RunFailed('NO_BARS', `${runs.bars.name} has no bars of ${symbol} up to ${last}`)
      bars.set(symbol, columns)
      progress.at(symbol, ++at)
    }
    if (performance.now() - since < longestStretchMs) continue
    await turn()
    since = performance.now()
  }
  return bars
}

/** Forty years of days. */
const mostBars = 10_000

function taskOf({ run, fixed }: Work, bars: ReadonlyMap<string, Columns>): PlayTask {
  const strategy = backtestStrategyNamed(run.strategy)!
  const { own, numbers, from, to } = partsOf(strategy, run.parameters)
  const last = to !== undefined && to < fixed.asOf ? to : fixed.asOf
  const symbols = [...bars.keys()]
  const first = firstDay(from, last)
  return {
    ...{ strategy: strategy.name, parameters: own, symbols, numbers },
    ...(first !== undefined && { from: first }),
    ...(to !== undefined && { to }),
    bars: packBars(symbols.map((symbol) => bars.get(symbol))),
  }
}
