import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { barsIn, barsPayload } from '../../../src/market/feeds/tradestation/bars.ts'
import { quoteOf, quotePayload, withFrame } from '../../../src/market/feeds/tradestation/quotes.ts'
import { openTradeStationMarket } from '../../../src/market/feeds/tradestation/tradestation-market.ts'
import type { Market, Quote } from '../../../src/market/market.ts'
import { startTradeStationServer, type TradeStationServer } from '../../platforms/tradestation/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
let db: Kysely<Database>
let ts: TradeStationServer
let market: Market
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})
beforeEach(async () => {
  ts = await startTradeStationServer({ seed: 3, heartbeatMs: 50 })
  ts.addSymbol('BYND', { description: 'Beyond Meat' } as never)
  ts.setPrice('BYND', '0.62', '0.63', { last: '0.625' })
  const own = ts.addAccount({ mode: 'live' })
  market = await openTradeStationMarket({
    ...{ db, clock: { scale: 1, now: ts.now }, maxAgeMs: 15_000 },
    settings: {
      ...{ api: ts.url, signIn: ts.signInUrl, clientId: ts.oauth.clientId, clientSecret: ts.oauth.clientSecret },
      refreshToken: ts.oauth.grant(own.user).refresh_token!,
    },
    times: { planMs: 20, stream: { openWithinMs: 2000, silentForMs: 400, againMs: 30 } },
  })
})
afterEach(async () => {
  await market.close()
  await ts.close()
})
const until = (holds: () => unknown) => vi.waitFor(holds, { interval: 10 })
const pricesOf = (quote: Quote | undefined) => quote && [quote.bid, quote.ask, quote.last].map((one) => one.toFixed())

describe('the market of TradeStation', () => {
  test('knows a share by asking, and has its quote', async () => {
    expect(pricesOf(await market.quote('bynd'))).toEqual(['0.62', '0.63', '0.625'])
    expect(await market.lookUp!('BYND')).toMatchObject({ symbol: 'BYND' })
    expect(await market.lookUp!('NOPE')).toBeUndefined()
    expect(await market.quote('NOPE')).toBeUndefined()
    expect(market.providers!()[0]).toMatchObject({ name: 'tradestation', isConnected: true, isAuthenticated: true })
  })

  test('streams what is watched: whole at first, then what changed, and a heartbeat confirms it', async () => {
    const heard: Quote[] = []
    market.subscribe((quote) => void heard.push(quote))
    market.watch!(new Set(['BYND']))
    await until(() => expect(pricesOf(heard.at(-1))).toEqual(['0.62', '0.63', '0.625']))
    ts.setPrice('BYND', '0.64', '0.65', { last: '0.645' })
    await until(() => expect(pricesOf(heard.at(-1))).toEqual(['0.64', '0.65', '0.645']))
    // Nothing is asked while the stream tells.
    const asked = ts.requests.length
    expect(pricesOf(await market.quote('BYND'))).toEqual(['0.64', '0.65', '0.645'])
    expect(ts.requests.length).toBe(asked)
    await ts.letPass(60_000)
    await until(async () => expect((await market.quote('BYND'))!.at.getTime()).toBe(ts.now().getTime()))
    ts.halt('BYND')
    await until(async () => expect(await market.quote('BYND')).toMatchObject({ isHalted: true }))
  })

  test('opens its stream again after a silence, a GoAway and the end of its token', async () => {
    market.watch!(new Set(['BYND']))
    for (const [breaks, bid] of [
      [() => ts.freezeStreams('BYND'), '0.50'],
      [() => ts.goAway('BYND'), '0.51'],
      [
        () => {
          ts.oauth.expireTokens()
          ts.cutStreams('BYND')
        },
        '0.52',
      ],
    ] as const) {
      await until(() => expect(ts.openStreams('quotes')).toHaveLength(1))
      breaks()
      ts.setPrice('BYND', bid, '0.60')
      await until(async () => expect((await market.quote('BYND'))!.bid.toFixed()).toBe(Number(bid).toString()))
    }
  })

  test('has finished bars by their beginning, and never one that is open', async () => {
    const minute = (t: string, c: number) => ({ t, o: 1, h: 2, l: 0.5, c, v: 100 })
    // It is 10:00 in New York; the last of them may still change.
    ts.giveBars('BYND', '1Min', [
      minute('2026-11-20T14:57:00Z', 1.1),
      minute('2026-11-20T14:58:00Z', 1.2),
      minute('2026-11-20T14:59:00Z', 1.3),
      minute('2026-11-20T15:00:00Z', 1.4),
    ])
    const bars = await market.bars('BYND', 1, 10)
    expect(bars.map(({ at, close }) => [at.toISOString(), close.toFixed()])).toEqual([
      ['2026-11-20T14:57:00.000Z', '1.1'],
      ['2026-11-20T14:58:00.000Z', '1.2'],
    ])
  })
})

