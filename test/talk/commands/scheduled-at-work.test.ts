import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { startScheduled } from '../../../jobs/scheduled.ts'
import { createDesk } from '../../../src/desk.ts'
import { connectWorkerRedis } from '../../../src/infra/queue/redis.ts'
import { startConditions } from '../../../src/trading/schedule/conditions.ts'
import { deskTest } from '../../support/desk-test.ts'
import { heldBy, scheduledBy } from './planned.ts'
import { type Someone, someone } from './someone.ts'

// The worker runs, on the machine's clock; what never closes can be scheduled at any hour. A planned minute takes a second.
const { test, desk, market } = deskTest({ timeScale: 60, sweepEveryMs: 300 })

const patience = { interval: 20 }
const saidTo = (who: Someone) => desk.posted.filter(({ place }) => place.thread === who.thread).map(({ text }) => text)
const states = async (who: Someone) => (await scheduledBy(desk, who)).map(({ state }) => state)

async function owner(): Promise<Someone> {
  market.set('BTC-USD', '63000')
  const who = someone(desk)
  await who.say('long BTC-USD 0.1 @ 60000')
  return who
}

test('an order at a time is carried out by its job, and its replies go out in order, each once', async () => {
  const who = await owner()
  expect(await who.say('close BTC-USD in 1 minute')).toContain('⏰ CLOSE BTC-USD at the market ')
  await expect.poll(() => saidTo(who).length, patience).toBe(2)
  expect(saidTo(who)[0]).toContain('⏰ NOW: CLOSE BTC-USD at the market')
  expect(saidTo(who)[1]).toMatch(/^✓ SOLD 0\.1 BTC-USD/)
  expect(await heldBy(desk, who)).toEqual([])
  expect(await states(who)).toEqual(['done'])
})

test('a Redis that lost everything delays an order by no more than a sweep', async () => {
  const who = await owner()
  await who.say('close BTC-USD in 2 minutes')
  const redis = new Redis(desk.redis.url)
  await redis.flushall()
  redis.disconnect()
  await expect.poll(() => states(who), patience).toEqual(['done'])
  await expect.poll(() => saidTo(who).filter((text) => text.includes('SOLD')).length, patience).toBe(1)
})

test('a price that gets there is acted on, once, though two workers see every tick', async () => {
  const { desk: wired } = desk
  const other = await createDesk({ config: wired.config, log: wired.parts.log, market })
  const connection = connectWorkerRedis(wired.config.REDIS_URL, wired.parts.log)
  const conditions = startConditions(other.parts)
  const worker = startScheduled(other, connection, { concurrency: 5 })
  const who = await owner()
  expect(await who.say('sell 0.05 BTC-USD if it breaks 64000')).toContain(
    'if it gets to $64,000.00 or above until you cancel it',
  )
  for (const price of ['63500', '63999', '64000', '64000', '64000', '64000']) market.set('BTC-USD', price)
  await expect.poll(() => states(who), patience).toEqual(['done'])
  await expect.poll(() => saidTo(who).filter((text) => text.includes('SOLD')).length, patience).toBe(1)
  expect(saidTo(who)[0]).toBe(`⏰ NOW: SELL 0.05 BTC-USD at the market\nBTC-USD got to $64,000.00\n· ${who.name}`)
  expect(await heldBy(desk, who)).toEqual([0.05])
  await worker.close()
  await conditions.close()
  connection.disconnect()
  // The market is the first desk's own.
  await other.parts.queues.close()
  other.parts.redis.disconnect()
  await Promise.all([other.parts.db.destroy(), other.critical.db.destroy()])
})

test('a price that is there while nobody hears is found when the orders are read', async () => {
  const who = await owner()
  await who.say('sell 0.05 BTC-USD if it drops below 62000')
  market.stale('BTC-USD', 'a test')
  market.set('BTC-USD', '61000')
  await expect.poll(() => states(who), patience).toEqual(['done'])
})

test('a stale price touches nothing, and a fresh one does', async () => {
  const who = await owner()
  market.set('BTC-USD', '65001')
  market.stale('BTC-USD', 'a test')
  await who.say('sell 0.05 BTC-USD if it breaks 65000')
  const conditions = startConditions(desk.desk.parts)
  await conditions.rest()
  expect((await scheduledBy(desk, who))[0]).toMatchObject({ state: 'waiting', touched_at: null })
  market.set('BTC-USD', '65001')
  await expect.poll(() => states(who), patience).toEqual(['done'])
  await conditions.close()
})

test('an order that nobody cancelled expires by its job, with a message', async () => {
  const who = await owner()
  await who.say('sell 0.05 BTC-USD if it breaks 90000 within 1 minute')
  await expect
    .poll(() => saidTo(who), patience)
    .toEqual([expect.stringContaining('⌛ EXPIRED: SELL 0.05 BTC-USD at the market')])
  expect(await states(who)).toEqual(['expired'])
})
