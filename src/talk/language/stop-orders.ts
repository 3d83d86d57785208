import type { Given, Slots } from './given.ts'
import type { Token } from './tokens.ts'

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

/** Is the stop of an order a share of the price, as in `buy 10 aapl stop 5% limit 195`? It only protects. */
export function protects(tokens: Token[]): boolean {
  const words = tokens.map(({ word }) => word)
  const at = words.indexOf('stop')
  return at >= 0 && /^[\d.]+ ?(%|percent|pct)/.test(words.slice(at + 1, at + 3).join(' '))
}
