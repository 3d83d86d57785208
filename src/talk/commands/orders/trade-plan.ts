import { Big, least, zero } from '../../../base/amounts.ts'
import { quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { availableQuantity, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { closingSide, directionOf, openingSide, type Side } from '../../../trading/positions/rules/position.ts'
import { type Given, readSlots } from '../../language/slots.ts'
import { type Ask, enter } from '../command.ts'
import { partOf, quantityFrom, twoAmounts } from '../quantity.ts'
import { limitFrom, nowAndLimit } from './limit-price.ts'

export type Verb = 'buy' | 'sell' | 'add' | 'trim'

/** What an order is decided on. */
export interface Ground {
  verb: Verb
  instrument: Instrument
  quote: Quote
  position?: Position
  /** Dollars above which an order is asked about; undefined: none is. */
  confirmAbove?: Big
  /** Why the half that would turn the position round would be refused, in words. */
  notTurned?: string
}

/** What an order does to the position: takes from it, adds to it or opens one; both when it turns it round. */
export interface Trade {
  side: Side
  exit?: { positionId: number; quantity: Big; isAll: boolean }
  /** What is bought or sold to open or to add. */
  enter?: Big
  /** The position that `enter` adds to, where only that makes sense. */
  onto?: number
  limitPrice?: Big
  /** Dollars each: the limit, or the side of the quote that a market order meets. */
  price: Big
}

/** What was said of an order, as a trade; a question for the quantity when none was said. */
export function tradeFrom(ground: Ground, given: Given): Trade | Ask | Refusal {
  const { instrument, position, quote, verb } = ground
  const said = given.part === undefined ? given : partIn(given.part)
  if (said instanceof Refusal) return said
  if (said.quantity !== undefined && said.fraction !== undefined) return twoAmounts(said)
  const price = given.price ?? said.price
  if (given.now !== undefined && price !== undefined) return nowAndLimit(price)
  const limitPrice = price === undefined ? undefined : limitFrom(price, instrument)
  if (limitPrice instanceof Refusal) return limitPrice
  const side = sideOf(verb, position)
  const closes = position !== undefined && side === closingSide(position.signedQuantity)
  const isAll = closes && (said.fraction === '1' || given.all !== undefined)
  const quantity = isAll ? allOf(position, given) : quantityOf(ground, closes, said)
  if (quantity === undefined) return given.part === undefined ? askHowMuch(ground, side, closes, given) : notAQuantity()
  if (quantity instanceof Refusal) return quantity
  const at = { limitPrice, price: limitPrice ?? (side === 'sell' ? quote.bid : quote.ask) }
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

/** How much of a position may be taken at once, as advice. */
function freeIn(position: Position): string {
  const free = availableQuantity(position)
  if (free.lte(0)) return 'Nothing of it is free now'
  return `\`trim ${free.toFixed()} ${position.symbol}\` takes ${free.eq(position.signedQuantity.abs()) ? 'all of it' : 'what is free'}`
}

/** The quantity of a trade, what it takes and what it adds together. */
export function quantityIn({ exit, enter: entering }: Trade): Big {
  return (exit?.quantity ?? zero).plus(entering ?? zero)
}

function sideOf(verb: Verb, position: Position | undefined): Side {
  if (verb === 'buy' || verb === 'sell') return verb
  const signed = position?.signedQuantity ?? zero
  return verb === 'trim' ? closingSide(signed) : openingSide(directionOf(signed) === 'SHORT' ? 'SHORT' : 'LONG')
}

/** All that is left of a position, and never more than was shown when it was asked about. */
function allOf(position: Position, given: Given): Big | Refusal {
  const available = availableQuantity(position)
  const shown = shownIn(given)
  if (available.gt(0)) return shown ? least(available, shown.exit) : available
  return new Refusal(
    'QUANTITY_IN_FLIGHT',
    `All of ${position.symbol} is already on its way out. Nothing was done.`,
    '`orders` shows what works; try again in a moment',
  )
}

function quantityOf({ instrument, position, verb }: Ground, closes: boolean, said: Given): Big | Refusal | undefined {
  if (said.quantity !== undefined) return quantityFrom(said.quantity, instrument)
  if (said.fraction === undefined) return undefined
  if (position && (closes || verb === 'add')) {
    const part = partOf({ fraction: said.fraction }, instrument)
    return part instanceof Refusal ? part : part(position)
  }
  return new Refusal(
    'QUANTITY_NOT_A_NUMBER',
    `A part is one of an open position, and \`${verb}\` does not take from one here. Nothing was done.`,
    `Say a number, such as \`${verb} 500 ${instrument.symbol}\``,
    { askAgain: true },
  )
}

/** How much, as an answer: a quantity or a share, and a limit if one was said with it; nothing else. */
function partIn(text: string): Given | Refusal {
  const { given, leftover } = readSlots(text, () => false)
  const { quantity, fraction, price, now, ...others } = given
  if (leftover.length > 0 || Object.keys(others).length > 0) return notAQuantity()
  return { ...(quantity && { quantity }), ...(fraction && { fraction }), ...(price && { price }) }
}

function notAQuantity(): Refusal {
  return new Refusal(
    'QUANTITY_NOT_A_NUMBER',
    'That is not a quantity. Nothing was done.',
    'A quantity such as 500; half or 30% of what is open',
    { askAgain: true },
  )
}

function askHowMuch({ instrument, position }: Ground, side: Side, closes: boolean, given: Given): Ask {
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

/** Beside a question for the quantity: `buy BYND 1.5` says no quantity that fits, and a limit. */
function readAsLimit({ symbol, lot }: Instrument, price: string): string {
  const whole = lot.eq(1) && price.includes('.') ? `${symbol} trades in whole shares; ` : ''
  return `\n💡 ${whole}${price} was read as the limit, in dollars`
}

/** What a question about a trade has shown. */
interface Shown {
  side: string
  positionId: string
  exit: Big
  enter: Big
  price: Big
  /** Signed quantity of what was open. */
  open: Big
}

/** What a question shows of a trade, to be held against it when the answer comes. */
export function shownOf({ position }: Ground, trade: Trade): string {
  const { side, exit, enter: entering, price } = trade
  const open = position?.signedQuantity ?? zero
  const amounts = [exit?.quantity ?? zero, entering ?? zero, price, open].map((one) => one.toFixed())
  return [side, exit?.positionId ?? '', ...amounts].join(':')
}

/** What was shown when the pending answer was asked for; undefined when nothing was. */
function shownIn(given: Given): Shown | undefined {
  const [side, positionId, exit, entering, price, open] = given.shown?.split(':') ?? []
  if (side === undefined || positionId === undefined || !exit || !entering || !price || !open) return undefined
  return { side, positionId, exit: new Big(exit), enter: new Big(entering), price: new Big(price), open: new Big(open) }
}

/** A market order may cost this share of the price more than was shown, and no more. */
const tolerance = 0.01

/** Why an answer does not hold for this trade any more: it is larger, another one, or dearer than what was shown. */
export function changedSince(given: Given, ground: Ground, trade: Trade): 'position' | 'price' | undefined {
  const shown = shownIn(given)
  if (!shown) return 'position'
  const exit = trade.exit?.quantity ?? zero
  const entering = trade.enter ?? zero
  const isOther = trade.side !== shown.side || (exit.gt(0) && String(trade.exit!.positionId) !== shown.positionId)
  // What sells short was asked about beside what is open.
  const open = ground.position?.signedQuantity ?? zero
  if (ground.verb === 'sell' && entering.gt(0) && !open.eq(shown.open)) return 'position'
  if (isOther || exit.gt(shown.exit) || entering.gt(shown.enter)) return 'position'
  const dearer = trade.side === 'buy' ? trade.price.minus(shown.price) : shown.price.minus(trade.price)
  return dearer.gt(shown.price.times(tolerance)) ? 'price' : undefined
}
