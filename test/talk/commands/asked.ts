import { Big, zero } from '../../../src/base/amounts.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import type { Instrument, Market, Quote } from '../../../src/market/market.ts'
import type { Ask } from '../../../src/talk/commands/command.ts'
import type { Closing } from '../../../src/talk/commands/orders/close-position.ts'
import type { Trade } from '../../../src/talk/commands/orders/trade-plan.ts'
import { valuesOf } from '../../../src/talk/commands/read-slots.ts'
import type { SlotValues } from '../../../src/talk/commands/slot-values.ts'
import type { Given } from '../../../src/talk/language/slots.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'

/** When it is. */
export const at = new Date('2026-11-20T15:00:00Z')
/** The instrument of these tests. */
export const bynd: Instrument = { symbol: 'BYND', name: 'Beyond', lot: new Big(1), tick: new Big('0.01') }
/** Its price, in dollars. */
export const quoteAt = (bid: string, ask = bid): Quote => ({
  symbol: 'BYND',
  bid: new Big(bid),
  ask: new Big(ask),
  last: new Big(bid),
  at,
  source: 'hand',
})
/** A position in it, at $0.63. */
export const held = (signedQuantity: number, more: Partial<Position> = {}): Position => ({
  id: 7,
  accountId: 1,
  symbol: 'BYND',
  signedQuantity: new Big(signedQuantity),
  openCost: new Big(Math.abs(signedQuantity)).times('0.63'),
  realizedPnl: zero,
  workingQuantity: zero,
  restingQuantity: zero,
  missingQuantity: zero,
  protectingQuantity: zero,
  version: 3,
  conversationId: 1,
  openedAt: at,
  ...more,
})

/** An outcome in short: what is asked (its name and its choices), the code of a refusal, or what is done. */
export function short(outcome: Ask | Refusal | { declined: true } | Closing | Trade | { price: Big }): unknown {
  if (outcome instanceof Refusal) return outcome.code
  if ('ask' in outcome) return [outcome.ask.name, ...outcome.ask.choices.map(({ value }) => value)].join(' ')
  return JSON.parse(JSON.stringify(outcome))
}

const market = { name: 'hand', instruments: () => [bynd], instrument: () => bynd } as unknown as Market

/** The values of a command, read from its words. */
export const said = (words: Given): SlotValues => valuesOf(words, market)

/** The flow goes on with an answer to what it asked, and with what the question has shown. */
export const answered = (outcome: unknown, answer: string): [SlotValues, never] => {
  const { ask, given, state } = outcome as Ask
  return [said({ ...given, [ask.name]: answer }), state as never]
}
