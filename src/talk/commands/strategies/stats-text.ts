import { runnableBacktests } from '../../../backtest/runs/runnable.ts'
import { momentText } from '../../../base/format.ts'
import { type RunStats, statsOf } from '../../../strategies/runs/stats.ts'
import { titleOf } from '../../wording/strategies/names.ts'
import { tookText } from '../../wording/strategies/progress.ts'
import type { Hearing } from '../command.ts'

/** How a member's runs do, by screener: how many, how long, how fast, how they ended, and their hits over time. */
export async function statsText({ parts, speaker, byProgram }: Hearing): Promise<string> {
  const stats = await statsOf(parts.db, speaker.memberId, byProgram ? speaker.accountId : undefined)
  if (stats.length === 0) return '🔎 You have no runs yet.\n💡 `screen` lists the screeners'
  return ['🔎 HOW YOUR RUNS DO', ...stats.flatMap((one) => linesOf(one, speaker.timeZone))].join('\n')
}

const isBacktest = (strategy: string) => runnableBacktests.some(({ name }) => name === strategy)

function linesOf(stats: RunStats, zone: string | undefined): string[] {
  const { strategy, runs, completed, failed, cancelled, medianMs, medianWaitMs, tickersPerSecond, hits, lastHits } =
    stats
  const ends = [
    `${completed} completed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ]
  const usual = [
    ...(medianMs === undefined ? [] : [`usually ${tookText(medianMs)}`]),
    ...(medianWaitMs === undefined ? [] : [`after ${tookText(medianWaitMs)} in the queue`]),
    ...(tickersPerSecond === undefined ? [] : [`${tickersPerSecond.toFixed(1)} symbols/s`]),
    ...(hits === undefined || isBacktest(strategy) ? [] : [`${hits} ${hits === 1 ? 'hit' : 'hits'} in the median`]),
  ]
  const course = lastHits.map((one) => `${one.hits} of ${one.of} (run ${one.number}, ${momentText(one.at, zone)})`)
  return [
    `${titleOf(strategy)}: ${runs} ${runs === 1 ? 'run' : 'runs'}, ${ends.join(', ')}`,
    ...(usual.length > 0 ? [`  ${usual.join(' · ')}`] : []),
    ...(course.length > 0 && !isBacktest(strategy) ? [`  Hits, the latest first: ${course.join(', ')}`] : []),
  ]
}
