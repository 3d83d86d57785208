import { momentText } from '../../../base/format.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
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
  return strategyNamed(strategy)?.title ?? strategy.replaceAll('_', ' ')
}

/** The symbols and the parameters of a run that differ from the defaults: `your watchlist · min_score 60`. */
export function settingText(run: Pick<Run, 'strategy' | 'parameters'>): string {
  return [
    universeText(run.parameters),
    ...changedParameters(run).map(([name, value]) => `${name} ${String(value)}`),
  ].join(' · ')
}

/** The parameters of a run that differ from the defaults, without those of its universe. */
export function changedParameters({ strategy, parameters }: Pick<Run, 'strategy' | 'parameters'>): [string, unknown][] {
  const { universe_source: _source, tickers: _tickers, file: _file, ...others } = parameters
  const read = strategyNamed(strategy)?.parameters.safeParse({})
  const defaults: Record<string, unknown> = read?.success ? read.data : {}
  return Object.entries(others).filter(([name, value]) => value !== defaults[name] && value !== undefined)
}

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
