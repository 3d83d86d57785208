import { expect, onTestFinished, test } from 'vitest'
import { exchangeZone, momentOn } from '../../../src/base/zone.ts'
import { nyse } from '../../../src/market/calendar.ts'
import { openAlphaVantage } from '../../../src/market/feeds/alphavantage/alphavantage.ts'
import type { Market } from '../../../src/market/market.ts'
import { inPreference } from '../../../src/market/preference.ts'
import { marketBars } from '../../../src/strategies/engine/bars/market-bars.ts'
import { refuseOverBudget } from '../../../src/strategies/runs/within-budget.ts'
import {
  type AlphaVantageServer,
  startAlphaVantageServer,
  tooFast,
  tooFastOnce,
  usedUp,
} from '../../platforms/alphavantage-server.ts'
import { type Ground, grounds } from './opened.ts'

const ground = grounds()
const key = 'K7DEMOKEY42'

interface Opened {
  on: Ground
  server: AlphaVantageServer
  market: Market
  open(withKey?: string): Promise<Market>
}

type Row = [string, string, string, string, string, string]
const flat = (stamp: string, price: string): Row => [stamp, price, price, price, price, '1000']

/** The feed on a server that knows IBM. */
async function opened(now?: string): Promise<Opened> {
  const on = await ground(now)
  const server = await startAlphaVantageServer(key)
  server.symbols.set('IBM', {
    price: '210.5000',
    tradingDay: '2026-11-19',
    daily: [flat('2026-11-18', '208.00'), flat('2026-11-19', '210.50'), flat('2026-11-20', '211.00')],
  })
  onTestFinished(() => server.close())
  const open = async (withKey = key) => {
    const market = await openAlphaVantage(
      { ...on, spacingMs: 0, timeoutMs: 1000, budget: { source: 'alphavantage', perDay: 25, perMinute: 1000 } },
      { alphavantage: { api: server.url, key: withKey } },
    )
    onTestFinished(() => market.close())
    return market
  }
  return { on, server, open, market: await open() }
}

const statusOf = (market: Market) => market.providers!()[0]!
const closesOf = async (market: Market, count = 10, symbol = 'IBM', minutes = 1440) =>
  (await market.bars(symbol, minutes, count)).map(({ close }) => String(close))

test('a price has only a day, so it is never fresh and moves no money alone', async () => {
  const { market, on } = await opened()
  const quote = await market.quote('ibm')
  expect(quote).toMatchObject({ symbol: 'IBM', source: 'alphavantage', isAssumed: true })
  expect(String(quote!.last)).toBe('210.5')
  expect(quote!.at).toEqual(nyse.sessionOf('2026-11-19')!.close)
  expect(quote!.weak).toBe('Alpha Vantage does not say when its price was traded')
  expect((await inPreference([market], on).quote('IBM'))?.stale).toMatch(/^the quote is 18 h old/)
})

test('a price of today counts as a quarter of an hour old while the session lasts', async () => {
  const { market, server, on } = await opened()
  server.symbols.set('IBM', { price: '211.00', tradingDay: '2026-11-20' })
  expect((await market.quote('IBM'))!.at.getTime()).toBe(on.clock.now().getTime() - 900_000)
})

test('nothing is asked for twice, however often somebody wants it', async () => {
  const { market, server } = await opened()
  await Promise.all(Array.from({ length: 20 }, () => market.quote('IBM')))
  for (let time = 0; time < 20; time++) await market.quote('IBM')
  for (let time = 0; time < 20; time++) await market.quote('NOSUCH')
  expect(server.requests).toHaveLength(2)
  expect(await market.quote('BTC-USD')).toBeUndefined()
  expect(server.requests).toHaveLength(2)
})

test('the budget of the day is counted by all processes together, over restarts, and its last ten are for bars', async () => {
  const { market, server, open, on } = await opened()
  const other = await open()
  const symbols = Array.from({ length: 20 }, (_, index) => `S${'ABCDEFGHIJKLMNOPQRST'[index]}`)
  await Promise.all(symbols.map((symbol, index) => (index % 2 ? market : other).quote(symbol)))
  // Who asks for a price does not wait for long, so requests may still go out.
  await expect.poll(() => server.requests.length).toBe(15)
  expect(statusOf(await open()).budget).toEqual({ left: 10, of: 25, perMs: 86_400_000 })
  expect(await closesOf(market)).toEqual(['208', '210.5'])
  expect(server.requests).toHaveLength(17)
  expect(statusOf(market)).toMatchObject({ isConnected: true, budget: { left: 8 } })
  on.clock.advance(86_400_001)
  expect(await (await open()).quote('IBM')).toBeDefined()
})

