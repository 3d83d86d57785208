import Big from 'big.js'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { OrderReport, Submitted, Venue, VenueOrder } from '../../src/venues/venue.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'
import fc from '../support/fast-check.ts'
import { listen, newsOf, reportIn } from './hearing.ts'

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
  const limitPrice = new Big(price)
  return { account: '1', clientOrderId, symbol: 'BYND', side, quantity: new Big(100), limitPrice, ...given }
}

const stateOf = async (order: VenueOrder) => (await one.find(order))?.state
/** The price at which an order was filled, or its state. */
function filledAt(told: OrderReport | Submitted | undefined): string | undefined {
  const report = told && 'outcome' in told ? reportIn(told) : told
  return report?.state === 'filled' ? report.fills[0]!.price.toFixed() : report?.state
}
const resting = (price: string) => ({
  state: 'working',
  limitPrice: new Big(price),
  filledQuantity: new Big(0),
  fills: [],
})
const isOver = { outcome: 'refused', code: 'NOT_CHANGEABLE' }
/** Resolves when the book has been checked against the current prices: they have filled a second order. */
async function lookedAt(venue: Venue): Promise<void> {
  const beacon = limit('buy', '10000000', { symbol: 'AAPL', quantity: new Big(1) })
  market.stale('AAPL', 'not yet')
  await venue.submit(beacon)
  market.set('AAPL', '190')
  await vi.waitFor(async () => expect(await stateOf(beacon)).toBe('filled'), { interval: 5 })
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
    const report = reportIn(await one.submit(order))
    expect(report).toMatchObject(resting(price))
    expect(await other.submit(order)).toEqual({ outcome: 'accepted', report })
    expect(await other.find(order)).toEqual(report)
    expect(await other.openOrders('1')).toEqual([report])
    expect(await other.openOrders('2')).toEqual([])
    const changed = { ...report, limitPrice: new Big(moved) }
    expect(await other.replace(order, new Big(moved))).toEqual({ outcome: 'replaced', report: changed })
    expect(await one.find(order)).toEqual(changed)
  })

  test('is filled when a quote reaches it, at that quote, and listeners hear of it once', async () => {
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
    const sold = (await one.find(sell))!
    expect(filledAt(sold)).toBe('1.06')
    expect(filledAt(await one.find(buy))).toBe('0.95')
    const all = () => [...heard, ...heardToo]
    await expect.poll(() => [newsOf(sell, all()).length, newsOf(buy, all()).length]).toEqual([2, 2])
    expect(newsOf(sell, all())).toEqual([
      { kind: 'fill', fill: sold.fills[0] },
      { kind: 'order', report: sold },
    ])
    expect(sold.fills).toMatchObject([{ venueFillId: `paper-${sell.clientOrderId}`, commission: new Big(1) }])
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
    expect(filledAt(await one.submit(order))).toBe('working')
    await lookedAt(one)
    expect(await stateOf(order)).toBe('working')
    expect(reportIn(await one.replace(order, new Big('0.40')))).toMatchObject(resting('0.40'))
    market.set('BYND', '1.00', '1.01')
    await expect.poll(() => stateOf(order)).toBe('filled')
  })

  test('is filled only by the current price, not by prices that passed while nothing was running', async () => {
    const [passed, reached] = [limit('sell', '1.50'), limit('sell', '1.20')]
    await one.submit(passed)
    await one.submit(reached)
    market.set('BYND', '1.60', '1.61')
    market.set('BYND', '1.30', '1.31')
    listen(other)
    await expect.poll(() => stateOf(reached)).toBe('filled')
    expect(filledAt(await one.find(reached))).toBe('1.3')
    expect(await stateOf(passed)).toBe('working')
  })

  test('cannot be cancelled before it arrives, and may arrive afterwards', async () => {
    const order = limit('sell', '0.50')
    const refused = { outcome: 'refused', code: 'NO_SUCH_ORDER', words: 'the paper venue does not have it' }
    expect(await one.cancel(order)).toEqual(refused)
    expect(filledAt(await other.submit(order))).toBe('1')
    expect(await one.cancel({ ...order, account: '2' })).toEqual(refused)
  })

  test('is cancelled once and stays cancelled, and a cancel answers with an earlier fill', async () => {
    const order = limit('sell', '1.05')
    const report = { ...reportIn(await one.submit(order)), state: 'cancelled' }
    expect(await one.cancel(order)).toEqual({ outcome: 'ended', report })
    expect(await other.cancel(order)).toEqual({ outcome: 'ended', report })
    expect(await one.replace(order, new Big('0.50'))).toMatchObject({ ...isOver, words: 'the order is cancelled' })
    expect(await one.submit(order)).toEqual({ outcome: 'accepted', report })
    const sold = limit('sell', '0.99')
    const filled = reportIn(await one.submit(sold))
    expect(await one.cancel(sold)).toEqual({ outcome: 'ended', report: filled })
    expect(await one.replace(sold, new Big('2'))).toMatchObject({ ...isOver, words: 'the order is filled' })
    expect(await other.find(sold)).toEqual(filled)
  })

  test('is filled when its limit is moved to the market', async () => {
    const order = limit('sell', '1.05')
    await one.submit(order)
    expect(filledAt(reportIn(await other.replace(order, new Big('0.98'))))).toBe('1')
  })

  test.each([
    ['an order that it never had', 'never', '1', 'NO_SUCH_ORDER', 'the paper venue does not have it'],
    ['an order to a price of zero', undefined, '0', 'BAD_PRICE', '0 is not a price'],
  ])('the venue does not move %s', async (_, id, price, code, words) => {
    const order = limit('sell', '1.05')
    await one.submit(order)
    const answer = await one.replace({ ...order, clientOrderId: id ?? order.clientOrderId }, new Big(price))
    expect(answer).toEqual({ outcome: 'refused', code, words })
  })

  test('ends by itself when its time is over, tells it once, and is never filled afterwards', async () => {
    const expiresAt = new Date(Date.now() + 1_000)
    const order = limit('sell', '1.05', { expiresAt })
    const [heard, heardToo] = [listen(one), listen(other)]
    await one.submit(order)
    await expect.poll(() => [...heard, ...heardToo].length).toBe(1)
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime())
    const report = (await other.find(order))!
    expect(report).toMatchObject({ state: 'expired', filledQuantity: new Big(0) })
    expect([...heard, ...heardToo]).toEqual([{ kind: 'order', report }])
    market.set('BYND', '1.10')
    await lookedAt(one)
    expect(await one.find(order)).toEqual(report)
    expect(await one.cancel(order)).toEqual({ outcome: 'ended', report })
    expect(await one.replace(order, new Big('1'))).toMatchObject({ ...isOver, words: 'the order is expired' })
  })

  test('that comes after its time is expired, wherever the market is', async () => {
    const order = limit('sell', '0.50', { expiresAt: new Date(Date.now() - 1) })
    expect(filledAt(await one.submit(order))).toBe('expired')
    expect(await one.openOrders('1')).toEqual([])
  })

  test('shows as expired, also while nothing is running', async () => {
    const [asked, listed] = ['1.05', '1.06'].map((price) =>
      limit('sell', price, { expiresAt: new Date(Date.now() + 500) }),
    )
    await one.submit(asked!)
    await one.submit(listed!)
    await expect.poll(() => one.openOrders('1')).toEqual([])
    expect(await stateOf(asked!)).toBe('expired')
    expect(await stateOf(listed!)).toBe('expired')
  })
})

