import { Big, finestStep, floorTo, isMultiple } from '../../base/amounts.ts'
import { dollarsText, priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { stepOf, type Traded } from '../../trading/orders/traded.ts'
import { availableQuantity, inFlightQuantity, type Position } from '../../trading/positions/rows/positions.ts'
import type { Given } from '../language/slots.ts'
import { numberIn, plain } from '../language/words.ts'

/** A quantity above this is a typing error. */
const mostUnits = new Big(1_000_000_000)
/** A price above this, in dollars, is a typing error. */
const mostDollars = new Big(10_000_000)
/** A price has at most this many decimals of a dollar. */
const mostDecimals = 8

/** A typed quantity, checked: positive and within reason. */
export function quantityFrom(text: string): Big | Refusal {
  const digits = numberIn(plain(text))
  const again = { askAgain: true }
  if (digits === undefined)
    return new Refusal(
      'QUANTITY_NOT_A_NUMBER',
      `"${text.slice(0, 40)}" is not a quantity.`,
      'A number such as 500, 3,750 or 3.75k',
      again,
    )
  const quantity = new Big(digits)
  if (quantity.lte(0))
    return new Refusal(
      'QUANTITY_NOT_POSITIVE',
      'The quantity must be more than zero. Nothing was done.',
      'A number such as 500, 3,750 or 3.75k',
      again,
    )
  if (quantity.gt(mostUnits)) {
    return new Refusal(
      'QUANTITY_ABSURD',
      `A quantity of ${quantityText(quantity).slice(0, 40)} is more than the desk takes. Nothing was done.`,
      `At most ${quantityText(mostUnits)}`,
      again,
    )
  }
  return quantity
}

/** A typed amount in dollars to trade for, checked: positive and within reason. */
export function dollarsFrom(text: string): Big | Refusal {
  const dollars = priceFrom(text)
  if (!(dollars instanceof Refusal)) return dollars
  const sentence = `"${text.slice(0, 40)}" is not an amount in dollars that can be traded for. Nothing was done.`
  return new Refusal('QUANTITY_NOT_A_NUMBER', sentence, `Such as $500 or $5k; at most $${quantityText(mostDollars)}`, {
    askAgain: true,
  })
}

/** Dollars become parts of a lot with at most this many digits: `0.1666`. */
const partDigits = 4

/**
 * The units that an amount in dollars pays for at a price: whole lots where they buy one, else a part of one, where the account's venue
 * trades parts.
 */
export function unitsFor(dollars: Big, price: Big, { symbol, lot, step = lot }: Traded): Big | Refusal {
  const lots = floorTo(dollars.div(price), lot)
  if (lots.gt(0)) return lots
  const part = floorTo(dollars.div(price).prec(partDigits, Big.roundDown), step)
  if (part.gt(0)) return part
  const sentence = `${dollarsText(dollars)} is less than ${quantityText(step)} ${symbol} at ${priceText(price)}. Nothing was done.`
  return new Refusal('QUANTITY_BELOW_LOT', sentence, `At least ${dollarsText(price.times(step))}`, { askAgain: true })
}

/**
 * A quantity, checked: a multiple of the step in which the account's venue trades the instrument. With the price in dollars, the hint of
 * the refusal is worth what the venue takes.
 */
export function inLots(quantity: Big, traded: Traded, price?: Big): Big | Refusal {
  const { symbol, lot, step = lot, isStepUnknown } = traded
  if (isMultiple(quantity, step)) return quantity
  const below = floorTo(quantity, step)
  const least = leastTaken(traded, price)
  const such = `Such as ${quantityText(below.gt(least) ? below : least)}`
  const again = { askAgain: true }
  if (isStepUnknown) {
    const sentence = `The venue does not say now whether it trades parts of a share of ${symbol}. Nothing was done.`
    return new Refusal('VENUE_SILENT', sentence, `Try again in a moment, or take whole shares`, again)
  }
  const steps = step.eq(1) ? 'whole shares' : `steps of ${quantityText(step)}`
  return new Refusal(
    'QUANTITY_BELOW_LOT',
    `The desk trades ${symbol} in ${steps}; ${typed(quantity).slice(0, 40)} does not fit. Nothing was done.`,
    such,
    again,
  )
}

/** The smallest quantity that the venue takes, as far as is known: a step, or the part of a lot that is worth enough at the price. */
function leastTaken({ lot, step = lot, leastDollars }: Traded, price?: Big): Big {
  if (!leastDollars || !price?.gt(0)) return step
  // The price moves: a tenth more is still enough a moment later.
  const worth = leastDollars.times('1.1').div(price).prec(2, Big.roundUp)
  const steps = worth.div(step).round(0, Big.roundUp).times(step)
  return steps.gt(lot) ? lot : steps
}

/** A quantity as it was typed: one that is finer than any lot is not rounded. */
const typed = (quantity: Big) => (isMultiple(quantity, finestStep) ? quantityText(quantity) : quantity.toFixed())

/** A typed price in dollars, checked: positive and within reason. */
export function priceFrom(text: string): Big | Refusal {
  const digits = numberIn(plain(text))
  const again = { askAgain: true }
  if (digits === undefined)
    return new Refusal(
      'PRICE_NOT_A_NUMBER',
      `"${text.slice(0, 40)}" is not a price.`,
      'A price such as .63 or 12.50',
      again,
    )
  return inReason(new Big(digits))
}

/** A price in dollars, checked: positive and within reason. */
export function inReason(price: Big): Big | Refusal {
  const again = { askAgain: true }
  if (price.lte(0))
    return new Refusal(
      'PRICE_NOT_POSITIVE',
      'The price must be more than zero. Nothing was done.',
      'A price such as .63 or 12.50',
      again,
    )
  if (price.gt(mostDollars))
    return new Refusal(
      'PRICE_ABSURD',
      'That price is more than the desk takes. Nothing was done.',
      `At most $${quantityText(mostDollars)}`,
      again,
    )
  if (price.round(mostDecimals).eq(price)) return price
  return new Refusal(
    'PRICE_TOO_FINE',
    `A price has at most ${mostDecimals} decimals. Nothing was done.`,
    'A price such as .63 or 12.50',
    again,
  )
}

/** Two amounts, such as `all 50` or `100 for $500`, are refused, because they agree only by chance. */
export function twoAmounts({ quantity, dollars, leave, fraction }: Given): Refusal {
  const part = fraction && (fraction === '1' ? 'all' : 'a part')
  const amounts = [quantity, dollars && `$${dollars}`, part, leave && `to ${leave}`].filter((one) => one !== undefined)
  const sentence = `${amounts.map((one) => one.slice(0, 40)).join(' and ')} are two amounts. Nothing was done.`
  return new Refusal('TWO_AMOUNTS', sentence, 'Say the number, or half, 30% or all', { askAgain: true })
}

/** The answer is neither a quantity nor a share. */
export function notAQuantity(): Refusal {
  return new Refusal(
    'QUANTITY_NOT_A_NUMBER',
    'That is not a quantity. Nothing was done.',
    'A quantity such as 500; half or 30% of what is open',
    { askAgain: true },
  )
}

/** A share of a whole, `of` parts of `in`. A fraction is exact: a third of 3,750 is 1,250, and no decimal equals a third. */
export interface Share {
  of: Big
  in: Big
  /** The member said "all" in a word; 100% is a number. */
  isAll: boolean
}

/** A typed share (`0.5`, `1/3`), checked: above zero and at most the whole. */
export function shareFrom(text: string): Share | Refusal {
  const [over = '', under = '1'] = text.split('/')
  const share = { of: new Big(over), in: new Big(under), isAll: text === '1' }
  if (share.of.lte(0) || share.of.gt(share.in)) {
    return new Refusal(
      'FRACTION_OUT_OF_RANGE',
      'A fraction must be more than 0% and at most 100%. Nothing was done.',
      'Such as half or 30%',
      { askAgain: true },
    )
  }
  return share
}

/** An amount as a number, or as a share of the open position. */
export interface Amount {
  quantity?: Big | Refusal
  /** Dollars to trade for; the price of the order makes them units. */
  dollars?: Big | Refusal
  /** The quantity that is to be left of the position. */
  leave?: Big | Refusal
  share?: Share | Refusal
}

/** Is the whole position meant? The member said all, or no amount. */
export function isAllOf({ quantity, share }: Amount): boolean {
  return quantity === undefined && (share === undefined || saysAll({ share }))
}

/** Did the member say "all" in a word? */
export function saysAll({ share }: Amount): boolean {
  return share !== undefined && !(share instanceof Refusal) && share.isAll
}

/**
 * A share of what is open, rounded down to the lot; to the step of the venue where the position has parts of a lot already, or where that
 * part of it is less than one.
 */
function shareOf(open: Big, share: Share, instrument: Traded): Big {
  const part = open.times(share.of).div(share.in)
  const lots = floorTo(part, instrument.lot)
  return lots.gt(0) && isMultiple(open, instrument.lot) ? lots : floorTo(part, stepOf(open, instrument))
}

/**
 * The part of a position that is meant: a quantity, a share of the open quantity without what is on its way out, or, without an amount,
 * everything that is available. The returned function computes the amount from the locked position. Values that are
 * invalid for any position are refused at once.
 */
export function partOf(
  { quantity, share }: Amount,
  instrument: Traded,
): ((position: Position) => Big | Refusal) | Refusal {
  if (quantity !== undefined) {
    const whole = quantity instanceof Refusal ? quantity : inLots(quantity, instrument)
    return whole instanceof Refusal ? whole : () => whole
  }
  if (share !== undefined) {
    if (share instanceof Refusal) return share
    return (position) => {
      const open = position.signedQuantity.abs().minus(inFlightQuantity(position))
      const part = share.of.eq(share.in) ? availableQuantity(position) : shareOf(open, share, instrument)
      if (part.gt(0)) return part
      return new Refusal(
        'QUANTITY_BELOW_LOT',
        `That part of ${quantityText(open)} ${position.symbol} is less than ${quantityText(instrument.step ?? instrument.lot)}. Nothing was done.`,
        'Use a larger part',
      )
    }
  }
  return (position) => {
    const available = availableQuantity(position)
    if (available.gt(0)) return available
    if (position.restingQuantity.gt(0)) {
      return new Refusal(
        'QUANTITY_HELD_BY_ORDERS',
        `Working orders hold all that is free of ${position.symbol}. Nothing was done.`,
        `\`orders\` shows them, \`cancel NUMBER\` takes one back; \`close ${position.symbol}\` takes them back by itself`,
      )
    }
    return new Refusal(
      'QUANTITY_IN_FLIGHT',
      `All of ${position.symbol} is already on its way out. Nothing was done.`,
      'Try again in a moment',
    )
  }
}
