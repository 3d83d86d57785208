import Big from 'big.js'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectDatabase } from '../../src/db/client.ts'
import type { Database } from '../../src/db/schema.ts'
import { createPaperVenue } from '../../src/venue/paper.ts'
import type { Standing, Venue, VenueFill, VenueOrder } from '../../src/venue/venue.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'

const log = pino({ level: 'silent' })
const clock = { now: () => new Date(), scale: 1 }

let fresh: FreshDatabase
/** Connections of two processes. */
let first: Kysely<Database>
let second: Kysely<Database>
let market: HandMarket
let one: Venue
let other: Venue
beforeAll(async () => {
  fresh = await freshDatabase()
  first = connectDatabase(fresh.url, log)
  second = connectDatabase(fresh.url, log)
})
afterAll(async () => {
  await Promise.all([first?.destroy(), second?.destroy()])
  await fresh?.drop()
})
beforeEach(async () => {
  await first.deleteFrom('paper_orders').execute()
  market = handMarket()
  market.set('BYND', '1.00', '1.01')
  one = venueOn(first)
  other = venueOn(second)
})

function venueOn(db: Kysely<Database>, slippageBps = 0): Venue {
  return createPaperVenue({ db, market, clock, slippageBps, commissionPerUnit: 0.01 })
}

let orders = 0
function limit(side: 'buy' | 'sell', price: string, given: Partial<VenueOrder> = {}): VenueOrder {
  const clientOrderId = `limit-${++orders}`
  return { clientOrderId, symbol: 'BYND', side, quantity: new Big(100), limitPrice: new Big(price), ...given }
}

/** Hears of a venue's fills until the test is over. */
function listen(venue: Venue): VenueFill[] {
  const heard: VenueFill[] = []
  const stop = venue.subscribe({
    filled: (fill) => heard.push(fill),
    failed: (cause) => {
      throw cause
    },
  })
  onTestFinished(stop)
  return heard
}

const stateOf = async (order: VenueOrder) => (await one.find(order.clientOrderId))?.state
const filledAt = (standing: Standing | undefined) =>
  standing?.state === 'filled' ? standing.fill.price.toFixed() : standing?.state
/** Resolves when the book has been held against the prices of this moment: an order beside has been filled by them. */
async function lookedAt(venue: Venue): Promise<void> {
  const beacon = limit('buy', '10000000', { symbol: 'AAPL', quantity: new Big(1) })
  market.stale('AAPL', 'not yet')
  await venue.submit(beacon)
  market.set('AAPL', '190')
  await vi.waitFor(async () => expect(await stateOf(beacon)).toBe('filled'), { timeout: 5000, interval: 5 })
}

