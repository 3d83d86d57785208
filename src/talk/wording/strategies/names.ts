import { spanOf } from '../../../backtest/runs/parameters.ts'
import { runnableBacktests } from '../../../backtest/runs/runnable.ts'
import { momentText } from '../../../base/format.ts'
import { type Run, spokenStrategy } from '../../../strategies/runs/rules/run.ts'
import { strategyNamed } from '../../../strategies/screeners/list.ts'

/** The name of a run: `RUN 12 · Bullish breakout`. */
export function runName({ number, strategy }: Pick<Run, 'number' | 'strategy'>): string {
  return `RUN ${number} · ${titleOf(strategy)}`
}

/** When a schedule was due that ran late: `was due 2026-11-30 16:15 EST`. */
export function dueText({ at, zone }: NonNullable<Run['due']>): string {
  return `was due ${momentText(at, zone)}`
}

/** The title of a strategy, also of one that this version of the desk has no more. */
export function titleOf(strategy: string): string {
  const backtest = backtestNamed(strategy)
  return backtest ? `Backtest ${backtest.title}` : (strategyNamed(strategy)?.title ?? spokenStrategy(strategy))
}

/** The strategy of backtests of this very name; screeners have others. */
const backtestNamed = (strategy: string) => runnableBacktests.find(({ name }) => name === strategy)

/** The symbols and the parameters of a run that differ from the defaults: `your watchlist · min_score 60`. */
export function settingText(run: Pick<Run, 'strategy' | 'parameters'>): string {
  return [
    universeText(run.parameters),
    ...(backtestNamed(run.strategy) ? daysText(run.parameters) : []),
    ...changedParameters(run).map(([name, value]) => `${name} ${String(value)}`),
  ].join(' · ')
}

/** The parameters of a run that differ from the defaults, without those of its universe and its days. */
export function changedParameters({ strategy, parameters }: Pick<Run, 'strategy' | 'parameters'>): [string, unknown][] {
  const { universe_source: _source, tickers: _tickers, file: _file, from: _from, to: _to, ...others } = parameters
  const backtest = backtestNamed(strategy)
  // A backtest always names its symbols.
  const read = backtest?.parameters.safeParse({ tickers: ['A'] }) ?? strategyNamed(strategy)?.parameters.safeParse({})
  const defaults: Record<string, unknown> = read?.success ? read.data : {}
  const order = Object.keys(backtest?.parameters.shape ?? {})
  const place = ([name]: [string, unknown]) => order.indexOf(name)
  // The database keeps the names in an order of its own.
  return Object.entries(others)
    .toSorted((one, other) => place(one) - place(other))
    .filter(([name, value]) => value !== defaults[name] && value !== undefined)
}

/** The days that were asked for: `2004-01-01 to 2013-12-31`, `the last 3 years`. */
function daysText({ from, to }: Record<string, unknown>): string[] {
  const span = typeof from === 'string' ? spanOf(from) : undefined
  if (span)
    return [
      `the last ${span.count} ${unitNames[span.unit]}${span.count === 1 ? '' : 's'}${to ? ` to ${String(to)}` : ''}`,
    ]
  if (from && to) return [`${String(from)} to ${String(to)}`]
  return from ? [`from ${String(from)}`] : to ? [`to ${String(to)}`] : ['all days']
}

const unitNames = { y: 'year', m: 'month', d: 'day' } as const

/** The most symbols that a line names. */
const mostNamed = 6

/** The symbols that a run goes over, in words. */
function universeText({ universe_source: source, tickers, file }: Record<string, unknown>): string {
  if (Array.isArray(tickers) && tickers.length > 0) {
    const more = tickers.length - mostNamed
    const named = tickers.slice(0, mostNamed).join(', ')
    return more > 0 ? `${named} and ${more} more` : named
  }
  switch (source) {
    case 'sp500':
      return 'S&P 500'
    case 'watchlist':
      return 'your watchlist'
    case 'positions':
      return 'your positions'
    case 'file':
      return `file ${String(file)}`
    default:
      return 'all symbols of the market'
  }
}
