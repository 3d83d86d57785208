import { DelayedError, type Worker } from 'bullmq'
import { orderJob, queueNames } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { findOrder } from '../src/trading/orders/rows/orders.ts'
import { isLive } from '../src/trading/orders/rules/order-lifecycle.ts'
import { takeUpOrder } from '../src/trading/orders/take-up.ts'
import type { Parts } from '../src/trading/parts.ts'
import { createCriticalCloses } from '../src/trading/protection/close-now/close.ts'
import { isClosing } from '../src/trading/protection/close-now/purposes.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Milliseconds until the next question about an order that was given up while a call may still reach the venue. */
const askGivenUpMs = 1000

/** Asks the venue about unconfirmed orders until their outcome is known, and ends orders whose time is over. */
export function startOrders(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  const closes = createCriticalCloses(parts)
  return startProcessor(parts, connection, queueNames.orders, options, async (job, token) => {
    const { orderId } = readJob(orderJob, job.data)
    const order = await findOrder(parts.db, orderId)
    if (!order || !isLive(order)) return
    if (isClosing(order)) {
      // Only this job asks for a close that was given up; any other close has its event.
      const { outcome } = await closes.tryAgain(order)
      if (!order.givenUpAt || outcome === 'filled' || outcome === 'given up') return
      await job.moveToDelayed(Date.now() + askGivenUpMs, token)
      throw new DelayedError()
    }
    const { isOpen } = await takeUpOrder(parts, order)
    if (isOpen) throw new Error(`the venue has not confirmed order ${orderId}`)
  })
}
