import { type Big, floorTo, isMultiple } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import type { Side } from '../../../trading/positions/rules/position.ts'
import type { Given } from '../../language/slots.ts'

/** A limit this share of the price on the wrong side of the market is asked about: it fills at once. */
const through = 0.05
/** A limit this many times away from the market is asked about: it may never fill. */
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

/** At the market and at a price: nobody can tell which one is meant. */
export function nowAndLimit(price: string): Refusal {
  const sentence = 'Now is at the market, and a price is a limit: that is both. Nothing was done.'
  return new Refusal('NOW_AND_LIMIT', sentence, `Leave \`now\` or \`@ ${price.slice(0, 20)}\` out`)
}

/** When an order with a limit ends, when somebody has said so: `schedule` reads the words, and hands the moment on. */
export function expiresIn({ expires }: Given): Date | undefined {
  return expires === undefined ? undefined : new Date(expires)
}

/** Why a limit looks like a slip: through the market, so that it fills at once, or far away from it; undefined when it does not. */
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
