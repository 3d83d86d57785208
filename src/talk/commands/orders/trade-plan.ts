import { z } from 'zod'
import { type Big, least, zero } from '../../../base/amounts.ts'
import { dollarsText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { priceNow } from '../../../trading/orders/fresh-price.ts'
import type { Traded } from '../../../trading/orders/traded.ts'
import { availableQuantity, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { closingSide, directionOf, openingSide, type Side } from '../../../trading/positions/rules/position.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, enter } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { type Amount, inLots, notAQuantity, partOf, saysAll, twoAmounts, unitsFor } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { nowAndLimit, onTick } from './limit-price.ts'
import { stopIn } from './stop-price.ts'

export type Verb = 'buy' | 'sell' | 'add' | 'trim'

/** The facts for the decision about an order. */
export interface Ground {
  verb: Verb
  instrument: Traded
  /** Only an exit at a broker may be without one, or have an old one (`unpriced`). */
  quote: Quote | undefined
  position?: Position
  /** The reason, in words, why there is no fresh price. */
  unpriced?: string
  /** Orders worth more dollars than this need a confirmation; undefined: no order does. */
  confirmAbove?: Big
  /** The reason, in words, why the half that reverses the position would be refused. */
  notTurned?: string
}

/** The effect of an order on the position: it reduces, adds or opens. It does both when it reverses the position. */
export interface Trade {
  side: Side
  exit?: { positionId: number; quantity: Big; isAll: boolean }
  /** The quantity to open or to add. */
  enter?: Big
  /** `enter` must add to this position, if it is set. */
  onto?: number
  limitPrice?: Big
  /** The order waits until the price gets here, in dollars per unit. */
  stopPrice?: Big
  /** The dollars that the member wants to trade for; the quantity is made of them. */
  dollars?: Big
  /** Dollars per unit: the limit, the stop, or the side of the quote that a market order meets. */
  price: Big
}

/** The state that a question about a trade has shown. The answer is compared with it. */
export const tradeState = z.object({
  flow: z.literal('trade'),
  v: z.literal(1),
  side: z.enum(['buy', 'sell']),
  exit: z.object({ positionId: z.number(), quantity: keptAmount, isAll: z.boolean() }).optional(),
  enter: keptAmount.optional(),
  /** Dollars per unit. */
  price: keptAmount,
  /** The signed quantity of the open position. */
  open: keptAmount,
})
export type TradeState = z.infer<typeof tradeState>

/** Makes a trade of the command's values, or asks for a missing quantity. */
export function tradeFrom(ground: Ground, slots: SlotValues, shown?: TradeState): Trade | Ask | Refusal {
  const { instrument, position, quote, verb } = ground
  const said = slots.part ?? slots
  if (said instanceof Refusal) return said
  if ([said.quantity, said.dollars, said.leave, said.share].filter((one) => one !== undefined).length > 1)
    return twoAmounts(said.words)
  const price = slots.price ?? said.price
  if (slots.words.now !== undefined && price !== undefined)
    return nowAndLimit(slots.words.price ?? said.words.price ?? '')
  if (slots.words.now !== undefined && slots.words.how === 'limit') return nowAndLimit()
  const limitPrice = price === undefined ? undefined : onTick(price, instrument)
  if (limitPrice instanceof Refusal) return limitPrice
  const side = sideOf(verb, position)
  const stopPrice = stopIn(slots, instrument)
  if (stopPrice instanceof Refusal) return stopPrice
  const closes = position !== undefined && side === closingSide(position.signedQuantity)
  const isAll = closes && (saysAll(said) || shown?.exit?.isAll === true)
  const dollars = said.dollars instanceof Refusal ? undefined : said.dollars
  const at = {
    limitPrice,
    ...(stopPrice && { stopPrice }),
    price: limitPrice ?? stopPrice ?? priceNow(side, quote, position),
    ...(dollars && { dollars }),
  }
  if (dollars && ground.unpriced && !limitPrice && !stopPrice) return noPriceForDollars(instrument, ground.unpriced)
  const quantity = isAll ? allOf(position, shown) : quantityOf(ground, closes, said, at.price)
  if (quantity === undefined) return slots.part ? notAQuantity() : askHowMuch(ground, side, closes, slots)
  if (quantity instanceof Refusal) return quantity
  if (slots.words.how === 'limit' && price === undefined)
    return askLimit(instrument, side, quantity, dollars, slots.words)
  if (!closes) return { side, enter: quantity, ...(verb === 'add' && position && { onto: position.id }), ...at }
  const open = position.signedQuantity.abs()
  const exiting = least(quantity, open)
  const exit = { positionId: position.id, quantity: exiting, isAll }
  if (quantity.lte(open)) return { side, exit, ...at }
  if (verb === 'trim') {
    return new Refusal(
      'QUANTITY_EXCEEDS_POSITION',
      `${quantityText(quantity)} is more than the ${quantityText(open)} ${position.symbol} that are open. Nothing was done.`,
      `${freeIn(position)}, or \`close ${position.symbol}\``,
    )
  }
  if (position.workingQuantity.gt(0)) {
    return new Refusal(
      'QUANTITY_IN_FLIGHT',
      `${quantityText(position.workingQuantity)} of ${positionText(position)} are on their way out already, so ${quantityText(quantity)} cannot be traded. Nothing was done.`,
      `${freeIn(position)}; \`orders\` shows what works`,
    )
  }
  return { side, exit, enter: quantity.minus(open), ...at }
}

function noPriceForDollars({ symbol }: Instrument, why: string): Refusal {
  const sentence = `Dollars become a quantity of ${symbol} at its price, and there is no fresh one: ${why}. Nothing was done.`
  return new Refusal(
    'NO_FRESH_PRICE',
    sentence,
    `Say a quantity, half or all: at a broker \`close ${symbol}\` needs no price`,
  )
}

/** A hint: the quantity of a position that may be taken now. */
function freeIn(position: Position): string {
  const free = availableQuantity(position)
  if (free.lte(0)) return 'Nothing of it is free now'
  return `\`trim ${free.toFixed()} ${position.symbol}\` takes ${free.eq(position.signedQuantity.abs()) ? 'all of it' : 'what is free'}`
}

/** The quantity of a trade: the part that it takes and the part that it adds. */
export function quantityIn({ exit, enter: entering }: Trade): Big {
  return (exit?.quantity ?? zero).plus(entering ?? zero)
}

/** The side of an order. `add` and `trim` follow the position. */
export function sideOf(verb: Verb, position: Position | undefined): Side {
  if (verb === 'buy' || verb === 'sell') return verb
  const signed = position?.signedQuantity ?? zero
  return verb === 'trim' ? closingSide(signed) : openingSide(directionOf(signed) === 'SHORT' ? 'SHORT' : 'LONG')
}

/** The whole available quantity of a position, but never more than its question showed. */
function allOf(position: Position, shown?: TradeState): Big | Refusal {
  const available = availableQuantity(position)
  if (available.gt(0)) return shown ? least(available, shown.exit?.quantity ?? zero) : available
  return new Refusal(
    'QUANTITY_IN_FLIGHT',
    `All of ${position.symbol} is already on its way out. Nothing was done.`,
    '`orders` shows what works; try again in a moment',
  )
}

function quantityOf(
  { instrument, position, verb }: Ground,
  closes: boolean,
  { quantity, dollars, leave, share }: Amount,
  price: Big,
): Big | Refusal | undefined {
  if (dollars !== undefined) return dollars instanceof Refusal ? dollars : unitsFor(dollars, price, instrument)
  if (leave !== undefined)
    return leave instanceof Refusal ? leave : allBut(leave, instrument, closes ? position : undefined)
  if (quantity !== undefined) return quantity instanceof Refusal ? quantity : inLots(quantity, instrument, price)
  if (share === undefined) return undefined
  if (position && (closes || verb === 'add')) {
    const part = partOf({ share }, instrument)
    return part instanceof Refusal ? part : part(position)
  }
  return new Refusal(
    'QUANTITY_NOT_A_NUMBER',
    `A part is one of an open position, and \`${verb}\` does not take from one here. Nothing was done.`,
    `Say a number, such as \`${verb} 500 ${instrument.symbol}\``,
    { askAgain: true },
  )
}

/** The quantity that leaves this much of a position. */
function allBut(leave: Big, instrument: Traded, position: Position | undefined): Big | Refusal {
  const open = position?.signedQuantity.abs() ?? zero
  const rest = inLots(leave, instrument)
  if (rest instanceof Refusal) return rest
  if (open.gt(rest)) return open.minus(rest)
  const sentence = `${position ? positionText(position) : `No ${instrument.symbol}`} is open, so nothing can be sold down to ${quantityText(leave)}. Nothing was done.`
  return new Refusal('QUANTITY_EXCEEDS_POSITION', sentence, '`positions` shows what is open')
}

/** The question for the price of an order that was said to have a limit. The answer orders the quantity that it shows. */
function askLimit({ symbol }: Instrument, side: Side, quantity: Big, dollars: Big | undefined, words: Given): Ask {
  const { part: _, fraction: __, leave: ___, dollars: ____, ...given } = words
  const size: Given = dollars ? { dollars: dollars.toFixed() } : { quantity: quantity.toFixed() }
  const what = dollars ? `${dollarsText(dollars)} of` : quantityText(quantity)
  const text = `Enter your limit price to ${side} ${what} ${symbol}:`
  return enter('price', 'number', 'Limit price', text, { ...given, ...size, symbol })
}

function askHowMuch({ instrument, position }: Ground, side: Side, closes: boolean, { words: given }: SlotValues): Ask {
  const { symbol } = instrument
  if (closes) {
    const text = `❓ How much of ${positionText(position!)}?\n💡 A quantity, half, 30%, or all`
    return enter('part', 'text', 'How much?', text, { ...given, symbol })
  }
  const limit = given.price === undefined ? '' : readAsLimit(instrument, given.price)
  return enter('part', 'number', 'Quantity', `❓ How many ${symbol} do you want to ${side}?${limit}`, {
    ...given,
    symbol,
  })
}

/** A hint beside the question for the quantity: `1.5` in `buy BYND 1.5` is no valid quantity, so it was read as the limit. */
function readAsLimit({ symbol, lot, step = lot, isStepUnknown }: Traded, price: string): string {
  const whole = step.eq(1) && !isStepUnknown && price.includes('.') ? `The desk trades ${symbol} in whole shares; ` : ''
  return `\n💡 ${whole}${price} was read as the limit, in dollars`
}

/** The state of a question about this trade. */
export function shownOf({ position }: Ground, { side, exit, enter: entering, price }: Trade): TradeState {
  return { flow: 'trade', v: 1, side, exit, enter: entering, price, open: position?.signedQuantity ?? zero }
}

/** A market order may cost at most this share of the price more than its question showed. */
const tolerance = 0.01

/**
 * The reason why an answer is not valid for this trade any more: the trade is larger, different, or more expensive than the
 * question showed.
 */
export function changedSince(
  shown: TradeState | undefined,
  ground: Ground,
  trade: Trade,
): 'position' | 'price' | undefined {
  if (!shown) return 'position'
  const exit = trade.exit?.quantity ?? zero
  const entering = trade.enter ?? zero
  const isOther = trade.side !== shown.side || (exit.gt(0) && trade.exit!.positionId !== shown.exit?.positionId)
  // The question about a short sale also showed the open position, so a change of that matters.
  const open = ground.position?.signedQuantity ?? zero
  if (ground.verb === 'sell' && entering.gt(0) && !open.eq(shown.open)) return 'position'
  if (isOther || exit.gt(shown.exit?.quantity ?? zero) || entering.gt(shown.enter ?? zero)) return 'position'
  // Without a fresh price there is nothing to compare, and an exit does not wait for one.
  if (ground.unpriced) return undefined
  const dearer = trade.side === 'buy' ? trade.price.minus(shown.price) : shown.price.minus(trade.price)
  return dearer.gt(shown.price.times(tolerance)) ? 'price' : undefined
}
