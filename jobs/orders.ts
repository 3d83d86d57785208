import type { Worker } from 'bullmq'
import type { Parts } from '../src/execution/parts.ts'
import { settleOrder } from '../src/execution/settle.ts'
import { lockOrder } from '../src/ledger/orders.ts'
import { orderJob, queueNames } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, startProcessor } from './processor.ts'

/** Asks what became of orders that the venue did not confirm, until it says. */
export function startOrders(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  return startProcessor(parts, connection, queueNames.orders, options, async (job) => {
    const { orderId } = orderJob.parse(job.data)
    const { order } = await parts.db.transaction().execute((trx) => lockOrder(trx, orderId))
    if (order.state !== 'working') return
    const { outcome } = await settleOrder(parts, order, { triedBefore: true, postedBy: 'outbox' })
    if (outcome === 'unknown') throw new Error(`the venue has not confirmed order ${orderId}`)
  })
}