test('a run of more symbols than the requests are enough for is refused before it starts, with the number that fits', async () => {
  const { market, server, on } = await opened()
  const symbols = ['IBM', 'AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH']
  for (const symbol of symbols) {
    server.symbols.set(symbol, { ...server.symbols.get('IBM')! })
    await market.quote(symbol)
  }
  server.symbols.set('SPY', { ...server.symbols.get('IBM')! })
  const source = marketBars(market)
  // Sixteen of the day's requests are left, each symbol takes two, and so does the look for the last day.
  const refused = await refuseOverBudget(source, symbols)
  expect(refused?.code).toBe('OVER_REQUEST_BUDGET')
  expect(refused?.text).toContain('Bars of 9 symbols would have to be asked for')
  expect(refused?.text).toContain('are enough for 7 now. Nothing was started.\n💡 Screen at most 7 of them now')
  expect(await refuseOverBudget(source, symbols.slice(0, 7))).toBeUndefined()
  // The last day takes the requests of one symbol, not of all. Kept bars take none.
  await source.lastDay()
  expect(server.requests).toHaveLength(11)
  await source.lastDay()
  expect(server.requests).toHaveLength(11)
  await market.bars('IBM', 1440, 1)
  expect((await source.room!(symbols)).missing).toEqual(symbols.slice(1))
  // As a list in order of preference has it, where each source is short of requests.
  const listed = inPreference([market], on)
  expect((await listed.barsRoom!(symbols)).fits).toBe(6)
})

test('without requests left the bars are refused in words, and no request goes out', async () => {
  const { market, server, on } = await opened()
  await on.db
    .insertInto('source_requests')
    .values(Array.from({ length: 25 }, () => ({ source: 'alphavantage', at: on.clock.now() })))
    .execute()
  await expect(market.bars('IBM', 1440, 10)).rejects.toThrow("Alpha Vantage's 25 requests a day are used up")
  expect(server.requests).toHaveLength(0)
})

test('its own word that the day is used up is believed by all processes for an hour, and its text shows no key', async () => {
  const { market, server, open, on } = await opened()
  server.instead(usedUp(key))
  expect(await market.quote('IBM')).toBeUndefined()
  expect(statusOf(market)).toMatchObject({ isConnected: false, faults: 1, budget: { left: 0 } })
  expect(statusOf(market).lastFault?.words).toMatch(/^Alpha Vantage: We have detected your API key as … and/)
  expect(on.logged.join()).not.toContain(key)
  const other = await open()
  await expect(other.bars('IBM', 1440, 10)).rejects.toThrow('asked again later')
  expect(server.requests).toHaveLength(1)
  on.clock.advance(3_600_001)
  expect(await closesOf(other)).toEqual(['208', '210.5'])
})

test.each([
  ['Information', tooFast],
  ['Note', tooFastOnce],
])('its word in %s that requests come too fast is believed for a minute', async (_, answer) => {
  const { market, server, on } = await opened()
  server.instead(answer)
  await expect(market.bars('IBM', 1440, 10)).rejects.toThrow('Alpha Vantage:')
  await expect(market.bars('IBM', 1440, 10)).rejects.toThrow('asked again later')
  expect(server.requests).toHaveLength(1)
  on.clock.advance(60_001)
  expect(await closesOf(market)).toEqual(['208', '210.5'])
  expect(statusOf(market)).toMatchObject({ isConnected: true })
})

test('a wrong key is told as such', async () => {
  const { open } = await opened()
  const market = await open('WRONGKEY')
  expect(await market.quote('IBM')).toBeUndefined()
  expect(statusOf(market)).toMatchObject({ isConnected: false, isAuthenticated: false })
  expect(statusOf(market).lastFault?.words).toMatch(/refused the key/)
})

