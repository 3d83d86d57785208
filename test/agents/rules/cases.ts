import type { AgentOrder, Facts, Held } from '../../../src/agents/rules/facts.ts'
import { Big } from '../../../src/base/amounts.ts'

/** Wednesday, 2 December 2026, 11:00 in New York. */
export const at = new Date('2026-12-02T16:00:00Z')
export const session = { open: new Date('2026-12-02T14:30:00Z'), close: new Date('2026-12-02T21:00:00Z') }

/** Days of returns from a list of numbers. */
export const daily = (values: readonly number[]) =>
  new Map(values.map((value, day) => [new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10), value]))

/** Returns that repeat: none of these three correlates with another. */
export const waves = {
  AAPL: daily(Array.from({ length: 56 }, (_, day) => (day % 2 ? 0.01 : -0.01))),
  MSFT: daily(Array.from({ length: 56 }, (_, day) => (day % 4 < 2 ? 0.01 : -0.01))),
  GOOGL: daily(Array.from({ length: 56 }, (_, day) => (day % 8 < 4 ? 0.01 : -0.01))),
}

/** The facts of a quiet account of $10,000, of which everything is known and nothing is open. */
export const facts = (more: Partial<Facts> = {}): Facts => ({
  ...{ at, session, isHalted: false },
  ...{ equity: new Big(10_000), openingEquity: new Big(10_000), flows: new Big(0), peak: new Big(10_000) },
  ...{ positions: [], working: [] },
  ranges: new Map(['AAPL', 'MSFT', 'GOOGL'].map((symbol) => [symbol, new Big(2)])),
  sectors: new Map([
    ['AAPL', 'Technology'],
    ['MSFT', 'Technology'],
    ['GOOGL', 'Communication'],
  ]),
  returns: new Map(Object.entries(waves)),
  volatility: { now: 0.3, median: 0.3 },
  trades: { today: 0 },
  quote: { ageSeconds: 1, price: new Big(100) },
  failures: 0,
  ...more,
})

/** A wanted order: `buy` units of AAPL at $100 with a stop at $98. */
export const wanted = (quantity: number | string, more: Partial<AgentOrder> = {}): AgentOrder => ({
  ...{ symbol: 'AAPL', side: 'buy', quantity: new Big(quantity), price: new Big(100), lot: new Big(1) },
  ...{ stop: new Big(98), opens: true },
  ...more,
})

/** An open position at $100 with a stop $2 away. */
export const held = (symbol: string, units: number, more: Partial<Held> = {}): Held => ({
  ...{ symbol, signedQuantity: new Big(units), mark: new Big(100), stop: new Big(units < 0 ? 102 : 98) },
  ...more,
})
