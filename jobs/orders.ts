import { DelayedError, type Worker } from 'bullmq'
import { createCriticalCloses } from '../src/execution/critical-close.ts'
import type { Parts } from '../src/execution/parts.ts'
import { settleOrder } from '../src/execution/settle.ts'
import { workingClosing } from '../src/ledger/closings.ts'
import { lockOrder } from '../src/ledger/orders.ts'
import { orderJob, queueNames } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, startProcessor } from './processor.ts'

/** How soon to ask again about an order that was given up while a call may still reach the venue. */
const askGivenUpMs = 1000

/** Asks what became of orders that the venue did not confirm, until it says. */
export function startOrders(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  const closes = createCriticalCloses(parts)
  return startProcessor(parts, connection, queueNames.orders, options, async (job, token) => {
    const { orderId } = orderJob.parse(job.data)
    const { order } = await parts.db.transaction().execute((trx) => lockOrder(trx, orderId))
    if (order.state !== 'working') return
    const closing = await workingClosing(parts.db, order.positionId)
    if (closing?.id === orderId) {
      // One that was given up has nobody else who asks for it; any other has its event.
      const { outcome } = await closes.tryAgain(closing)
      if (!closing.givenUpAt || outcome === 'filled' || outcome === 'given up') return
      await job.moveToDelayed(Date.now() + askGivenUpMs, token)
      throw new DelayedError()
    }
    const { outcome } = await settleOrder(parts, order, { triedBefore: true, postedBy: 'outbox' })
    if (outcome === 'unknown') throw new Error(`the venue has not confirmed order ${orderId}`)
  })
}
