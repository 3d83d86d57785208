import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { holding } from './closing.ts'

const { test, desk, market } = deskTest()

test('while Redis is away a touched stop is closed all the same, and told when Redis is back', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', {})
  await holder.person.say('stop .55')
  await desk.redis.kill9()
  market.set('BYND', '0.54')
  const orders = () => holder.orders()
  await expect.poll(orders).toMatchObject([{ purpose: 'stop', quantity: '3750', state: 'filled' }])
  await desk.redis.start()
  await holder.hears(
    /^🛑 STOP HIT — BYND\nSold 3,750 @ \$0.54 · stop \$0\.\d+\nP&L: \$-337.50\nPosition: FLAT\n· person\d+$/,
  )
  expect(await orders()).toHaveLength(1)
})
