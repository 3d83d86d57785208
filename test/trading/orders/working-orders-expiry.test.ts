import { expect, test } from 'vitest'
import { startWorker } from '../../../jobs/worker.ts'
import { handClock } from '../../market/hand-clock.ts'
import { openTestDesk } from '../../support/desk.ts'
import { expectBooksToAddUp } from './books.ts'
import { trader } from './resting.ts'

test('an order expires after a Redis that lost everything, and while the desk was down', async () => {
  const alone = await openTestDesk({ worker: false })
  try {
    alone.market.set('BYND', '1.00')
    const one = await trader(alone, 'long BYND 100 @ .63')
    const states = async () => {
      const orders = alone.desk.parts.db.selectFrom('orders').select('state').where('number', 'is not', null)
      return (await orders.orderBy('number').execute()).map(({ state }) => state)
    }
    await one.exit('40', { limit: '1.05', expiresAt: new Date(Date.now() + 500) })
    await alone.desk.parts.redis.flushall()
    const worker = startWorker(alone.desk, { sweepEveryMs: 100 })
    await expect.poll(states).toEqual(['expired'])
    await one.exit('20', { limit: '1.06', expiresAt: new Date(Date.now() + 1500) })
    await alone.desk.parts.redis.flushall()
    await expect.poll(states).toEqual(['expired', 'expired'])
    await worker.close()
    const replies = await alone.desk.parts.db.selectFrom('replies').select('body').execute()
    expect(replies.filter(({ body }) => body.text.startsWith('⌛ EXPIRED'))).toHaveLength(2)
    await expectBooksToAddUp(alone)
  } finally {
    await alone.close()
  }
})

test('an order whose time passed while the desk was down is not filled when it is back, wherever the market is', async () => {
  const clock = handClock()
  const alone = await openTestDesk({ worker: false, clock })
  try {
    alone.market.set('BYND', '1.00')
    const one = await trader(alone, 'long BYND 100 @ .63')
    await one.exit('40', { limit: '1.05', expiresAt: new Date(clock.now().getTime() + 60_000) })
    clock.advance(3_600_000)
    alone.market.set('BYND', '1.06')
    const worker = startWorker(alone.desk)
    const state = async () => (await alone.desk.parts.db.selectFrom('orders').select('state').execute()).at(-1)?.state
    await expect.poll(state).not.toBe('working')
    await worker.close()
    expect(await state()).toBe('expired')
    expect((await one.position())?.signedQuantity.toFixed()).toBe('100')
    await expectBooksToAddUp(alone)
  } finally {
    await alone.close()
  }
})
