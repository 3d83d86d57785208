import { zero } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { closingSide } from '../../../trading/positions/rules/position.ts'
import type { EntryLevel } from '../../../trading/protection/rows/entry-levels.ts'
import { reasonAgainst } from '../../../trading/protection/wanted-level.ts'
import type { SlotValues } from '../slot-values.ts'
import { type Ground, sideOf, type Trade } from './trade-plan.ts'

/**
 * The levels that an order brings along, checked against the price at which it opens. Refused for an order that takes from a
 * position, whose levels `bracket` sets.
 */
export function entryLevels(
  trade: Trade,
  { stopLoss, takeProfit }: SlotValues,
  quote: Quote | undefined,
  position: Position | undefined,
): EntryLevel[] | Refusal {
  const levels: EntryLevel[] = []
  for (const level of [stopLoss, takeProfit]) {
    if (level === undefined) continue
    if (level instanceof Refusal) return level
    if (level.at === 'price' || level.at === 'return') levels.push(level)
  }
  if (levels.length === 0) return levels
  if (trade.exit || !trade.enter) {
    const sentence = `A stop and a target are for what an order opens, and this one takes from ${positionText(position!)}. Nothing was done.`
    const instead = `\`bracket ${position!.symbol}\` sets both for what is open; say the order without them`
    return new Refusal('LEVELS_OF_EXIT', sentence, instead)
  }
  const { price } = trade
  // Whatever opens has a quote.
  const opened = opening(trade, quote!.symbol)
  for (const level of levels) {
    const wrong = reasonAgainst(opened, level, { ...quote!, bid: price, ask: price, last: price })
    if (wrong) return wrong
  }
  return levels
}

/**
 * Makes a stop on the losing side of the market the one that protects what the order opens: `buy 500 AMD @ 118 stop 112`. An order
 * that waits at such a stop would trade at once, so nothing else can be meant, unless the words name a stop order. What takes from
 * a position keeps its stop.
 */
export function protecting(slots: SlotValues, { verb, position, quote }: Ground): SlotValues {
  const { stop, words } = slots
  if (stop === undefined || stop instanceof Refusal || stop.at !== 'price' || words.type !== undefined) return slots
  const side = sideOf(verb, position)
  if (verb === 'trim' || (position && side === closingSide(position.signedQuantity))) return slots
  if (!quote) return slots
  const isLosing = [quote.bid, quote.ask, quote.last].every((price) =>
    side === 'buy' ? stop.price.lt(price) : stop.price.gt(price),
  )
  if (!isLosing) return slots
  const { stop: said, ...others } = words
  return { ...slots, stop: undefined, stopLoss: stop, words: { ...others, stopLoss: said! } }
}

/** The position that the order would open at its price. */
function opening({ side, enter, price }: Trade, symbol: string): Position {
  const quantity = enter!
  return {
    id: 0,
    accountId: 0,
    symbol,
    signedQuantity: side === 'sell' ? quantity.neg() : quantity,
    openCost: quantity.times(price),
    realizedPnl: zero,
    workingQuantity: zero,
    restingQuantity: zero,
    missingQuantity: zero,
    protectingQuantity: zero,
    version: 0,
    conversationId: 0,
    openedAt: new Date(0),
  }
}
