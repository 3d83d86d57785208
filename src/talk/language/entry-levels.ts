import type { Given } from './given.ts'

/** Orders that may bring a stop and a target along. */
const entries = new Set(['buy', 'sell', 'add'])

/**
 * Makes the levels beside an order those of the position that it opens: `buy 500 AMD @ 118 stop 112 target 130`. A stop price by
 * itself is one that the order waits for, or one that protects: the market's price tells which.
 */
export function bringLevels(name: string, given: Given): void {
  const { stop, target } = given
  if (!entries.has(name) || (target === undefined && !stop?.endsWith('%'))) return
  if (stop !== undefined) given.stopLoss = stop
  if (target !== undefined) given.takeProfit = target
  delete given.stop
  delete given.target
}
