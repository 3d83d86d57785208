import Big from 'big.js'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import type { Bar, Market, Quote } from '../../src/market/market.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { Submitted, Venue, VenueFill, VenueOrder } from '../../src/venues/venue.ts'
import { handClock } from '../market/hand-clock.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import fc from '../support/fast-check.ts'

const log = pino({ level: 'silent' })
const clock = handClock()

let fresh: FreshDatabase
let db: Kysely<Database>
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, log)
})
afterAll(async () => {
  await db?.destroy()
  await fresh?.drop()
})
beforeEach(async () => {
  await db.deleteFrom('paper_orders').execute()
})

/** A market with one quote that the test sets. */
function marketWith(quote: Partial<Record<'bid' | 'ask', string>> & { stale?: string; tick?: string; bars?: Bar[] }) {
  const state = { ...quote }
  const market: Market = {
    name: 'set by hand',
    instruments: () => [],
    instrument: (symbol) =>
      symbol === 'BYND' ? { symbol, name: symbol, lot: new Big(1), tick: new Big(state.tick ?? '0.01') } : undefined,
    quote: async (symbol): Promise<Quote | undefined> => {
      if (!state.bid) return undefined
      const [bid, ask] = [new Big(state.bid), new Big(state.ask ?? state.bid)]
      return {
        symbol,
        bid,
        ask,
        last: bid,
        at: clock.now(),
        source: 'hand',
        ...(state.stale && { stale: state.stale }),
      }
    },
    bars: async () => state.bars ?? [],
    subscribe: () => () => {},
    close: async () => {},
  }
  return { market, state }
}

function venueOn(
  market: Market,
  options: { slippageBps?: number; commissionPerUnit?: number; on?: Kysely<Database> } = {},
) {
  const { slippageBps = 0, commissionPerUnit = 0, on = db } = options
  return createPaperVenue({ db: on, market, clock, slippageBps, commissionPerUnit })
}

let orders = 0
function order(given: Partial<VenueOrder> = {}): VenueOrder {
  const clientOrderId = `order-${++orders}`
  return { account: '1', clientOrderId, symbol: 'BYND', side: 'sell', quantity: new Big(468), ...given }
}

function reportOf(answer: Submitted) {
  if (answer.outcome !== 'accepted') throw new Error(`it is ${answer.outcome}: ${answer.words}`)
  return answer.report
}

/** The fill of an order that is filled at once. */
async function filled(venue: Venue, sent: VenueOrder): Promise<VenueFill> {
  const report = reportOf(await venue.submit(sent))
  if (report.state !== 'filled') throw new Error(`it is ${report.state}`)
  return report.fills[0]!
}

const bynd = { bid: '1.01', ask: '1.02' }

