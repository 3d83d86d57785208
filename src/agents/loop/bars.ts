import type { BacktestStrategy } from '../../backtest/engine/port.ts'
import { marketSymbol } from '../../prediction/forecaster/predict.ts'
import { NoBars } from '../../strategies/engine/bar-source.ts'
import { lastBars } from '../../strategies/engine/bars/slice.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import type { AgentParts } from '../parts.ts'
import type { Agent } from '../rules/agent.ts'

/** Finished daily bars of an agent's symbols. */
export interface AgentBars {
  bySymbol: Map<string, Columns>
  /** Bars of SPY, where the strategy reads them and the market has some. */
  market?: Columns
  /** The newest day that any of its symbols has finished. */
  day: string
}

const none: Columns = {
  days: [],
  ...{ open: new Float64Array(), high: new Float64Array(), low: new Float64Array() },
  ...{ close: new Float64Array(), volume: new Float64Array() },
}

/** The bars before the first one after which a strategy decides. */
export function warmupOf(strategy: BacktestStrategy, parameters: Record<string, unknown>): number {
  return strategy.prepare(none, parameters).warmup
}

/** The last `count` finished bars of each symbol. Undefined without any; throws when the market cannot answer. */
export async function agentBars(
  { runs: { bars: source }, clock, log }: Pick<AgentParts, 'runs' | 'clock' | 'log'>,
  { symbols }: Pick<Agent, 'symbols'>,
  count: number,
  strategy?: BacktestStrategy,
): Promise<AgentBars | undefined> {
  const today = clock.now().toISOString().slice(0, 10)
  const bySymbol = new Map<string, Columns>()
  try {
    for (const symbol of symbols) {
      const bars = await source.daily(symbol, count, today)
      if (bars && bars.days.length > 0) bySymbol.set(symbol, bars)
    }
  } catch (cause) {
    if (cause instanceof NoBars) return undefined
    throw cause
  }
  const day = [...bySymbol.values()]
    .map(({ days }) => days.at(-1)!)
    .sort()
    .at(-1)
  if (day === undefined) return undefined
  const market = strategy?.readsMarket
    ? await source.daily(marketSymbol, count, today).catch((cause) => {
        log.warn({ err: cause }, 'an agent decides without the bars of SPY')
        return undefined
      })
    : undefined
  return { bySymbol, day, ...(market && market.days.length > 0 && { market: lastBars(market, count, day) }) }
}
