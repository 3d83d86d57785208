import { Big } from '../../../base/amounts.ts'
import { compared, fixed, type Look, type Rule } from './check.ts'

/** The most by which two sources may differ, as a share of the lower price: 50 basis points. */
export const mostApart = new Big('0.005')

/** A symbol is too volatile at so many times the median of its year. */
const timesMedian = 2

/** The price and the movement of the symbol. */
export const dataRules: readonly Rule[] = [
  fixed('STALE_DATA', ({ order, facts: { quote }, limits }): Look => {
    const hasPrices = order.price.gt(0) && quote.price.gt(0)
    const age = hasPrices ? quote.ageSeconds : Number.NaN
    return compared(age, limits.priceAge, 'seconds', (figure) => figure.lte(limits.priceAge))
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
    const { now = Number.NaN, median = Number.NaN } = volatility ?? {}
    const isKnown = now >= 0 && median > 0 && Number.isFinite(median)
    const twice = isKnown ? new Big(median).times(timesMedian) : limits.volatility
    const limit = twice.lt(limits.volatility) ? twice : limits.volatility
    return compared(isKnown ? now : Number.NaN, limit, 'share', (figure) => figure.lte(limit), order.symbol)
  }),
]
