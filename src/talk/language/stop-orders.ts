import type { Given, Slots } from './given.ts'
import type { Token } from './tokens.ts'

/** Commands that may carry an order with a stop. */
export const ordersWithStop = new Set(['buy', 'sell', 'add', 'trim'])

/**
 * Names an order that waits at its stop, if the words do (`buy stop 121 amd`), and gives the numbers of a stop-limit order their
 * meaning: `stop limit sell amd 240 239` names a stop and a limit and no quantity, `stop limit sell 50 amd 240 239` names all
 * three. A limit that is missing stays open. Returns whether it is unsure which number is the stop: `sell stop 5 amd 220`.
 */
export function stopOrder(name: string, given: Given, { isStopOrder }: Slots, leftover: string[]): boolean {
  const bare = leftover.indexOf('stop')
  // Beside a share, the number is the second amount: `sell stop half amd 220`.
  const slot = given.price === undefined && given.fraction !== undefined ? 'quantity' : 'price'
  const hasSize = (given.quantity ?? given.fraction) !== undefined
  const level = isStopOrder === true && bare >= 0 && hasSize ? given[slot] : undefined
  if (level !== undefined && given.stop === undefined && ordersWithStop.has(name)) {
    leftover.splice(bare, 1)
    given.stop = level
    given.type = 'stop order'
    delete given[slot]
    return true
  }
  const isStopLimit = given.how === 'stop limit'
  if (ordersWithStop.has(name) && (isStopLimit || (isStopOrder && given.stop !== undefined))) given.type = 'stop order'
  if (!isStopLimit) return false
  if (!ordersWithStop.has(name)) {
    leftover.push(given.how!)
    delete given.how
    return false
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
  return false
}

/** Is the stop of an order a share of the price, as in `buy 10 aapl stop 5% limit 195`? It only protects. */
export function protects(tokens: Token[]): boolean {
  const words = tokens.map(({ word }) => word)
  const at = words.indexOf('stop')
  return at >= 0 && /^[\d.]+ ?(%|percent|pct)/.test(words.slice(at + 1, at + 3).join(' '))
}
