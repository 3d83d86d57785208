import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { liveStates } from '../../../src/trading/orders/rules/order-lifecycle.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { expectBooksToAddUp, isAtRest } from './books.ts'
import { hurriedClock, moodyThroughout } from './moody.ts'
import { type Trader, trader } from './resting.ts'

/** A fast scaleout takes some 40 ms. */
const timeScale = 3600

const quantity = fc.integer({ min: 1, max: 60 }).map(String)
const cents = fc.integer({ min: 90, max: 112 }).map((price) => (price / 100).toFixed(2))
const number = fc.integer({ min: 1, max: 6 })
const shortly = fc.constantFrom(undefined, undefined, 40)

/** What comes at the same time: a member who trades, and prices that fill, and set off a stop. */
const acts = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('limit' as const), quantity, price: cents, shortly }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('close limit' as const), price: cents }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('trim' as const), quantity }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('close' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('cancel' as const), number }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('cancel all' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('move' as const), number, price: cents }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('price' as const), price: cents }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('buy' as const), quantity }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('buy limit' as const), quantity, price: cents, shortly }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('say' as const),
      text: fc.constantFrom('scaleout BYND fast', 'scaleout BYND fast half', 'cancel scaleout BYND', 'stop .95'),
    }),
  },
)
type Act = typeof acts extends fc.Arbitrary<infer One> ? One : never
const groups = fc.array(fc.array(acts, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 })

let ahead: string[] = []
let desk: TestDesk
let second: Running
beforeAll(async () => {
  desk = await openTestDesk({
    clock: hurriedClock(timeScale),
    sweepEveryMs: 150,
    venue: (paper) => moodyThroughout(paper, () => ahead.shift()),
  })
  second = startWorker(desk.desk, { sweepEveryMs: 150 })
})
afterAll(async () => {
  await second?.close()
  await desk?.close()
})

const soon = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(desk.desk.parts.clock.now().getTime() + ms * 20)

async function act(one: Trader, given: Act): Promise<unknown> {
  switch (given.what) {
    case 'limit':
      return one.exit(given.quantity, { limit: given.price, expiresAt: soon(given.shortly) })
    case 'close limit':
      return one.exit(undefined, { limit: given.price })
    case 'trim':
      return one.exit(given.quantity)
    case 'close':
      return one.exit()
    case 'cancel':
      return one.cancel(given.number)
    case 'cancel all':
      return one.cancel()
    case 'move':
      return one.move(given.number, given.price)
    case 'price':
      return desk.market.set('BYND', given.price)
    case 'buy':
      return one.enter('buy', given.quantity)
    case 'buy limit':
      return one.enter('buy', given.quantity, { limit: given.price, expiresAt: soon(given.shortly) })
    case 'say':
      return one.person.say(given.text)
  }
}

/** Waits until everything that ends by itself has ended, then takes back resting orders. */
async function comesToRest(one: Trader): Promise<void> {
  const { db } = desk.desk.parts
  const critical = db
    .selectFrom('desk_events')
    .select('id')
    .where('urgency', '=', 'CRITICAL')
    .where('settled_at', 'is', null)
  const resting = db.selectFrom('orders').select('id').where('state', 'in', liveStates)
  await vi.waitFor(
    async () => {
      if ((await one.working()).length > 0) await one.cancel()
      expect(await isAtRest(desk)).toBe(true)
      expect(await critical.execute()).toEqual([])
      expect(await resting.execute()).toEqual([])
    },
    { timeout: 25_000, interval: 20 },
  )
}

async function holds(drawn: string[], all: Act[][]): Promise<void> {
  ahead = []
  desk.market.set('BYND', '1')
  const one = await trader(desk, 'long BYND 100 @ 1')
  ahead = [...drawn]
  for (const group of all) await Promise.all(group.map((given) => act(one, given)))
  await comesToRest(one)
  // A price not looked at yet may still trigger a stop, so a fault counts only if it stays.
  await vi.waitFor(() => expectBooksToAddUp(desk), { timeout: 10_000, interval: 50 })
  // Prices of the next run must not reach this one.
  ahead = []
  await one.person.say('stop off')
  await one.exit()
  await comesToRest(one)
}

test('whatever comes together, no more is sold than is open, every order has one outcome, and nothing stays set aside', async () => {
  await fc.assert(
    fc.asyncProperty(groups, (all) => holds([], all)),
    { numRuns: 30, endOnFailure: true },
  )
  const { db } = desk.desk.parts
  const states = await db.selectFrom('orders').select('state').distinct().where('limit_price', 'is not', null).execute()
  expect(states.map(({ state }) => state).sort()).toEqual(['cancelled', 'expired', 'filled'])
}, 170_000)

const fates = fc.constantFrom('taken', 'taken', 'refused', 'lost', 'answer lost')

test('the same holds when the venue refuses orders, loses them and what is said of them, or takes them and loses the answer', async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.array(fates, { maxLength: 12 }), (all, drawn) => holds(drawn, all)),
    { numRuns: 15, endOnFailure: true },
  )
}, 170_000)
