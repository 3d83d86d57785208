import { calendarOf, nyse } from '../../market/calendar.ts'
import type { AgentParts } from '../parts.ts'
import type { Agent } from '../rules/agent.ts'
import type { AgentBars } from './bars.ts'

/** Prices of this market come without the exchange's hours: a recording, or made up. */
export function hasNoHours({ market, runs }: Pick<AgentParts, 'market' | 'runs'>): boolean {
  return runs.isSimulated || (market.replays?.().length ?? 0) > 0
}

/**
 * Is the newest day there for all symbols that will have it? A provider may have the bar of one symbol a minute before that of another;
 * when the next session has opened, nothing more comes.
 */
export function isWhole(parts: AgentParts, { symbols }: Agent, { bySymbol, day }: AgentBars): boolean {
  if (hasNoHours(parts)) return true
  if (symbols.every((symbol) => bySymbol.get(symbol)?.days.at(-1) === day)) return true
  const session = nyse.sessionOf(day)
  return !session || nyse.nextSession(session.close).open <= parts.clock.now()
}

/** Milliseconds until orders in a symbol can be carried out; 0 while its exchange is open, and for prices without hours. */
export function opensIn(parts: Pick<AgentParts, 'market' | 'runs' | 'clock'>, symbol: string): number {
  const instrument = parts.market.instrument(symbol)
  const calendar = calendarOf(symbol)
  if (hasNoHours(parts) || instrument?.isAroundTheClock || instrument?.isReplayed || calendar.isAlwaysOpen) return 0
  const now = parts.clock.now()
  return calendar.sessionAt(now) ? 0 : calendar.nextSession(now).open.getTime() - now.getTime()
}
