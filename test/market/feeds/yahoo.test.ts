import Big from 'big.js'
import { expect, onTestFinished, test, vi } from 'vitest'
import { nyse } from '../../../src/market/calendar.ts'
import { meantBy } from '../../../src/market/feeds/shared/prices.ts'
import { openYahoo } from '../../../src/market/feeds/yahoo/yahoo.ts'
import { barsIn } from '../../../src/market/feeds/yahoo/yahoo-bars.ts'
import type { Bar, Market, Quote } from '../../../src/market/market.ts'
import { inPreference } from '../../../src/market/preference.ts'
import { invalidCrumb, startYahooServer, tooMany, type YahooServer } from '../../platforms/yahoo-server.ts'
import fc from '../../support/fast-check.ts'
import { type Ground, grounds } from './opened.ts'

const ground = grounds()

const seconds = (time: string) => new Date(time).getTime() / 1000

const aapl = {
  quoteType: 'EQUITY',
  currency: 'USD',
  shortName: 'Apple Inc.',
  longName: 'Apple Inc.',
  marketState: 'REGULAR',
  quoteSourceName: 'Nasdaq Real Time Price',
  priceHint: 2,
  regularMarketPrice: 268.5,
  regularMarketTime: seconds('2026-11-20T14:59:58Z'),
  bid: 268.48,
  ask: 268.52,
  exchangeDataDelayedBy: 0,
  sourceInterval: 15,
}

interface Opened {
  on: Ground
  server: YahooServer
  market: Market
  open(): Promise<Market>
}

/** The feed on a server that knows AAPL, with pauses too short to be noticed. */
async function opened(now?: string): Promise<Opened> {
  const on = await ground(now)
  const server = await startYahooServer(() => on.clock.now().getTime())
  server.symbols.set('AAPL', { quote: aapl })
  onTestFinished(() => server.close())
  const open = async () => {
    const market = await openYahoo(
      { ...on, client: { pauseMs: 1, timeoutMs: 300 }, freshMs: 5, pollEveryMs: 50 },
      { yahoo: { api: server.url } },
    )
    onTestFinished(() => market.close())
    return market
  }
  return { on, server, open, market: await open() }
}

const asked = ({ requests }: YahooServer, path: string) => requests.filter((one) => one.path === path).length
const quotePath = '/v7/finance/quote'
const faultOf = (market: Market) => market.providers!()[0]!.lastFault?.words

test('one request brings the prices of all symbols that are asked for together, with one cookie and one crumb', async () => {
  const { server, market, on } = await opened()
  server.symbols.set('BRK-B', {
    quote: { ...aapl, longName: 'Berkshire Hathaway', regularMarketPrice: 500.1, bid: 0, ask: 0 },
  })
  server.symbols.set('BYND', { quote: { ...aapl, regularMarketPrice: 0.6315000057220459, bid: 0.63, ask: 0.6316 } })
  const [one, other, low, none] = await Promise.all(
    ['aapl', 'BRK.B', 'BYND', 'NOSUCH'].map((symbol) => market.quote(symbol)),
  )
  expect(one).toMatchObject({ symbol: 'AAPL', source: 'yahoo', at: on.clock.now() })
  expect([one!.bid, one!.last, one!.ask].map(String)).toEqual(['268.48', '268.5', '268.52'])
  expect(one!.weak).toBeUndefined()
  expect(other).toMatchObject({ symbol: 'BRK.B', isAssumed: true })
  expect([other!.bid, other!.ask].map(String)).toEqual(['500.08', '500.13'])
  expect(String(low!.last)).toBe('0.6315')
  expect(String(market.instrument('BYND')!.tick)).toBe('0.0001')
  expect(none).toBeUndefined()
  expect(server.passes).toBe(1)
  expect(asked(server, quotePath)).toBe(1)
  expect(server.requests.find(({ path }) => path === quotePath)?.query.symbols).toBe('AAPL,BRK-B,BYND,NOSUCH')
})

test('a symbol that Yahoo does not know is not asked for again and again', async () => {
  const { server, market } = await opened()
  for (let time = 0; time < 5; time++) expect(await market.quote('NOSUCH')).toBeUndefined()
  expect(asked(server, quotePath)).toBe(1)
  expect(market.providers!()[0]).toMatchObject({ isConnected: true, faults: 0 })
})

test('a crumb that is refused is replaced once, by one for all who wait', async () => {
  const { server, market } = await opened()
  await market.quote('MSFT')
  server.forgetPasses()
  expect(await market.quote('AAPL')).toBeDefined()
  expect(server.passes).toBe(2)
  expect(market.providers!()[0]).toMatchObject({ isConnected: true, isAuthenticated: true, faults: 0 })
})

