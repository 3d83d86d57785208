import { allResting, expiringOrders } from '../../ledger/working-orders.ts'
import type { Parts } from '../parts.ts'
import { askLater, expireLater } from './order-clock.ts'
import { askFor, isToEnd } from './take-up.ts'

/**
 * Asks the venue for every order that rests there, so that no fill is lost whatever was not heard, and puts expiries back
 * onto the clock. What should have ended goes to the queue of orders.
 */
export async function sweepOrders(parts: Parts): Promise<void> {
  const resting = await allResting(parts.db)
  const asked = await Promise.allSettled(
    resting.filter((order) => !isToEnd(parts, order)).map((order) => askFor(parts, order)),
  )
  const lost = asked.find((one) => one.status === 'rejected')
  if (lost) parts.log.warn({ err: lost.reason, resting: resting.length }, 'the venue was not asked for all that rests')
  await Promise.all((await expiringOrders(parts.db)).map((order) => expireLater(parts, order)))
  await Promise.all(resting.filter((order) => isToEnd(parts, order)).map((order) => askLater(parts, order, 0)))
}
