import { Big } from '../../../base/amounts.ts'
import { fixed, type Look, type Rule } from './check.ts'

/** The most by which two sources may differ, as a share of the lower price: 50 basis points. */
export const mostApart = new Big('0.005')

/** A symbol is too volatile at so many times the median of its year. */
const timesMedian = 2

/** The price and the movement of the symbol. */
export const dataRules: readonly Rule[] = [
  fixed('STALE_DATA', ({ facts: { quote }, limits }): Look => {
    const figure = new Big(quote.ageSeconds)
    return { passes: figure.lte(limits.priceAge), figure, limit: limits.priceAge, unit: 'seconds' }
  }),
  fixed('SOURCES_DISAGREE', ({ facts: { quote } }): Look => {
    const { price, second } = quote
    if (!second) return { passes: true, limit: mostApart, unit: 'share' }
    const lower = price.lt(second) ? price : second
    if (lower.lte(0)) return { passes: false, limit: mostApart, unit: 'share' }
    const apart = price.minus(second).abs()
    return {
      passes: apart.lte(mostApart.times(lower)),
      figure: apart.div(lower),
      ...{ limit: mostApart, unit: 'share' },
    }
  }),
  fixed('TOO_VOLATILE', ({ order, facts: { volatility }, limits }): Look => {
    const of = order.symbol
    if (!volatility || !(volatility.now >= 0) || !(volatility.median > 0))
      return { passes: false, limit: limits.volatility, unit: 'share', of }
    const figure = new Big(volatility.now)
    const twice = new Big(volatility.median).times(timesMedian)
    const limit = twice.lt(limits.volatility) ? twice : limits.volatility
    return { passes: figure.lte(limit), figure, limit, unit: 'share', of }
  }),
]
