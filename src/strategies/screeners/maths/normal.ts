const halfLogTwoPi = Math.log(2 * Math.PI) / 2
/** The series converges fast up to here, the continued fraction from here on. */
const tail = 3

/** The standard normal density. */
export const density = (x: number) => Math.exp(-x * x * 0.5 - halfLogTwoPi)

/**
 * The standard normal distribution: the probability of a value up to `x`, in 0..1. Right to about 15 digits, also far out in
 * the lower tail: by its Taylor series in the middle, and by Laplace's continued fraction outside (Marsaglia, "Evaluating the
 * Normal Distribution", 2004).
 */
export function normal(x: number): number {
  if (Math.abs(x) < tail) {
    let term = x
    let sum = x
    for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
      term *= (x * x) / odd
      sum += term
    }
    return 0.5 + sum * density(x)
  }
  const beyond = upperTail(Math.abs(x))
  return x < 0 ? beyond : 1 - beyond
}

/** The probability of a value beyond `x`, from 3 on. */
function upperTail(x: number): number {
  let fraction = x
  for (let step = 80; step > 0; step--) fraction = x + step / fraction
  return density(x) / fraction
}

/**
 * The value between `low` and `high` at which a function that rises from one to the other is `wanted`: halves the bracket
 * until it is as narrow as numbers are. Undefined when `wanted` is not reached between the two.
 */
export function risesTo(wanted: number, of: (x: number) => number, low: number, high: number): number | undefined {
  if (!(of(low) <= wanted && wanted <= of(high))) return undefined
  let [from, to] = [low, high]
  for (;;) {
    const middle = from + (to - from) / 2
    if (middle <= from || middle >= to) return middle
    if (of(middle) < wanted) from = middle
    else to = middle
  }
}