describe('an order with a limit', () => {
  test.each([
    ['sell', '1.00', '1'],
    ['sell', '0.90', '1'],
    ['buy', '1.01', '1.01'],
    ['buy', '1.20', '1.01'],
  ] as const)('to %s @ %s is filled at once at the touch', async (side, price, filled) => {
    expect(filledAt(await one.submit(limit(side, price)))).toBe(filled)
  })

  test.each([
    ['sell', '1.01', '1.02'],
    ['buy', '1.00', '0.99'],
  ] as const)('to %s @ %s rests', async (side, price, moved) => {
    const order = limit(side, price)
    expect(await one.submit(order)).toEqual({ state: 'working', limitPrice: new Big(price) })
    expect(await other.submit(order)).toEqual({ state: 'working', limitPrice: new Big(price) })
    expect(await other.find(order.clientOrderId)).toEqual({ state: 'working', limitPrice: new Big(price) })
    expect(await other.move(order.clientOrderId, new Big(moved))).toEqual({
      state: 'working',
      limitPrice: new Big(moved),
    })
    expect(await one.find(order.clientOrderId)).toEqual({ state: 'working', limitPrice: new Big(moved) })
  })

  test('is filled when a quote reaches it, at that quote, and whoever listens hears of it once', async () => {
    const [heard, heardToo] = [listen(one), listen(other)]
    const [sell, buy] = [limit('sell', '1.05'), limit('buy', '0.95')]
    await one.submit(sell)
    await other.submit(buy)
    market.set('BYND', '1.04', '1.05')
    await lookedAt(one)
    expect([await stateOf(sell), await stateOf(buy)]).toEqual(['working', 'working'])
    market.set('BYND', '1.06', '1.07')
    await expect.poll(() => stateOf(sell)).toBe('filled')
    market.set('BYND', '0.94', '0.95')
    await expect.poll(() => stateOf(buy)).toBe('filled')
    expect(filledAt(await one.find(sell.clientOrderId))).toBe('1.06')
    expect(filledAt(await one.find(buy.clientOrderId))).toBe('0.95')
    const mine = () =>
      [...heard, ...heardToo].map(({ clientOrderId }) => clientOrderId).filter((id) => id.startsWith('limit-'))
    await expect
      .poll(() => mine().filter((id) => id !== 'beacon'))
      .toEqual(expect.arrayContaining([sell.clientOrderId, buy.clientOrderId]))
    expect(mine().filter((id) => id === sell.clientOrderId)).toHaveLength(1)
    expect([...heard, ...heardToo].find((fill) => fill.clientOrderId === sell.clientOrderId)).toMatchObject({
      venueFillId: `paper-${sell.clientOrderId}`,
      commission: new Big(1),
    })
  })

  test('never slips beyond its limit', async () => {
    const slippery = venueOn(first, 500)
    expect(filledAt(await slippery.submit(limit('sell', '0.99')))).toBe('0.99')
    expect(filledAt(await slippery.submit(limit('sell', '0.50')))).toBe('0.95')
    expect(filledAt(await slippery.submit(limit('buy', '1.02')))).toBe('1.02')
  })

  test('is not filled on a stale quote, and is when a fresh one reaches it', async () => {
    listen(one)
    market.stale('BYND', 'the quote is 42 s old (limit 15 s)')
    const order = limit('sell', '0.50')
    expect((await one.submit(order)).state).toBe('working')
    await lookedAt(one)
    expect(await stateOf(order)).toBe('working')
    expect((await one.move(order.clientOrderId, new Big('0.40'))).state).toBe('working')
    market.set('BYND', '1.00', '1.01')
    await expect.poll(() => stateOf(order)).toBe('filled')
  })

  test('is not filled by what the market passed while nobody looked, only by what it is now', async () => {
    const [passed, reached] = [limit('sell', '1.50'), limit('sell', '1.20')]
    await one.submit(passed)
    await one.submit(reached)
    market.set('BYND', '1.60', '1.61')
    market.set('BYND', '1.30', '1.31')
    listen(other)
    await expect.poll(() => stateOf(reached)).toBe('filled')
    expect(filledAt(await one.find(reached.clientOrderId))).toBe('1.3')
    expect(await stateOf(passed)).toBe('working')
  })

  test('that was cancelled before it came is never taken', async () => {
    const order = limit('sell', '0.50')
    expect(await one.cancel(order.clientOrderId)).toEqual({ state: 'cancelled' })
    expect(await other.submit(order)).toEqual({ state: 'cancelled' })
    const { limitPrice: _, ...atMarket } = limit('sell', '1')
    await one.cancel(atMarket.clientOrderId)
    expect(await one.submit(atMarket)).toEqual({ state: 'cancelled' })
  })

  test('is cancelled once and stays cancelled, and a fill that was sooner is what cancelling answers with', async () => {
    const order = limit('sell', '1.05')
    await one.submit(order)
    expect(await one.cancel(order.clientOrderId)).toEqual({ state: 'cancelled' })
    expect(await other.cancel(order.clientOrderId)).toEqual({ state: 'cancelled' })
    expect(await one.move(order.clientOrderId, new Big('0.50'))).toEqual({ state: 'cancelled' })
    const sold = limit('sell', '0.99')
    const standing = await one.submit(sold)
    expect(await one.cancel(sold.clientOrderId)).toEqual(standing)
    expect(await one.move(sold.clientOrderId, new Big('2'))).toEqual(standing)
  })

  test('is filled when it is moved to where the market is', async () => {
    const order = limit('sell', '1.05')
    await one.submit(order)
    expect(filledAt(await other.move(order.clientOrderId, new Big('0.98')))).toBe('1')
  })

  test.each([
    ['an order that it never had', 'never', '1'],
    ['an order to nothing', undefined, '0'],
  ])('the venue does not move %s', async (_, id, price) => {
    const order = limit('sell', '1.05')
    await one.submit(order)
    await expect(one.move(id ?? order.clientOrderId, new Big(price))).rejects.toMatchObject({ outcome: 'rejected' })
  })
})

const step = fc.record({
  at: fc.constantFrom(0, 1),
  what: fc.constantFrom('cancel', 'move', 'price', 'submit', 'find'),
  order: fc.constantFrom(0, 1, 2),
  cents: fc.integer({ min: 90, max: 110 }),
})

test('whatever races on whichever machine, an order has one outcome, and is filled within its limit', async () => {
  listen(one)
  listen(other)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 5 }), async (groups) => {
      market.set('BYND', '1.00', '1.01')
      const placed = [limit('sell', '1.04'), limit('buy', '0.97'), limit('sell', '1.08')]
      for (const order of placed) await one.submit(order)
      const answers = new Map(placed.map(({ clientOrderId }) => [clientOrderId, [] as Standing[]]))
      const take = async ({ at, what, order: index, cents }: (typeof groups)[number][number]) => {
        const venue = [one, other][at]!
        const order = placed[index]!
        const price = new Big(cents).div(100)
        if (what === 'price') return market.set('BYND', price.toFixed(), price.plus('0.01').toFixed())
        const answer = await {
          cancel: () => venue.cancel(order.clientOrderId),
          move: () => venue.move(order.clientOrderId, price),
          submit: () => venue.submit(order),
          find: () => venue.find(order.clientOrderId),
        }[what]()
        answers.get(order.clientOrderId)!.push(answer!)
      }
      for (const group of groups) await Promise.all(group.map(take))
      for (const { clientOrderId } of placed) {
        const end = await one.cancel(clientOrderId)
        for (const answer of answers.get(clientOrderId)!) if (answer.state !== 'working') expect(answer).toEqual(end)
        expect(await other.find(clientOrderId)).toEqual(end)
        const row = await first
          .selectFrom('paper_orders')
          .selectAll()
          .where('client_order_id', '=', clientOrderId)
          .executeTakeFirstOrThrow()
        if (row.state !== 'filled') continue
        const [price, bound] = [new Big(row.price!), new Big(row.limit_price!)]
        expect(row.side === 'sell' ? price.gte(bound) : price.lte(bound)).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
}, 30_000)