test.each([401, 403])(
  'a new crumb that is refused, too, is an outage (%i), and Yahoo is left alone for a minute',
  async (status) => {
    const { server, market, on } = await opened()
    server.instead('quote', { ...invalidCrumb, status }, { ...invalidCrumb, status })
    expect(await market.quote('AAPL')).toBeUndefined()
    expect(market.providers!()[0]).toMatchObject({ isConnected: false, isAuthenticated: false, faults: 1 })
    expect(faultOf(market)).toBe(`Yahoo refused a new crumb (${status})`)
    const before = server.requests.length
    expect(await market.quote('AAPL')).toBeUndefined()
    expect(server.requests.length).toBe(before)
    expect(on.logged.join()).not.toMatch(/cr\/mb|A3=/)
  },
)

test.each([
  ['an error in words with 200', { body: 'Too Many Requests\r\n' }],
  ['an empty one', { body: '' }],
  ['a page', { body: '<html><body>Will be right back</body></html>' }],
  ['a 429', tooMany],
])('%s is no crumb', async (_, answer) => {
  const { server, market } = await opened()
  server.instead('crumb', answer as never)
  expect(await market.quote('AAPL')).toBeUndefined()
  expect(asked(server, quotePath)).toBe(0)
  expect(faultOf(market)).toMatch(/^Yahoo gave no crumb/)
})

test.each([
  ['429', tooMany, /too many requests/],
  ['502', { status: 502, body: '<html>Bad Gateway</html>' }, /answered with 502/],
  ['a page with 200', { body: '<html>hello</html>' }, /something else/],
  ['half of the JSON', { body: '{"quoteResponse":{"result":[{"symbol":"AAPL"' }, /something else/],
  ['a broken line', 'drop', /cannot be reached/],
  ['silence', 'never', /did not answer within/],
])('%s is a fault: the price before is kept and ages, and Yahoo is heard again later', async (_, answer, words) => {
  const { server, market, on } = await opened()
  const judged = inPreference([market], on)
  const first = await judged.quote('AAPL')
  expect(first?.stale).toBeUndefined()
  const at = on.clock.now()
  server.breakDown(answer as never)
  on.clock.advance(20_000)
  await vi.waitFor(async () => {
    expect(await judged.quote('AAPL')).toMatchObject({ at, stale: 'the quote is 20 s old (limit 15 s)' })
    expect(market.providers!()[0]).toMatchObject({ isConnected: false })
  }, 6000)
  expect(faultOf(market)).toMatch(words)
  server.heal()
  await vi.waitFor(async () => expect((await judged.quote('AAPL'))?.stale).toBeUndefined(), 6000)
  expect(market.providers!()[0]).toMatchObject({ isConnected: true })
})

test('Retry-After is obeyed: until then nothing is asked', async () => {
  const { server, market } = await opened()
  server.breakDown({ ...tooMany, headers: { 'retry-after': '3600' } })
  await market.quote('AAPL')
  const before = server.requests.length
  server.heal()
  for (let time = 0; time < 3; time++) await market.quote('AAPL')
  expect(server.requests.length).toBe(before)
})

test.each<[string, Record<string, unknown>, { ageMs: number; weak?: string }]>([
  ['in time', {}, { ageMs: 0 }],
  ['late by its own word', { exchangeDataDelayedBy: 15 }, { ageMs: 900_000, weak: "Yahoo's price is 15 min late" }],
  ['called late', { quoteSourceName: 'Delayed Quote' }, { ageMs: 900_000, weak: "Yahoo's price is 15 min late" }],
  [
    'silent about it',
    { exchangeDataDelayedBy: undefined },
    { ageMs: 900_000, weak: 'Yahoo does not say how late its price is' },
  ],
  [
    'not traded for long',
    { regularMarketTime: seconds('2026-11-20T14:45:00Z') },
    { ageMs: 0, weak: 'Yahoo has seen no trade for 15 min; trading may be halted' },
  ],
  [
    'without a time',
    { regularMarketTime: undefined },
    { ageMs: 0, weak: 'Yahoo does not say when its price was traded' },
  ],
  ['closed', { marketState: 'POST' }, { ageMs: 2000 }],
])('a price that is %s says how old it is, and whether it moves money alone', async (_, fields, { ageMs, weak }) => {
  const { server, market, on } = await opened()
  server.symbols.set('AAPL', { quote: { ...aapl, ...fields } })
  const quote = await market.quote('AAPL')
  expect(on.clock.now().getTime() - quote!.at.getTime()).toBe(ageMs)
  expect(quote!.weak).toBe(weak)
})

