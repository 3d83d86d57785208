import type { Runnable } from '../../strategies/runs/kind.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import { backtestStrategies, backtestStrategyNamed } from '../strategies/list.ts'
import { partsOf, runParameters } from './parameters.ts'

/** The steps of a run: bars are fetched, played, and the picture is drawn. */
const stages = ['data_download', 'simulation', 'drawing'] as const

/** A strategy of backtests as the queue knows it. */
export type RunnableBacktest = Runnable & Pick<BacktestStrategy, 'title' | 'summary' | 'aliases'>

const runnable = (strategy: BacktestStrategy): RunnableBacktest => ({
  ...{ name: strategy.name, title: strategy.title, summary: strategy.summary, aliases: strategy.aliases, stages },
  parameters: runParameters(strategy),
  refuses(given) {
    const { own, from, to } = partsOf(strategy, given)
    if (from !== undefined && to !== undefined && to < from) return `The last day, ${to}, is before the first, ${from}.`
    return strategy.refuses?.(own)
  },
})

/** All strategies that a backtest can play. */
export const runnableBacktests: readonly RunnableBacktest[] = backtestStrategies.map(runnable)

/** The strategy of a name or alias, in any letter case; undefined when there is none. */
export function runnableBacktestNamed(name: string): RunnableBacktest | undefined {
  const found = backtestStrategyNamed(name)
  return found && runnableBacktests.find((one) => one.name === found.name)
}
