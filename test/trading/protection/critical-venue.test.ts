import { expect } from 'vitest'
import { findOrder } from '../../../src/trading/orders/rows/orders.ts'
import { takeUpOrder } from '../../../src/trading/orders/take-up.ts'
import { type Submitted, type Venue, VenueError, type VenueOrder } from '../../../src/venues/venue.ts'
import { deskTest } from '../../support/desk-test.ts'
import { keyOf, refused, unanswered } from '../../support/venue-answers.ts'
import { holding } from './closing.ts'
import { touch } from './touched.ts'

/** The venue's answer to the next orders; when it is not set, the venue takes every order. */
let submits: ((paper: Venue, order: VenueOrder) => Promise<Submitted>) | undefined
let isAway = false
/** The keys of the orders that were sent to the venue, in order. */
let called: string[] = []

const { test, desk, market } = deskTest({
  venue: (paper) => ({
    ...paper,
    find: (order) => unlessAway(() => paper.find(order)),
    fills: (account, cursor) => unlessAway(() => paper.fills(account, cursor)),
    async submit(order) {
      called.push(await keyOf(desk, order.clientOrderId))
      return submits ? submits(paper, order) : paper.submit(order)
    },
  }),
})
test.beforeEach(() => {
  submits = undefined
  isAway = false
  called = []
})

async function unlessAway<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  if (isAway) throw new VenueError('the venue is away')
  return ask()
}

const refuses = async () => refused('trading is paused')

/** One order, filled once, at the venue and in the ledger. */
async function expectOneFill(positionId: number, quantity: string) {
  const { db } = desk.desk.parts
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .innerJoin('paper_fills as p', 'p.venue_fill_id', 'f.venue_fill_id')
    .select(['f.quantity', 'p.quantity as at_venue'])
    .where('f.position_id', '=', positionId)
    .where('o.purpose', '<>', 'record')
    .execute()
  expect(fills).toEqual([{ quantity, at_venue: quantity }])
}

test('a venue that refuses is asked again with the same id until it takes the order; the thread hears of it in a second', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = refuses
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/^🚨 NOT CLOSED YET — BYND\nSTOP HIT: Sell 3,750 BYND, tried for [12] s\ntrading is paused\n/)
  await holder.hears(/tried for [2-5] s/) // when twice as much time has passed, or a little more
  submits = undefined
  await holder.isClosed()
  await holder.hears(/^🛑 STOP HIT — BYND\nSold 3,750 @ \$0.55/)
  expect(called.length).toBeGreaterThan(4)
  expect(new Set(called)).toEqual(new Set([`stop-${holder.held.stop!.id}`]))
  expect(await holder.orders()).toHaveLength(1)
  await expectOneFill(holder.held.position.id, '3750')
})

test('a venue that takes the order and never says so is asked for it, and the order is not sent twice', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = async (paper, order) => {
    await paper.submit(order)
    return unanswered()
  }
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.isClosed()
  expect(called).toHaveLength(1)
  await expectOneFill(holder.held.position.id, '3750')
})

test('a venue that hangs is asked again after a second, and its late answer changes nothing', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  const late = Promise.withResolvers<void>()
  let calls = 0
  submits = async (paper, order) => {
    calls += 1
    if (calls === 1) await late.promise
    return paper.submit(order)
  }
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/the venue does not answer/)
  await holder.isClosed()
  late.resolve()
  await expectOneFill(holder.held.position.id, '3750')
  expect(await holder.orders()).toHaveLength(1)
})

test('a price that has gone stale since is said, and sold as soon as it is fresh', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await touch(
    {
      ...desk,
      market: {
        ...market,
        set: (...quote) => {
          market.set(...quote)
          market.stale('BYND', 'the quote is 20 s old')
        },
      },
    },
    holder.held,
    'stop',
    '0.55',
  )
  await holder.hears(/NOT CLOSED YET[\s\S]*the quote is 20 s old/)
  market.set('BYND', '0.54')
  await holder.hears(/^🛑 STOP HIT — BYND\nSold 3,750 @ \$0.54/)
  await expectOneFill(holder.held.position.id, '3750')
})

test('`close` while the order of a stop is stuck tries the same order at once, and never sells twice', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = refuses
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/NOT CLOSED YET/)
  expect(await holder.person.say('close now')).toMatch(
    /^⏳ 3,750 BYND are already on their way out, and the venue was just asked again: trading is paused\n/,
  )
  submits = undefined
  expect(await holder.person.say('close now')).toMatch(
    /The desk was at it: 3,750 BYND are sold @ \$0.55|no open position/,
  )
  await holder.isClosed()
  expect(await holder.orders()).toHaveLength(1)
  await expectOneFill(holder.held.position.id, '3750')
})

