import Big from 'big.js'
import { expect, test } from 'vitest'
import { nyse } from '../../../src/market/calendar.ts'
import { meantBy } from '../../../src/market/feeds/shared/prices.ts'
import { barsIn } from '../../../src/market/feeds/yahoo/yahoo-bars.ts'
import type { Bar } from '../../../src/market/market.ts'
import fc from '../../support/fast-check.ts'
import { grounds } from './opened.ts'
import { aapl, openedYahoo, seconds } from './opened-yahoo.ts'

const ground = grounds()
const opened = async () => openedYahoo(await ground())

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