test.each([
  ['a page', { body: '<html>maintenance</html>' }, /no JSON/],
  ['a list', { body: [] }, /something else/],
  ['a 503', { status: 503, body: 'busy' }, /answered with 503/],
  ['a broken line', 'drop', /cannot be reached/],
  ['silence', 'never', /did not answer within/],
])('%s is a fault', async (_, answer, words) => {
  const { market, server } = await opened()
  server.instead(answer as never)
  await expect(market.bars('IBM', 1440, 10)).rejects.toThrow(words)
  expect(statusOf(market)).toMatchObject({ isConnected: false, faults: 1 })
})

test('days are put into the shares of today by the splits since, and a split to come changes nothing', async () => {
  const { market, server } = await opened()
  server.symbols.get('IBM')!.daily = [
    flat('2026-11-17', '400.10'),
    flat('2026-11-18', '100.00'),
    flat('2026-11-19', '101.00'),
  ]
  server.symbols.get('IBM')!.splits = [
    { effective_date: '2026-11-18', split_factor: '4.0000' },
    { effective_date: '2026-12-01', split_factor: '2.0000' },
  ]
  const bars = await market.bars('IBM', 1440, 10)
  expect(bars.map(({ close, volume }) => `${close} ${volume}`)).toEqual(['100.025 4000', '100 1000', '101 1000'])
  expect(bars.map(({ at }) => at)).toEqual(
    ['2026-11-17', '2026-11-18', '2026-11-19'].map((day) => momentOn(day, '00:00', exchangeZone)),
  )
})

test('without readable splits bars are refused: nobody could tell in which shares they are', async () => {
  const { market, server } = await opened()
  server.symbols.get('IBM')!.splits = [{ effective_date: 'soon', split_factor: '4.0000' }]
  await expect(closesOf(market)).rejects.toThrow('splits of IBM cannot be read')
})

test('a session counts when it is over and settled; holidays and half bars are left out', async () => {
  const { market, server, on } = await opened()
  server.symbols.get('IBM')!.daily!.push(flat('2026-11-21', '1'), ['2026-11-17', '5', '4', '6', '5', '1'])
  server.perDay = 100
  expect(await closesOf(market)).toEqual(['208', '210.5'])
  on.clock.set(new Date('2026-11-20T21:16:00Z'))
  expect(await closesOf(market)).toEqual(['208', '210.5', '211'])
})

test('minutes are in the exchange’s time, of the session alone', async () => {
  const { market, server } = await opened()
  const stamps = ['09:25', '09:30', '09:55', '10:00'].map((time) => flat(`2026-11-20 ${time}:00`, '210'))
  server.symbols.get('IBM')!.intraday = { '5min': stamps }
  const bars = await market.bars('IBM', 5, 100)
  expect(bars.map(({ at }) => at.toISOString())).toEqual(['2026-11-20T14:30:00.000Z'])
  expect(server.requests.at(-1)!.query).toMatchObject({ adjusted: 'false', extended_hours: 'false', interval: '5min' })
})

test('a function of paid plans is asked for once, and the long answer gives way to the short one', async () => {
  const { market, server } = await opened()
  server.premium.add('TIME_SERIES_INTRADAY').add('TIME_SERIES_DAILY full')
  expect(await closesOf(market, 50, 'IBM', 5)).toEqual([])
  expect(await closesOf(market, 50, 'IBM', 1)).toEqual([])
  const before = server.requests.length
  expect(before).toBe(2)
  expect(await closesOf(market, 300)).toEqual(['208', '210.5'])
  expect(await closesOf(market, 300)).toEqual(['208', '210.5'])
  expect(server.requests.slice(before).map(({ query }) => query.outputsize)).toEqual(['full', 'compact'])
  expect(statusOf(market)).toMatchObject({ isConnected: true, faults: 0 })
})

test('a symbol is looked up by its price', async () => {
  const { market, server } = await opened()
  server.symbols.set('NEWCO', { price: '0.5100', tradingDay: '2026-11-19' })
  expect(market.instrument('NEWCO')).toBeUndefined()
  expect(await market.lookUp!('newco')).toMatchObject({ symbol: 'NEWCO' })
  expect(String(market.instrument('NEWCO')!.tick)).toBe('0.0001')
  expect(await market.lookUp!('NOSUCH')).toBeUndefined()
})
