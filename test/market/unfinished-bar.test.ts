import { expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import type { Bar, Quote } from '../../src/market/market.ts'
import { unfinishedBar } from '../../src/market/unfinished-bar.ts'
import { handClock } from './hand-clock.ts'

const minute = 60_000
const open = Date.parse('2026-11-20T14:30:00Z')
/** A price that rises by a cent a minute, from $1.00 at the open; a hundred units a minute. */
const priceAt = (minutes: number) => new Big(1).plus(new Big(minutes).times('0.01'))
const barAt = (minutes: number, length: number): Bar => ({
  at: new Date(open + minutes * minute),
  open: priceAt(minutes),
  high: priceAt(minutes + length),
  low: priceAt(minutes),
  close: priceAt(minutes + length),
  volume: new Big(100 * length),
})

/** The market so many minutes after the open: finished bars of each length, and a quote. */
function market(now: number, quote: Partial<Quote> = {}) {
  const last = priceAt(now)
  return {
    bars: async (_: string, minutes: number, count: number) => {
      const finished = Math.floor(now / minutes)
      return Array.from({ length: finished }, (_, index) => barAt(index * minutes, minutes)).slice(-count)
    },
    quote: async () => ({ symbol: 'X', bid: last, ask: last, last, at: new Date(), source: 'hand', ...quote }),
  }
}
const clockAt = (now: number) => handClock(open + now * minute)
const shown = (bar: Bar | undefined) =>
  bar && [
    (bar.at.getTime() - open) / minute,
    ...[bar.open, bar.high, bar.low, bar.close, bar.volume].map((one) => one.toFixed()),
  ]

test('the bar under way is the finished minutes since the last bar, and the last price', async () => {
  const seen = await unfinishedBar(market(18.5), clockAt(18.5), 'X', 5, barAt(10, 5))
  expect(shown(seen)).toEqual([15, '1.15', '1.185', '1.15', '1.185', '300'])
})

test.each([
  [60, 130.5, 60, [120, '2.2', '2.305', '2.2', '2.305', '1000']],
  [7, 20, 7, [14, '1.14', '1.2', '1.14', '1.2', '600']],
  [1, 18.5, 17, [18, '1.185', '1.185', '1.185', '1.185', '0']],
] as const)('a bar of %d minutes is made of shorter ones', async (minutes, now, last, bar) => {
  expect(shown(await unfinishedBar(market(now), clockAt(now), 'X', minutes, barAt(last, minutes)))).toEqual(bar)
})

test('a stale price is no part of it', async () => {
  const stale = market(18.5, { stale: 'the quote is 60 s old' })
  expect(shown(await unfinishedBar(stale, clockAt(18.5), 'X', 5, barAt(10, 5)))).toEqual([
    ...[15, '1.15', '1.18', '1.15', '1.18', '300'],
  ])
  const begun = market(15.5, { stale: 'the quote is 60 s old' })
  expect(await unfinishedBar(begun, clockAt(15.5), 'X', 5, barAt(10, 5))).toBeUndefined()
})

test('there is none while nothing trades', async () => {
  // An hour after the last bar of the day.
  expect(await unfinishedBar(market(10), clockAt(70), 'X', 5, barAt(5, 5))).toBeUndefined()
})

test('the prices of a recorded bar so far belong to it', async () => {
  const path = [12, 15, 16].map((at, index) => ({ at: new Date(open + at * minute), price: new Big(9 - index) }))
  const replay = { ...market(16), bars: async () => [] }
  const quote = async () => ({ ...(await market(16).quote()), path })
  expect(shown(await unfinishedBar({ ...replay, quote }, clockAt(16), 'X', 5, barAt(10, 5)))).toEqual([
    ...[15, '8', '8', '1.16', '1.16', '0'],
  ])
})
