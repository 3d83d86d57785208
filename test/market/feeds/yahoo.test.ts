import { expect, test, vi } from 'vitest'
import type { Quote } from '../../../src/market/market.ts'
import { inPreference } from '../../../src/market/preference.ts'
import { invalidCrumb, tooMany } from '../../platforms/yahoo-server.ts'
import { grounds } from './opened.ts'
import { aapl, asked, faultOf, openedYahoo, quotePath, seconds } from './opened-yahoo.ts'

const ground = grounds()
const opened = async (now?: string) => openedYahoo(await ground(now))

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
  await vi.waitFor(async () => {
    await market.quote('AAPL')
    expect(faultOf(market)).toBe('Yahoo gave no cookie (429)')
  }, 6000)
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