test('outside of sessions a price is as old as its last trade, whatever Yahoo calls the hour', async () => {
  const { market } = await opened('2026-11-21T15:00:00Z')
  expect((await market.quote('AAPL'))?.at).toEqual(new Date('2026-11-20T14:59:58Z'))
})

test.each([
  ['no price', { regularMarketPrice: null }],
  ['a price of zero', { regularMarketPrice: 0 }],
  ['a price below zero', { regularMarketPrice: -3 }],
  ['another currency', { currency: 'GBp' }],
  ['no currency', { currency: undefined }],
])('a quote with %s is none', async (_, fields) => {
  const { server, market } = await opened()
  server.symbols.set('AAPL', { quote: { ...aapl, ...fields } })
  expect(await market.quote('AAPL')).toBeUndefined()
})

test.each([
  ['crossed', 268.6, 268.4],
  ['far away', 200, 300],
  ['zero', 0, 0],
  ['absent', undefined, undefined],
])('bid and ask that are %s are assumed around the last price', async (_, bid, ask) => {
  const { server, market } = await opened()
  server.symbols.set('AAPL', { quote: { ...aapl, bid, ask } })
  const quote = await market.quote('AAPL')
  expect(quote).toMatchObject({ isAssumed: true })
  expect(quote!.bid.lte(quote!.last) && quote!.ask.gte(quote!.last)).toBe(true)
})

test('a symbol that nobody knew is looked up, and other processes know it, too', async () => {
  const { server, market, open } = await opened()
  server.symbols.set('NEWCO', { quote: { ...aapl, longName: 'New Company', regularMarketPrice: 3 } })
  const other = await open()
  expect(market.instrument('NEWCO')).toBeUndefined()
  expect(await market.lookUp!('newco')).toMatchObject({ symbol: 'NEWCO', name: 'New Company' })
  expect(market.instrument('NEWCO')).toBeDefined()
  expect(await market.lookUp!('NOSUCH')).toBeUndefined()
  expect(await market.lookUp!('no such')).toBeUndefined()
  await vi.waitFor(() => expect(other.instrument('NEWCO')?.name).toBe('New Company'), 5000)
  expect((await open()).instrument('NEWCO')?.name).toBe('New Company')
})

test('symbols that somebody needs are polled, and their quotes pushed', async () => {
  const { server, market } = await opened()
  const pushed: Quote[] = []
  const stop = market.subscribe((quote) => pushed.push(quote))
  market.watch!(new Set(['AAPL']))
  await vi.waitFor(() => expect(pushed.map(({ symbol }) => symbol)).toContain('AAPL'), 8000)
  stop()
  expect(server.requests.findLast(({ path }) => path === quotePath)?.query.symbols).toBe('AAPL')
})

/** Bars of a minute from a moment on. */
const minutesFrom = (time: string, count: number): [number, number, number, number, number, number][] =>
  Array.from({ length: count }, (_, index) => [seconds(time) + index * 60, 10, 11, 9, 10.5, 100 + index])

test('bars of a minute are the finished ones: no gaps, no bar under way, no last trade beside them', async () => {
  const { server, market } = await opened()
  const rows = minutesFrom('2026-11-20T14:30:00Z', 31) as [number, ...(number | null)[]][]
  rows[3] = [rows[3]![0], null, null, null, null, null]
  rows.push([seconds('2026-11-20T14:59:58Z'), 10, 10, 10, 10, 0])
  server.symbols.set('AAPL', { quote: aapl, charts: { '1m': { rows } } })
  const bars = await market.bars('AAPL', 1, 60)
  expect(bars.map(({ at }) => at.toISOString().slice(11, 16))).toEqual([
    '14:30',
    '14:31',
    '14:32',
    ...Array.from({ length: 25 }, (_, index) => `14:${34 + index}`),
  ])
  // It is 15:00:00: the bar of 14:59 has ended this moment, and may still change.
  expect(bars.at(-1)!.at.toISOString()).toContain('14:58')
  expect(await market.bars('AAPL', 1, 5)).toEqual(bars.slice(-5))
})

test('bars of a day are the sessions that are over, in prices that splits adjust and dividends do not', async () => {
  const { server, market, on } = await opened()
  const day = (date: string, close: number): [number, ...number[]] => [
    seconds(`${date}T14:30:00Z`),
    close,
    close,
    close,
    close,
    5000,
  ]
  const rows = [day('2026-11-18', 100.12999725341797), day('2026-11-19', 101), day('2026-11-20', 102)]
  server.symbols.set('AAPL', { quote: aapl, charts: { '1d': { rows } } })
  const closes = async () => (await market.bars('AAPL', 1440, 10)).map(({ close }) => String(close))
  expect(await closes()).toEqual(['100.13', '101'])
  on.clock.set(new Date('2026-11-20T21:05:00Z'))
  expect(await closes()).toEqual(['100.13', '101'])
  on.clock.set(new Date('2026-11-20T21:11:00Z'))
  expect(await closes()).toEqual(['100.13', '101', '102'])
  expect((await market.bars('AAPL', 1440, 1))[0]!.at).toEqual(nyse.sessionOf('2026-11-20')!.open)
})

