import Big from 'big.js'

// The one decimal type for money, prices and quantities. Sums, differences and products are exact; quotients are
// rounded half-even to 12 decimals, and are never stored as a truth that other amounts must add up to.
Big.DP = 12
Big.RM = Big.roundHalfEven
// Plain digits, never an exponent: Postgres and people read them.
Big.NE = -30
Big.PE = 60

export { Big }

export const zero = new Big(0)

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
/** Up to so many digits a float holds them all, and one division by a power of ten that it holds rounds but once. */
const exactDigits = 15

/** The float nearest to an amount: what `toNumber` says, without making a text of it first. */
export function toFloat(amount: Big): number {
  const { c: digits, e: exponent, s: sign } = amount
  const power = exponent - digits.length + 1
  if (digits.length > exactDigits || power > 0 || power < -22) return amount.toNumber()
  let whole = 0
  for (let index = 0; index < digits.length; index++) whole = whole * 10 + digits[index]!
  return (sign * whole) / tens[-power]!
}
