import type { RegisteredCommand } from './registry.ts'
import type { Given, Slots } from './slots.ts'

const orders = new Set(['buy', 'sell', 'trim', 'close', 'close all', 'scaleout', 'add'])
const forDollars = new Set(['buy', 'sell', 'add', 'trim'])

/** Makes `for 500` a sum if the order has no other amount. Returns whether it is unclear, because the command takes no sum. */
export function sumOf({ name }: RegisteredCommand, given: Given, { sum, sumAt }: Slots, leftover: string[]): boolean {
  if (sum === undefined || given.price !== sum) return false
  const hasAmount = given.quantity !== undefined || given.fraction !== undefined
  if (hasAmount && sumAt === 'with') {
    // `buy 10 amd with 500` names two amounts.
    leftover.push(`with ${sum}`)
    delete given.price
    return false
  }
  // A position that is recorded has a size: `short $1000 ko` would be a price.
  const isRecord = (name === 'long' || name === 'short') && sumAt === 'symbol'
  if (!forDollars.has(name) && !(isRecord && !hasAmount)) return orders.has(name) && sumAt !== 'alone'
  if (hasAmount) return false
  given.dollars = sum
  delete given.price
  return false
}

/** Gives back the number behind `with` to commands that take no sum: `trail with 2`. Returns whether that is unclear. */
export function withNumber({ name }: RegisteredCommand, given: Given, { sum, sumAt }: Slots): boolean {
  // `short with 300 GME at 25.60`: a record has a size, and no sum.
  if ((name === 'long' || name === 'short') && sumAt === 'with' && given.dollars !== undefined) {
    if (given.quantity !== undefined) return true
    given.quantity = given.dollars
    delete given.dollars
    return true
  }
  if (sumAt !== 'with' || sum === undefined || given.price !== sum || forDollars.has(name)) return false
  if (given.quantity !== undefined) return true
  given.quantity = sum
  delete given.price
  return orders.has(name)
}

/**
 * Leaves over a level behind `and` or `then` beside a sale, because it is an order of its own: `sell half and stop 200`. Beside a
 * purchase it protects what is bought.
 */
export function secondOrder(
  { name }: RegisteredCommand,
  given: Given,
  { joined }: Slots,
  leftover: string[],
): string[] {
  if (joined?.level === undefined) return leftover
  if (name === 'sell' || name === 'trim') {
    delete given.stop
    delete given.target
    return [...leftover, joined.level]
  }
  if ((name === 'buy' || name === 'add') && given.stop !== undefined) {
    given.stopLoss = given.stop
    delete given.stop
  }
  return leftover
}

/** Leaves over what no price alert has: a percentage, or a second number to take back. */
export function alertOf(given: Given, { percent }: Slots, leftover: string[]): string[] {
  const second = leftover.includes('off') ? given.price : undefined
  if (percent !== undefined) delete given.fraction
  if (second !== undefined) delete given.price
  return [...leftover, ...(percent === undefined ? [] : [`${percent}%`]), ...(second === undefined ? [] : [second])]
}
