import { type Big, floorTo, isMultiple } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { pairPriceText } from '../../../market/currency.ts'
import type { Instrument } from '../../../market/market.ts'
import type { Given } from '../../language/slots.ts'

/** A price in the symbol's currency, checked: a multiple of the tick. */
export function onTick(price: Big | Refusal, { symbol, tick }: Instrument): Big | Refusal {
  if (price instanceof Refusal || isMultiple(price, tick)) return price
  const below = floorTo(price, tick)
  const priceText = (one: Big) => pairPriceText(symbol, one)
  const near = [below, below.plus(tick)].filter((one) => one.gt(0)).map(priceText)
  return new Refusal(
    'PRICE_OFF_TICK',
    `The price of ${symbol} moves in steps of ${priceText(tick)}; ${priceText(price)} does not fit. Nothing was done.`,
    `Such as ${near.join(' or ')}`,
    { askAgain: true },
  )
}

/** The refusal of a market order with a limit price, because only one of the two can be meant. */
export function nowAndLimit(price?: string): Refusal {
  const sentence = 'Now is at the market, and a price is a limit: that is both. Nothing was done.'
  return new Refusal(
    'NOW_AND_LIMIT',
    sentence,
    `Leave \`now\` or \`${price === undefined ? 'limit' : `@ ${price.slice(0, 20)}`}\` out`,
  )
}

/** The expiry of a limit order, if one was said. `schedule` reads the words and passes the moment on. */
export function expiresIn({ expires }: Given): Date | undefined {
  return expires === undefined ? undefined : new Date(expires)
}
