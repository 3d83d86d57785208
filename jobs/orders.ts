import type { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Parts } from '../src/execution/parts.ts'
import { settleOrder } from '../src/execution/settle.ts'
import { lockOrder } from '../src/ledger/orders.ts'
import { orderJob, queueNames } from '../src/queue/queues.ts'
import { startProcessor } from './processor.ts'

/** Asks what became of orders that the venue did not confirm, until it says. */
export function startOrders(parts: Parts, connection: Redis): Worker {
  return startProcessor(parts, connection, queueNames.orders, 10, async (job) => {
    const { orderId } = orderJob.parse(job.data)
    const { order } = await parts.db.transaction().execute((trx) => lockOrder(trx, orderId))
    if (order.state !== 'working') return
    const { outcome } = await settleOrder(parts, order, { triedBefore: true, postedBy: 'outbox' })
    if (outcome === 'unknown') throw new Error(`the venue has not confirmed order ${orderId}`)
  })
}
