import type { Given, Slots } from './given.ts'

/** Commands that may carry an order with a stop. */
export const ordersWithStop = new Set(['buy', 'sell', 'add', 'trim'])

/**
 * Names an order that waits at its stop, if the words do (`buy stop 121 amd`), and gives the numbers of a stop-limit order their
 * meaning: `stop limit sell amd 240 239` names a stop and a limit and no quantity, `stop limit sell 50 amd 240 239` names all
 * three. A limit that is missing stays open.
 */
export function stopOrder(name: string, given: Given, { isStopOrder }: Slots, leftover: string[]): void {
  const isStopLimit = given.how === 'stop limit'
  if (ordersWithStop.has(name) && (isStopLimit || (isStopOrder && given.stop !== undefined))) given.type = 'stop order'
  if (!isStopLimit) return
  if (!ordersWithStop.has(name)) {
    leftover.push(given.how!)
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