test('more bars of a minute than one answer holds are asked for in parts, and none beyond what Yahoo keeps', async () => {
  const { server, market } = await opened()
  const rows = ['2026-11-06', '2026-11-13', '2026-11-19'].flatMap((day) => minutesFrom(`${day}T14:30:00Z`, 390))
  server.symbols.set('AAPL', { quote: aapl, charts: { '1m': { rows } } })
  expect(await market.bars('AAPL', 1, 12_000)).toHaveLength(3 * 390)
  const charts = server.requests.filter(({ path }) => path.includes('chart'))
  expect(charts.length).toBeGreaterThan(3)
  expect(market.providers!()[0]).toMatchObject({ faults: 0 })
})

test.each([
  ['no bars of this length', 7],
  ['nothing for a symbol that is gone', 5],
])('%s: none, and no fault', async (_, minutes) => {
  const { market } = await opened()
  await market.quote('MSFT')
  expect(await market.bars('MSFT', minutes, 10)).toEqual([])
  expect(market.providers!()[0]).toMatchObject({ faults: 0 })
})

test('bars before a split that Yahoo has not applied yet are left out, and others stay', () => {
  const day = (date: string, price: number): [number, ...number[]] => [
    seconds(`${date}T14:30:00Z`),
    price,
    price,
    price,
    price,
    1,
  ]
  const chart = (before: number) => {
    const rows = [day('2026-11-17', before), day('2026-11-18', before), day('2026-11-19', 25)]
    const column = (index: number) => rows.map((row) => row[index])
    return {
      meta: { currency: 'USD' },
      timestamp: column(0),
      events: { splits: { 1: { date: seconds('2026-11-19T14:30:00Z'), numerator: 4, denominator: 1 } } },
      indicators: {
        quote: [{ open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) }],
      },
    }
  }
  const now = new Date('2026-11-20T15:00:00Z')
  const read = (before: number) => barsIn(chart(before), { minutes: 1440, calendar: nyse, now, delayMs: 0 })
  expect(read(25.5)).toHaveLength(3)
  expect(read(101)).toHaveLength(1)
})

test('a bar that was finished stays as it is, whatever is fetched later', () => {
  const start = new Date('2026-11-20T14:30:00Z').getTime()
  const price = fc.option(fc.integer({ min: 1, max: 5000 }), { nil: null, freq: 8 })
  fc.assert(
    fc.property(
      fc.array(price, { minLength: 1, maxLength: 60 }),
      fc.nat(3600),
      fc.nat(3600),
      (prices, first, second) => {
        /** The chart as it is at a moment: the bar under way has only a part of its trades. */
        const chartAt = (now: number) => {
          const begun = prices.filter((_, index) => start + index * 60_000 <= now)
          const at = (index: number) => (start + index * 60_000) / 1000
          const isUnderWay = (index: number) => start + (index + 1) * 60_000 > now
          const column = begun.map((one, index) => (one === null ? null : isUnderWay(index) ? one + 1 : one))
          return {
            timestamp: [...begun.map((_, index) => at(index)), now / 1000 + 0.5],
            indicators: { quote: [{ open: column, high: column, low: column, close: column, volume: column }] },
          }
        }
        const read = (after: number): Bar[] => {
          const now = new Date(start + after * 1000)
          return barsIn(chartAt(now.getTime()), { minutes: 1, calendar: nyse, now, delayMs: 0 })!
        }
        const [early, late] = [read(Math.min(first, second)), read(Math.max(first, second))]
        expect(late.slice(0, early.length)).toEqual(early)
        expect(new Set(late.map(({ at }) => at.getTime())).size).toBe(late.length)
      },
    ),
  )
})

test('a price that went through a single-precision float is the decimal that it was', () => {
  const cents = fc.integer({ min: 1, max: 999_999 })
  fc.assert(
    fc.property(cents, fc.constantFrom(2, 4), (count, decimals) => {
      const price = new Big(count).div(10 ** decimals)
      expect(meantBy(Math.fround(price.toNumber())).toFixed()).toBe(price.toFixed())
      expect(meantBy(price.toNumber()).toFixed()).toBe(price.toFixed())
    }),
  )
})
