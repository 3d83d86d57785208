import Big from 'big.js'
import { expect, test } from 'vitest'
import { exchangeZone, momentOn } from '../../../src/base/zone.ts'
import { meantBy } from '../../../src/market/feeds/shared/prices.ts'
import fc from '../../support/fast-check.ts'
import { grounds } from './opened.ts'
import { aapl, openedYahoo, seconds } from './opened-yahoo.ts'

const ground = grounds()
const opened = async (now?: string) => openedYahoo(await ground(now))

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
  expect((await market.bars('AAPL', 1440, 1))[0]!.at).toEqual(momentOn('2026-11-20', '00:00', exchangeZone))
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

const day = (date: string, price: number): [number, ...number[]] => [
  seconds(`${date}T14:30:00Z`),
  ...[price, price, price, price, 1],
]
const split = { 1: { date: seconds('2026-11-19T14:30:00Z'), numerator: 4, denominator: 1 } }

test('bars before a split that Yahoo has not applied yet are a fault, and no bars in two kinds of shares', async () => {
  const { server, market } = await opened()
  const rows = (before: number) => [day('2026-11-17', before), day('2026-11-18', before), day('2026-11-19', 25)]
  const serve = (before: number) =>
    server.symbols.set('AAPL', { quote: aapl, charts: { '1d': { rows: rows(before), splits: split } } })
  serve(101)
  await expect(market.bars('AAPL', 1440, 10)).rejects.toThrow('Yahoo has not applied the split of AAPL')
  serve(25.25)
  expect(await market.bars('AAPL', 1440, 10)).toHaveLength(3)
})

test('after a split the kept bars are fetched anew, all of them in new shares', async () => {
  const { server, market, on } = await opened('2026-11-18T23:00:00Z')
  server.symbols.set('AAPL', {
    quote: aapl,
    charts: { '1d': { rows: [day('2026-11-17', 100), day('2026-11-18', 102)] } },
  })
  const closes = async () => (await market.bars('AAPL', 1440, 10)).map(({ close }) => String(close))
  expect(await closes()).toEqual(['100', '102'])
  const rows = [day('2026-11-17', 25), day('2026-11-18', 25.5), day('2026-11-19', 26)]
  server.symbols.set('AAPL', { quote: aapl, charts: { '1d': { rows, splits: split } } })
  on.clock.set(new Date('2026-11-19T23:00:00Z'))
  expect(await closes()).toEqual(['25', '25.5', '26'])
})

test('history is fetched once, also by another process, and is there while Yahoo is away', async () => {
  const { server, market, open, on } = await opened()
  server.symbols.set('AAPL', { quote: aapl, charts: { '1m': { rows: minutesFrom('2026-11-20T14:30:00Z', 120) } } })
  const bars = await market.bars('AAPL', 1, 20)
  const charts = () => server.requests.filter(({ path }) => path.includes('chart')).length
  const before = charts()
  const other = await open()
  expect(await other.bars('AAPL', 1, 20)).toEqual(bars)
  expect(charts()).toBe(before)
  on.clock.advance(600_000)
  server.breakDown({ status: 502, body: 'no' })
  expect(await other.bars('AAPL', 1, 20)).toEqual(bars)
  server.heal()
  await expect.poll(async () => (await other.bars('AAPL', 1, 20)).length).toBe(20)
  const later = await market.bars('AAPL', 1, 200)
  expect(later.filter(({ at }) => at <= bars.at(-1)!.at).slice(-bars.length)).toEqual(bars)
  expect(new Set(later.map(({ at }) => at.getTime())).size).toBe(later.length)
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

test('the room for bars of a day is that of the requests of the minute, and kept bars need none', async () => {
  const { server, market } = await opened()
  const names = Array.from({ length: 70 }, (_, index) => `S${String.fromCharCode(65 + (index % 26))}${index}`)
  const before = await market.barsRoom!(['AAPL', ...names])
  expect(before.missing).toHaveLength(71)
  // A pass and a call for quotes are set aside of the sixty.
  expect(before.fits).toBe(57)
  server.symbols.set('AAPL', {
    quote: aapl,
    charts: { '1d': { rows: [[seconds('2026-11-19T14:30:00Z'), 10, 11, 9, 10.5, 100]] } },
  })
  expect(await market.bars('AAPL', 1440, 1)).toHaveLength(1)
  expect((await market.barsRoom!(['AAPL', 'SA0'])).missing).toEqual(['SA0'])
})