const step = fc.record({
  at: fc.constantFrom(0, 1),
  what: fc.constantFrom('cancel', 'move', 'price', 'submit', 'find'),
  order: fc.constantFrom(0, 1, 2),
  cents: fc.integer({ min: 90, max: 110 }),
})

test('in any race between processes, an order has one outcome and is filled within its limit', async () => {
  listen(one)
  listen(other)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 5 }), async (groups) => {
      market.set('BYND', '1.00', '1.01')
      const placed = [limit('sell', '1.04'), limit('buy', '0.97'), limit('sell', '1.08')]
      for (const order of placed) await one.submit(order)
      const answers = new Map(placed.map(({ clientOrderId }) => [clientOrderId, [] as OrderReport[]]))
      const take = async ({ at, what, order: index, cents }: (typeof groups)[number][number]) => {
        const venue = [one, other][at]!
        const order = placed[index]!
        const price = new Big(cents).div(100)
        if (what === 'price') return market.set('BYND', price.toFixed(), price.plus('0.01').toFixed())
        const answer = await {
          cancel: () => venue.cancel(order),
          move: () => venue.replace(order, price),
          submit: () => venue.submit(order),
          find: async () => ({ outcome: 'found', report: await venue.find(order) }),
        }[what]()
        if (what === 'move' && !('report' in answer))
          expect(answer).toMatchObject({ outcome: 'refused', code: 'NOT_CHANGEABLE' })
        else answers.get(order.clientOrderId)!.push(reportIn(answer as { outcome: string; report?: OrderReport }))
      }
      for (const group of groups) await Promise.all(group.map(take))
      for (const order of placed) {
        const end = reportIn((await one.cancel(order)) as { outcome: string; report?: OrderReport })
        for (const answer of answers.get(order.clientOrderId)!)
          if (answer.state !== 'working') expect(answer).toEqual(end)
        expect(await other.find(order)).toEqual(end)
        const rows = await first
          .selectFrom('paper_fills')
          .selectAll()
          .where('client_order_id', '=', order.clientOrderId)
          .execute()
        expect(rows.map((row) => row.venue_fill_id)).toEqual(end.fills.map((fill) => fill.venueFillId))
        expect(end.fills).toHaveLength(end.state === 'filled' ? 1 : 0)
        for (const { price } of end.fills) {
          expect(end.side === 'sell' ? price.gte(end.limitPrice!) : price.lte(end.limitPrice!)).toBe(true)
        }
      }
    }),
    { numRuns: 30 },
  )
})