test('`stop off` while the order of a stop is stuck leaves the position open, and the person sells it as they like', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = refuses
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/NOT CLOSED YET/)
  expect(await holder.person.say('stop off')).toMatch(/^✓ OK, 3,750 BYND are not sold|^⏳ OK, the order for 3,750 BYND/)
  await holder.hears(
    /^✓ GIVEN UP — BYND\nThe venue never took the order for 3,750; it is not sent again\.\nPosition: LONG 3,750/,
  )
  submits = undefined
  const before = called.length
  expect(await holder.person.say('trim 750')).toMatch(/^✓ SOLD 750/)
  expect(await holder.person.say('close now')).toMatch(/^✓ SOLD 3,000/)
  await holder.isClosed()
  expect(called.slice(before).filter((id) => id.startsWith('stop-'))).toEqual([])
  expect((await holder.orders()).map(({ state }) => state)).toEqual(['cancelled'])
})

test('`stop off` when the venue had the order all along says so, and the position is closed', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = async (paper, order) => {
    await paper.submit(order)
    isAway = true
    return unanswered()
  }
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/NOT CLOSED YET[\s\S]*the venue is away/)
  const answered = holder.person.say('stop off')
  isAway = false
  expect(await answered).toMatch(/Too late: the venue had filled|is not sent again|no stop|no open position/)
  await holder.isClosed()
  await expectOneFill(holder.held.position.id, '3750')
})

test('`stop off` while a call may still reach the venue waits for it: a fill that comes late is recorded', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  const late = Promise.withResolvers<void>()
  submits = async (paper, order) => {
    await late.promise
    return paper.submit(order)
  }
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/the venue does not answer/)
  expect(await holder.person.say('stop off')).toMatch(/^⏳ OK, the order for 3,750 BYND is not sent again/)
  expect(await holder.person.say('close now')).toMatch(/is being taken back/)
  late.resolve()
  await holder.isClosed()
  await expectOneFill(holder.held.position.id, '3750')
})

test('`stop off` holds for a process that has read the order before, and would send it after', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = refuses
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/NOT CLOSED YET/)
  const working = (await findOrder(desk.desk.parts.db, `stop-${holder.held.stop!.id}`))!
  await holder.person.say('stop off')
  await holder.hears(/^✓ GIVEN UP — BYND/)
  submits = undefined
  await takeUpOrder(desk.desk.parts, working)
  const { venue, account } = await desk.desk.parts.venues.of(working.accountId)
  expect(await venue.find({ account, clientOrderId: working.sentAs })).toBeUndefined()
  expect(await holder.person.say('close now')).toMatch(/^✓ SOLD 3,750/)
})

test('a stop touched while an unconfirmed order holds the whole position is told within a second', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  submits = async (paper, order) => {
    await paper.submit(order)
    return unanswered()
  }
  isAway = true
  expect(await holder.person.say('close now')).toContain('the venue has not confirmed it')
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(
    /^🚨 NOT CLOSED YET — BYND\nSTOP HIT, for 1 s: 3,750 BYND are with the venue by other orders, which it has not confirmed\n/,
  )
  isAway = false
  await holder.isClosed()
  await expectOneFill(holder.held.position.id, '3750')
})

test('a chunk in flight stays in flight; when the venue refuses it, the rest is closed too', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  const chunk = Promise.withResolvers<void>()
  submits = async (paper, order) => {
    if (!(await keyOf(desk, order.clientOrderId)).startsWith('chunk')) return paper.submit(order)
    await chunk.promise
    return refuses()
  }
  await holder.person.say('scaleout fast')
  await expect.poll(() => called.some((id) => id.startsWith('chunk'))).toBe(true)
  await touch(desk, holder.held, 'stop', '0.55')
  await holder.hears(/^🛑 STOP HIT[\s\S]*on the way out\)\n· person\d+$/)
  chunk.resolve()
  await holder.isClosed()
  const { id } = holder.held.stop!
  expect((await holder.orders()).map((order) => order.client_order_id)).toEqual([`stop-${id}`, `stop-${id}-2`])
  const total = (await holder.orders()).reduce((sum, { quantity }) => sum + Number(quantity), 0)
  expect(total).toBe(3750)
})
