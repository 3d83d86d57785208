import { type Big, isMultiple } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Instrument } from '../../market/market.ts'

/** What an order with a limit says beside. */
export interface LimitWanted {
  /** Dollars a unit: sold at this or more, bought at this or less. Left out: at the market. */
  limitPrice?: Big
  /** When the order ends by itself. Only with a limit. */
  expiresAt?: Date
}

/** Why an order with these words cannot be sent; undefined when it can. */
export function unfitLimit(
  { limitPrice, expiresAt }: LimitWanted,
  instrument: Instrument,
  now: Date,
): Refusal | undefined {
  if (limitPrice === undefined) return undefined
  if (limitPrice.lte(0))
    return new Refusal(
      'PRICE_NOT_POSITIVE',
      'The price must be more than zero. Nothing was done.',
      'Such as .63 or 12.50',
    )
  if (!isMultiple(limitPrice, instrument.tick)) {
    return new Refusal(
      'PRICE_OFF_TICK',
      `${instrument.symbol} has prices in steps of $${quantityText(instrument.tick)}; ${priceText(limitPrice)} is between two. Nothing was done.`,
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
