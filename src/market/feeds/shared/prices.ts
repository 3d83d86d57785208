import Big from 'big.js'

const singleDigits = 9
const doubleDigits = 12

/**
 * The decimal that a source meant by a number. Some sources keep prices as single-precision floats and write them as doubles:
 * 254.27999877929688 is the float nearest to 254.28. The shortest decimal with the same float is the price.
 */
export function meantBy(value: number): Big {
  const text = String(value)
  if (/^\d+(\.\d{1,6})?$/.test(text)) return new Big(text)
  if (Math.fround(value) === value) {
    for (let digits = 1; digits <= singleDigits; digits++) {
      const shorter = value.toPrecision(digits)
      if (Math.fround(Number(shorter)) === value) return new Big(shorter)
    }
  }
  return new Big(value.toPrecision(doubleDigits))
}

/** A price in dollars from a number or a text; undefined when it is none: absent, not a number, zero or below. */
export function priceIn(value: unknown): Big | undefined {
  const amount = amountIn(value)
  return amount?.gt(0) ? amount : undefined
}

/** An amount that is not below zero from a number or a text; undefined when it is none. */
export function amountIn(value: unknown): Big | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? meantBy(value) : undefined
  if (typeof value !== 'string' || !/^\d{1,15}(\.\d{1,12})?$/.test(value.trim())) return undefined
  return new Big(value.trim())
}

const [cent, hundredthOfCent] = [new Big('0.01'), new Big('0.0001')]

/** The step of a stock's prices: a cent, and $0.0001 below a dollar (SEC Rule 612). */
export const tickAt = (price: Big): Big => (price.lt(1) ? hundredthOfCent : cent)

/** Bid and ask around a last price of a source that has none: one basis point apart, and at least a tick. */
export function assumedAround(last: Big, tick: Big): { bid: Big; ask: Big } {
  const ticks = Number(last.div(10_000).div(tick).round(0).toFixed())
  const width = Math.max(1, ticks)
  const bid = last.minus(tick.times(Math.floor(width / 2)))
  return { bid, ask: bid.plus(tick.times(width)) }
}
