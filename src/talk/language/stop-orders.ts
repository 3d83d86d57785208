import type { Given } from './given.ts'

/** Commands that may carry an order with a stop. */
const ordering = new Set(['buy', 'sell', 'add', 'trim'])

/**
 * Gives the numbers of a stop-limit order their meaning: `stop limit sell amd 240 239` names a stop and a limit and no quantity,
 * `stop limit sell 50 amd 240 239` names all three. A limit that is missing stays open.
 */
export function stopLimit(name: string, given: Given, leftover: string[]): void {
  if (given.how !== 'stop limit') return
  if (!ordering.has(name)) {
    leftover.push(given.how)
    delete given.how
    return
  }
  const third = leftover.findIndex((word) => /^\$?[\d.,]+$/.test(word))
  if (given.stop === undefined && given.price !== undefined && third >= 0) {
    given.stop = given.price
    given.price = leftover.splice(third, 1)[0]!.replace(/[$,]/g, '')
  } else if (given.stop === undefined && given.quantity !== undefined && given.price !== undefined) {
    given.stop = given.quantity
    delete given.quantity
  }
  if (given.stop !== undefined && given.price !== undefined) delete given.how
  else if (given.stop !== undefined) given.how = 'limit'
}