describe('the book', () => {
  const shown = (side: { price: { toFixed(): string }; size: { toFixed(): string } }[] | undefined) =>
    side?.map(({ price, size }) => `${size.toFixed()} @ ${price.toFixed()}`)

  test('has the best prices of each side, with all that stands at each', async () => {
    ts.setBook('BYND', {
      bids: [
        ['0.62', '500', 'ARCX'],
        ['0.62', '300', 'BATS'],
        ['0.61', '900'],
        ['0.60', '100'],
      ],
      asks: [['0.63', '50']],
    })
    const depth = await market.depth!('bynd', 2)
    expect(shown(depth?.bids)).toEqual(['800 @ 0.62', '900 @ 0.61'])
    expect(shown(depth?.asks)).toEqual(['50 @ 0.63'])
    expect(depth).toMatchObject({ symbol: 'BYND', source: 'tradestation', at: ts.now() })
    // Its stream is read once, and closed.
    await until(() => expect(ts.openStreams('depth')).toEqual([]))
  })

  test('is asked for once by all who want it at the same time, and with a new token when the old one has ended', async () => {
    await market.quote('BYND')
    ts.oauth.expireTokens()
    const asked = () => ts.requests.filter(({ path }) => path.includes('marketdepth')).length
    const both = await Promise.all([market.depth!('BYND', 5), market.depth!('BYND', 5)])
    expect(both.map((depth) => shown(depth?.bids))).toEqual([['100000 @ 0.62'], ['100000 @ 0.62']])
    expect(asked()).toBe(2)
    expect(both[0]).toBe(both[1])
  })

  test('of a symbol that nobody knows, and while the stream is refused, is no book', async () => {
    await expect(market.depth!('NOPE', 5)).rejects.toThrow('was refused (404)')
    ts.failNext({ method: 'GET', path: /marketdepth/, as: 503 })
    await expect(market.depth!('BYND', 5)).rejects.toThrow('was refused (503)')
    await expect(market.depth!('BYND', 5)).resolves.toMatchObject({ symbol: 'BYND' })
  })
})

