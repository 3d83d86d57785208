import type { StrategyRun } from '../../api/contract/strategies.ts'

/** The states of a run in words. */
export const stateWords: Record<StrategyRun['status'], string> = {
  queued: 'waits',
  starting: 'starts',
  running: 'runs',
  completing: 'ends',
  completed: 'done',
  cancelling: 'is being cancelled',
  cancelled: 'cancelled',
  error: 'failed',
}

/** The stages of a run in words. */
const stages: Record<string, string> = {
  data_download: 'fetching bars',
  strength: 'comparing strengths',
  analysis: 'scoring',
  ranking: 'ranking',
  simulation: 'playing the bars',
  drawing: 'drawing',
}

/** A stage in words: `scoring`. */
export const stageText = (stage: string): string => stages[stage] ?? stage.replaceAll('_', ' ')

/** `bullish_breakout` as `bullish breakout`. */
export const strategyText = (code: string): string => code.replaceAll(/[_-]/g, ' ')

/** The name of a run: `Run 12, bullish breakout`. */
export const runName = ({
  number,
  kind,
  strategy_code: code,
}: Pick<StrategyRun, 'number' | 'kind' | 'strategy_code'>): string =>
  `Run ${number}, ${kind === 'backtest' ? 'backtest ' : ''}${strategyText(code)}`

/** The parameters that a run was asked for with: `min score 70 · universe source market`. Of a backtest, 0 is none. */
export function parametersText({
  kind,
  parameters,
}: Partial<Pick<StrategyRun, 'kind'>> & Pick<StrategyRun, 'parameters'>): string {
  const { tickers, ...others } = parameters
  return Object.entries({ tickers, ...others })
    .filter(([, value]) => value !== undefined && value !== null && !(kind === 'backtest' && value === 0))
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${shown(value)}`)
    .join(' · ')
}

/** Symbols of a list that are shown. */
const mostShown = 5

function shown(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  const rest = value.length - mostShown
  return rest > 0 ? `${value.slice(0, mostShown).join(', ')} and ${rest} more` : value.join(', ')
}

/** `00:05:32` as `5 min 32 s`. */
export function restText(clock: string): string {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`
}
