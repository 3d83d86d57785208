import { Big } from '../../base/amounts.ts'
import { clockOf } from './clock.ts'
import type { RegisteredCommand } from './registry.ts'
import type { Given, Slots } from './slots.ts'

/** Orders whose numbers may be a size, a price or a time. */
export const orders = new Set(['buy', 'sell', 'trim', 'close', 'close all', 'scaleout', 'add'])
/** Orders that may have a limit. */
export const limited = new Set(['buy', 'sell', 'trim', 'close', 'add'])
/** Is a symbol traded in fractions, as BTC-USD is? */
const inParts = (symbol: string) => /[-=]|usd$/i.test(symbol) || /^(btc|eth|sol|doge|xrp)$/i.test(symbol)

/**
 * Turns a bare number into a price if a fraction is also given, or if it has decimals and the symbol is traded in whole units:
 * `sell a third nvda 142.10`, `close amd 121.30`. Returns whether that is unsure.
 */
export function barePrice({ name }: RegisteredCommand, given: Given, { isSize }: Slots): boolean {
  const { quantity, fraction, price, symbol } = given
  if (quantity === undefined || price !== undefined || isSize || !limited.has(name)) return false
  // Beside a condition the number is the size: `sell 10.5 amd if it hits 240`.
  if ((given.above ?? given.below ?? given.reach) !== undefined) return false
  const hasCents = quantity.includes('.')
  if (fraction === undefined && (!hasCents || (symbol === undefined ? name !== 'close' : inParts(symbol)))) return false
  given.price = quantity
  delete given.quantity
  return !hasCents || symbol === undefined
}

/** Makes `1.200 pieces` 1200 of what is traded in whole units. */
export function inThousands(given: Given, { thousands }: Slots): void {
  const symbol = given.symbol ?? given.symbols
  if (thousands === undefined || given.quantity !== thousands || (symbol && inParts(symbol))) return
  given.quantity = new Big(thousands).times(1000).toFixed()
}

/** Orders whose number behind `by` is no size. */
const endsBy = new Set(['buy', 'sell', 'close', 'close all', 'scaleout', 'schedule'])

/**
 * Makes four digits behind `at` or `by` a clock time: `sell all sofi at 1545`. What trades in parts may cost as much, and a limit
 * is a price: `sell 100 amd at 1545 limit`. Returns whether there is one, which is unsure.
 */
export function clocked({ name }: RegisteredCommand, given: Given, { clock, by, isLimit }: Slots): boolean {
  if (
    !(orders.has(name) || name === 'schedule') ||
    isLimit ||
    (given.how ?? given.time ?? given.deadline) !== undefined
  )
    return false
  if (inParts(given.symbol ?? given.symbols ?? '')) return false
  const time = clock === undefined || given.price !== clock ? undefined : clockOf(clock)
  if (time !== undefined) {
    delete given.price
    given.time = time
    return true
  }
  const end = by === undefined || !endsBy.has(name) ? undefined : clockOf(by)
  const slot = ['price', 'quantity'].find((one) => given[one] === by)
  if (end === undefined || slot === undefined) return false
  delete given[slot]
  given.deadline = end
  return true
}
