import { type Big, floorTo, isMultiple } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import type { Side } from '../../../trading/positions/rules/position.ts'
import type { Given } from '../../language/slots.ts'

/** A limit on the wrong side of the market by this share of the price needs a confirmation, because it fills at once. */
const through = 0.05
/** A limit this many times away from the market needs a confirmation, because it may never fill. */
const away = 2

/** A limit price in dollars, checked: a multiple of the tick. */
export function onTick(price: Big | Refusal, { symbol, tick }: Instrument): Big | Refusal {
  if (price instanceof Refusal || isMultiple(price, tick)) return price
  const below = floorTo(price, tick)
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

/**
 * The reason why a limit looks like a typing error: it is through the market and fills at once, or it is far away from the
 * market. Undefined when it looks fine.
 */
export function strangeLimit(side: Side, limit: Big, { symbol, bid, ask }: Quote): string | undefined {
  const market = side === 'sell' ? bid : ask
  const better = side === 'sell' ? limit.gt(market) : limit.lt(market)
  const where = `${symbol} is at ${priceText(market)}: a ${side} limit of ${priceText(limit)}`
  if (better) {
    const far = side === 'sell' ? limit.gt(market.times(away)) : limit.times(away).lt(market)
    return far ? `${where} is far away and may never fill` : undefined
  }
  const isThrough = limit.minus(market).abs().gt(market.times(through))
  return isThrough ? `${where} is far ${side === 'sell' ? 'below' : 'above'} it and fills at once` : undefined
}
