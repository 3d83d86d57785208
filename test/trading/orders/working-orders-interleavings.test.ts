import { expect, vi } from 'vitest'
import { liveStates } from '../../../src/trading/orders/rules/order-lifecycle.ts'
import fc from '../../support/fast-check.ts'
import { expectBooksToAddUp } from './books.ts'
import { comesToRest, expectToHold, fates, groupsOf, type Interleaving } from './interleaving.ts'
import { moodyThroughout } from './moody.ts'
import { type Trader, trader } from './resting.ts'
import { moodyTest } from './two-workers.ts'

const quantity = fc.integer({ min: 1, max: 60 }).map(String)
const cents = fc.integer({ min: 90, max: 112 }).map((price) => (price / 100).toFixed(2))
const number = fc.integer({ min: 1, max: 6 })
const shortly = fc.constantFrom(undefined, undefined, 40)

/** Concurrent acts: a member trades, and prices fill orders and trigger a stop. */
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

const { test, desk, market, draw } = moodyTest({ sweepEveryMs: 150 }, moodyThroughout)

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
      return market.set('BYND', given.price)
    case 'buy':
      return one.enter('buy', given.quantity)
    case 'buy limit':
      return one.enter('buy', given.quantity, { limit: given.price, expiresAt: soon(given.shortly) })
    case 'say':
      return one.person.say(given.text)
  }
}

/** Waits until everything that ends by itself has ended, then takes back resting orders. */
async function settle(one: Trader): Promise<void> {
  const resting = desk.desk.parts.db.selectFrom('orders').select('id').where('state', 'in', liveStates)
  await comesToRest(desk, async () => {
    if ((await one.working()).length > 0) await one.cancel()
    expect(await resting.execute()).toEqual([])
  })
}

const property: Omit<Interleaving<Act, string[], Trader>, 'drawn'> = {
  groups: groupsOf(acts, { acts: [1, 5], groups: [1, 5] }),
  async begin(drawn) {
    draw([])
    market.set('BYND', '1')
    const one = await trader(desk, 'long BYND 100 @ 1')
    draw(drawn)
    return one
  },
  act,
  settle,
  // A price not looked at yet may still trigger a stop, so a fault counts only if it stays.
  check: () => vi.waitFor(() => expectBooksToAddUp(desk), { interval: 50 }),
  // Prices of the next run must not reach this one.
  async leave(one) {
    draw([])
    await one.person.say('stop off')
    await one.exit()
    await settle(one)
  },
}

test('whatever comes together, no more is sold than is open, every order has one outcome, and nothing stays set aside', async () => {
  await expectToHold({ ...property, drawn: fc.constant<string[]>([]) }, { numRuns: 16 })
  const { db } = desk.desk.parts
  const states = await db.selectFrom('orders').select('state').distinct().where('limit_price', 'is not', null).execute()
  expect(states.map(({ state }) => state).sort()).toEqual(['cancelled', 'expired', 'filled'])
})

test('the same holds when the venue refuses orders, loses them and what is said of them, or takes them and loses the answer', async () => {
  await expectToHold({ ...property, drawn: fates(12, 2) }, { numRuns: 8 })
})