describe('the paper venue', () => {
  test('sells at the bid and buys at the ask', async () => {
    const venue = venueOn(marketWith(bynd).market, { commissionPerUnit: 0.005 })
    const sold = order()
    const fill = {
      account: '1',
      venueFillId: `paper-${sold.clientOrderId}`,
      clientOrderId: sold.clientOrderId,
      symbol: 'BYND',
      side: 'sell',
      quantity: new Big(468),
      price: new Big('1.01'),
      commission: new Big('2.34'),
      filledAt: clock.now(),
    }
    expect(reportOf(await venue.submit(sold))).toEqual({
      account: '1',
      clientOrderId: sold.clientOrderId,
      venueOrderId: `paper-${sold.clientOrderId}`,
      symbol: 'BYND',
      side: 'sell',
      quantity: new Big(468),
      state: 'filled',
      filledQuantity: new Big(468),
      fills: [fill],
    })
    expect((await filled(venue, order({ side: 'buy' }))).price.toFixed()).toBe('1.02')
  })

  test('finds the fill of an order, and nothing for an order that it never took or that another account sent', async () => {
    const venue = venueOn(marketWith(bynd).market, { commissionPerUnit: 0.005 })
    const sold = order()
    const report = reportOf(await venue.submit(sold))
    expect(await venue.find(sold)).toEqual(report)
    expect(await venue.find({ account: '1', clientOrderId: 'never' })).toBeUndefined()
    expect(await venue.find({ ...sold, account: '2' })).toBeUndefined()
  })

  test('gives the same order the same fill after the price moved, after a restart and on a stale quote', async () => {
    const { market, state } = marketWith(bynd)
    const sold = order()
    const fill = await venueOn(market).submit(sold)
    state.bid = '0.50'
    expect(await venueOn(market).submit(sold)).toEqual(fill)
    state.stale = 'the quote is 42 s old (limit 15 s)'
    expect(await venueOn(market).submit(sold)).toEqual(fill)
    delete state.bid
    expect(await venueOn(market).submit(sold)).toEqual(fill)
  })

  test('fills an order once, for any number of simultaneous calls from any number of processes', async () => {
    const other = connectDatabase(fresh.url, log)
    try {
      const venues = [
        venueOn(marketWith(bynd).market),
        venueOn(marketWith({ bid: '0.99', ask: '1.00' }).market, { on: other }),
      ]
      const sold = order()
      const fills = await Promise.all(Array.from({ length: 40 }, (_, index) => venues[index % 2]!.submit(sold)))
      for (const fill of fills) expect(fill).toEqual(fills[0])
      const { count } = await db
        .selectFrom('paper_fills')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      expect(count).toBe(1)
    } finally {
      await other.destroy()
    }
  })

  test.each([
    ['an unknown symbol', bynd, { symbol: 'ZZZZ' }, 'NOT_TRADED', 'ZZZZ is not traded here'],
    ['a symbol without a price', {}, {}, 'NO_PRICE', 'There is no price for BYND'],
    [
      'a stale quote',
      { ...bynd, stale: 'the replay has ended' },
      {},
      'NO_PRICE',
      'BYND cannot be traded now: the replay has ended',
    ],
    ['nothing', bynd, { quantity: new Big(0) }, 'BAD_QUANTITY', '0 is not a multiple of 1 BYND'],
    ['less than nothing', bynd, { quantity: new Big(-5) }, 'BAD_QUANTITY', '-5 is not a multiple of 1 BYND'],
    ['half a lot', bynd, { quantity: new Big('1.5') }, 'BAD_QUANTITY', '1.5 is not a multiple of 1 BYND'],
  ])('refuses %s with a sentence, and keeps no trace of it', async (_, quote, given, code, words) => {
    const sent = order(given)
    expect(await venueOn(marketWith(quote).market).submit(sent)).toEqual({ outcome: 'refused', code, words })
    expect(await venueOn(marketWith(bynd).market).find(sent)).toBeUndefined()
  })

  test('answers with an unknown outcome when its book cannot be reached', async () => {
    const dropped = await freshDatabase()
    await dropped.drop()
    const gone = connectDatabase(dropped.url, log)
    try {
      const venue = venueOn(marketWith(bynd).market, { on: gone })
      const sent = order()
      const words = 'The book of the paper venue did not answer'
      for (const answer of [venue.submit(sent), venue.cancel(sent), venue.replace(sent, new Big(1))]) {
        expect(await answer).toEqual({ outcome: 'unknown', words, cause: expect.any(Error) })
      }
      const questions = [
        () => venue.find(sent),
        () => venue.openOrders('1'),
        () => venue.fills('1'),
        () => venue.positions('1'),
        () => venue.balance('1'),
      ]
      for (const question of questions) {
        await expect(question()).rejects.toMatchObject({ name: 'VenueError', message: words, cause: expect.any(Error) })
      }
    } finally {
      await gone.destroy()
    }
  })

  test('answers with an unknown outcome when the connection breaks in mid-order, and finds it afterwards', async () => {
    const venue = venueOn(marketWith(bynd).market)
    const sold = order()
    const waiting = sql<{ pid: number }>`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into paper_orders%' and pid <> pg_backend_pid()`
    await db.transaction().execute(async (locking) => {
      await sql`lock table paper_orders`.execute(locking)
      const outcome = venue.submit(sold)
      await expect.poll(async () => (await waiting.execute(db)).rows.length).toBe(1)
      await sql`select pg_terminate_backend(${(await waiting.execute(db)).rows[0]!.pid})`.execute(db)
      expect(await outcome).toMatchObject({ outcome: 'unknown' })
    })
    expect(await venue.find(sold)).toBeUndefined()
    expect((await filled(venue, sold)).price.toFixed()).toBe('1.01')
  })

  test('never fills better than bid or ask, always on the tick, never at zero or below', async () => {
    const bars = barsOf([1, 1.02, 0.99, 1.01])
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('0.01', '0.0001'),
        fc.integer({ min: 1, max: 50_000 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 1_000 }),
        async (tick, bidTicks, spreadTicks, side, quantity, slippageBps) => {
          const [bid, ask] = [new Big(tick).times(bidTicks), new Big(tick).times(bidTicks + spreadTicks)]
          const { market } = marketWith({ bid: bid.toFixed(), ask: ask.toFixed(), tick, bars })
          const venue = venueOn(market, { slippageBps })
          const { price } = await filled(venue, order({ side, quantity: new Big(quantity) }))
          expect(price.gt(0)).toBe(true)
          expect(price.mod(tick).eq(0)).toBe(true)
          expect(side === 'buy' ? price.gte(ask) : price.lte(bid)).toBe(true)
        },
      ),
    )
  })

  test('slips by the given basis points on average: a tenth of a tick costs every tenth order a tick', async () => {
    const venue = venueOn(marketWith({ bid: '1.00', ask: '1.01' }).market, { slippageBps: 10 })
    const fills = await Promise.all(Array.from({ length: 1_000 }, () => filled(venue, order())))
    const slipped = fills.filter(({ price }) => price.eq('0.99')).length
    expect(fills.filter(({ price }) => price.eq('1')).length).toBe(1_000 - slipped)
    expect(slipped).toBeGreaterThan(60)
    expect(slipped).toBeLessThan(140)
  })

  test('slips further the more of a minute’s volume an order takes', async () => {
    const { market } = marketWith({ bid: '100.00', ask: '100.02', bars: barsOf([100, 100.1, 99.9, 100.2, 100]) })
    const venue = venueOn(market, { slippageBps: 1 })
    const priceOf = async (quantity: number) =>
      (await filled(venue, order({ quantity: new Big(quantity) }))).price.toNumber()
    const [small, large, huge] = [await priceOf(1), await priceOf(10_000), await priceOf(1e12)]
    expect(small).toBeGreaterThan(large)
    expect(large).toBeGreaterThan(huge)
    expect(huge).toBe(80)
  })

  test('does not slip at all when slippage is turned off, however large the order', async () => {
    const { market } = marketWith({ ...bynd, bars: barsOf([1, 1.1, 0.9]) })
    expect((await filled(venueOn(market), order({ quantity: new Big(1e9) }))).price.toFixed()).toBe('1.01')
  })
})

/** Minutes of 10,000 units that move from one price to the next. */
function barsOf(prices: number[]): Bar[] {
  return prices.slice(1).map((price, index) => {
    const [open, close] = [new Big(prices[index]!), new Big(price)]
    const [low, high] = open.lt(close) ? [open, close] : [close, open]
    return { at: new Date(index * 60_000), open, high, low, close, volume: new Big(10_000) }
  })
}
