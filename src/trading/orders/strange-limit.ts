import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import type { Quote } from '../../market/market.ts'
import type { Side } from '../positions/rules/position.ts'

/** A limit on the wrong side of the market by this share of the price needs a confirmation, because it fills at once. */
const through = 0.05
/** A limit this many times away from the market needs a confirmation, because it may never fill. */
const away = 2

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
