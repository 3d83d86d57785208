import { type Big, isMultiple } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Instrument } from '../../market/market.ts'

/** The additional terms of an order that may rest at the venue. */
export interface LimitWanted {
  /** Dollars a unit: sell at this or more, buy at this or less. Absent for a market order. */
  limitPrice?: Big
  /**
   * Dollars a unit: the order waits until the price gets here, from below to buy and from above to sell. Then it is at the market,
   * or has its limit.
   */
  stopPrice?: Big
  /** The time when the order expires by itself. Only with a limit. */
  expiresAt?: Date
  /** Also before and after the regular session. Only with a limit. */
  isExtended?: boolean
}

/** The refusal of an order with these terms; undefined when it can be sent. */
export function unfitLimit(
  { limitPrice, stopPrice, expiresAt }: LimitWanted,
  instrument: Instrument,
  now: Date,
): Refusal | undefined {
  const prices = [limitPrice, stopPrice].filter((price) => price !== undefined)
  if (prices.some((price) => price.lte(0)))
    return new Refusal(
      'PRICE_NOT_POSITIVE',
      'The price must be more than zero. Nothing was done.',
      'Such as .63 or 12.50',
    )
  const between = prices.find((price) => !isMultiple(price, instrument.tick))
  if (between) {
    return new Refusal(
      'PRICE_OFF_TICK',
      `${instrument.symbol} has prices in steps of $${quantityText(instrument.tick)}; ${priceText(between)} is between two. Nothing was done.`,
      'Use a price on a step',
    )
  }
  if (expiresAt && expiresAt <= now)
    return new Refusal(
      'TIME_HAS_PASSED',
      'The time until which it would be good has passed already. Nothing was done.',
      'Name a time that lies ahead',
    )
  return undefined
}