describe('options', () => {
  const long = ['2027-01-15', '2028-01-21', '2028-06-16']
  beforeEach(() => {
    ts.addSymbol('MSFT')
    ts.setPrice('MSFT', '399.99', '400.01', { last: '400' })
    ts.setChain('MSFT', { expirations: long, strikes: ['200', '250', '300', '350', '400', '450'], volatility: 0.3 })
  })
  const from = (price: number) => new Big(price)

  test('have days, strikes, and contracts with both prices and greeks', async () => {
    const options = market.options!
    expect(await options.expirations('MSFT')).toEqual(long)
    expect((await options.strikes('MSFT', '2028-01-21')).map(Number)).toEqual([200, 250, 300, 350, 400, 450])
    const chain = await options.chain('MSFT', { expires: '2028-01-21', kind: 'call', from: from(250), to: from(390) })
    expect(chain.map(({ symbol }) => symbol)).toEqual(['MSFT 280121C250', 'MSFT 280121C300', 'MSFT 280121C350'])
    expect(chain[1]).toMatchObject({ kind: 'call', expires: '2028-01-21', openInterest: 100, impliedVolatility: 0.3 })
    expect(chain[1]!.greeks!.delta).toBeGreaterThan(chain[2]!.greeks!.delta)
    expect(chain[1]!.ask!.minus(chain[1]!.bid!).toFixed()).toBe('0.02')
    const both = await options.chain('MSFT', { expires: '2027-01-15', from: from(400), to: from(400) })
    expect(both.map(({ kind }) => kind)).toEqual(['call', 'put'])
    await until(() => expect(ts.openStreams('option chains')).toEqual([]))
  })

  test('that are not quoted have no price, and a stream that shows fewer contracts ends with its heartbeat', async () => {
    ts.setContract('MSFT 280121C300', { bid: '0', ask: '0' })
    const wanted = { expires: '2028-01-21', kind: 'call', from: from(300), to: from(300) } as const
    const [unquoted] = await market.options!.chain('MSFT', wanted)
    expect([unquoted!.bid, unquoted!.ask]).toEqual([undefined, undefined])
    ts.hideContract('MSFT 280121C350')
    const some = await market.options!.chain('MSFT', { ...wanted, to: from(400) })
    expect(some.map(({ strike }) => strike.toNumber())).toEqual([300, 400])
  })

  test('of a share without any are none, which is no fault of the source', async () => {
    expect(await market.options!.expirations('BYND')).toEqual([])
    expect(await market.options!.chain('BYND', { expires: long[0]!, from: from(1), to: from(9) })).toEqual([])
    expect(market.providers!()[0]).toMatchObject({ isConnected: true, faults: 0 })
    ts.failNext({ method: 'GET', path: /options/, as: 503 })
    await expect(market.options!.expirations('MSFT')).rejects.toThrow('answered with 503')
  })
})

describe('a frame', () => {
  const now = new Date('2026-11-20T15:00:00Z')
  const frame = (more: object) => quotePayload.parse({ Symbol: 'MSFT', ...more })
  const whole = withFrame(
    {},
    frame({ Bid: '212.85', Ask: '212.87', Last: '212.85', TradeTime: '2026-11-20T14:59:59Z' }),
    now,
  )

  test('with changes alone keeps the rest', () => {
    const next = withFrame(whole, frame({ Ask: '212.9' }), now)
    expect(pricesOf(quoteOf('MSFT', next, { confirmedAt: now, isOpen: true }))).toEqual(['212.85', '212.9', '212.85'])
  })

  test('of a delayed, a crossed and a one-sided quote makes a weak one', () => {
    const of = (more: object) =>
      quoteOf('MSFT', withFrame(whole, frame(more), now), { confirmedAt: now, isOpen: true })!
    expect(of({}).weak).toBeUndefined()
    expect(of({ MarketFlags: { IsDelayed: true } })).toMatchObject({ weak: expect.stringContaining('15 min late') })
    expect(of({ Bid: '213' }).weak).toContain('above its ask')
    expect(of({ Ask: '0' })).toMatchObject({ isAssumed: true, weak: 'it has no ask' })
  })
})

test('the bars of the specification begin where a session begins, and an open one is left out', () => {
  const one = (TimeStamp: string, BarStatus = 'Closed') => ({
    ...{
      High: '218.32',
      Low: '212.42',
      Open: '214.02',
      Close: '216.39',
      TimeStamp,
      TotalVolume: '42311777',
      BarStatus,
    },
  })
  const days = barsPayload.parse({ Bars: [one('2020-11-04T21:00:00Z'), one('2020-11-05T21:00:00Z', 'Open')] })
  expect(barsIn(days, 'MSFT', 1440).map(({ at }) => at.toISOString())).toEqual(['2020-11-04T14:30:00.000Z'])
  const minutes = barsPayload.parse({
    Bars: [one('2020-11-04T14:35:00Z'), one('2020-11-04T21:00:00Z'), one('2020-11-04T21:05:00Z')],
  })
  expect(barsIn(minutes, 'MSFT', 5).map(({ at }) => at.toISOString())).toEqual([
    '2020-11-04T14:30:00.000Z',
    '2020-11-04T20:55:00.000Z',
  ])
})
