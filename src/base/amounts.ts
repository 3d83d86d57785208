import Big from 'big.js'

// The one decimal type for money, prices and quantities. Sums, differences and products are exact. Quotients are rounded
// half-even to 12 decimals; they are never stored where other amounts must add up to them.
Big.DP = 12
Big.RM = Big.roundHalfEven
// Plain digits, never an exponent: Postgres and people read them.
Big.NE = -30
Big.PE = 60

export { Big }

export const zero = new Big(0)

/** No venue trades finer parts of a unit than this. */
export const finestStep = new Big('1e-9')

/**
 * Compares two amounts exactly: negative when `a` is smaller, positive when it is larger, else 0. `a.cmp(b)` gives the same
 * result but copies `b` first, which is too slow for millions of comparisons a second.
 */
export function compare(a: Big, b: Big): number {
  const [digits, others] = [a.c, b.c]
  const sign = digits[0] === 0 ? 0 : a.s
  const otherSign = others[0] === 0 ? 0 : b.s
  if (sign !== otherSign) return sign - otherSign
  if (sign === 0) return 0
  if (a.e !== b.e) return sign * (a.e - b.e)
  const shared = Math.min(digits.length, others.length)
  for (let place = 0; place < shared; place++) {
    const difference = digits[place]! - others[place]!
    if (difference !== 0) return sign * difference
  }
  return sign * (digits.length - others.length)
}

/** The smaller of two amounts. */
export function least(a: Big, b: Big): Big {
  return a.lt(b) ? a : b
}

/** The sum, exact. */
export function sum(amounts: Iterable<Big>): Big {
  let total = zero
  for (const amount of amounts) total = total.plus(amount)
  return total
}

/** The largest multiple of `step` that is not above `amount` (neither is negative). */
export function floorTo(amount: Big, step: Big): Big {
  return amount.div(step).round(0, Big.roundDown).times(step)
}

/** Is `amount` a multiple of `step`? */
export function isMultiple(amount: Big, step: Big): boolean {
  return amount.mod(step).eq(0)
}

const tens = Array.from({ length: 23 }, (_, power) => 10 ** power)
/** A float holds every number of up to this many digits exactly, and one division by an exact power of ten rounds only once. */
const exactDigits = 15

/** The float nearest to an amount: the result of `toNumber`, without a text in between. */
export function toFloat(amount: Big): number {
  const { c: digits, e: exponent, s: sign } = amount
  const power = exponent - digits.length + 1
  if (digits.length > exactDigits || power > 0 || power < -22) return amount.toNumber()
  let whole = 0
  for (let index = 0; index < digits.length; index++) whole = whole * 10 + digits[index]!
  return (sign * whole) / tens[-power]!
}
