import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createReplayMarket, type ReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import { parseMarkets } from '../../src/market/spec.ts'
import fc from '../support/fast-check.ts'
import { handClock } from './hand-clock.ts'

const begin = new Date('2026-11-20T15:00:00Z')
const dayMs = 24 * 60 * 60_000
let folder: string
let market: ReplayMarket | undefined
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'replay-start-'))
  market = undefined
})
afterEach(async () => {
  await market?.close()
  rmSync(folder, { recursive: true })
})

/** Bars of a number of days from a day on; each closes at the number of its day, from 1. */
function days(from: string, count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.parse(from) + index * dayMs).toISOString().slice(0, 10)
    return `${day},${[1, 1, 1, 1].map((one) => one * (index + 1)).join(',')},100\n`
  })
  return `date,open,high,low,close,volume\n${rows.join('')}`
}

async function replaying(files: Record<string, string>, from?: string, clock = handClock(begin)) {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, `${name}.csv`), content)
  market = await createReplayMarket({ folder, from, clock, anchor: begin })
  return market
}

const placeNow = () => market!.replays!()[0]!
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10)

test('begins on the day that is named, and has the bars before it as history', async () => {
  const clock = handClock(begin)
  const { bars, quote } = await replaying({ A: days('2020-01-01', 30) }, '2020-01-11', clock)
  expect((await quote('A'))?.last.toNumber()).toBe(11)
  expect((await bars('A', 1440, 100)).map(({ close }) => close.toNumber())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect((await bars('A', 1440, 2)).map(({ at }) => at)).toEqual([
    new Date(begin.getTime() - 2 * dayMs),
    new Date(begin.getTime() - dayMs),
  ])
  clock.set(new Date(begin.getTime() + 2.5 * dayMs))
  expect((await quote('A'))?.last.toNumber()).toBe(13)
  expect(placeNow()).toMatchObject({ bar: 3, bars: 20, minutes: 1440, endsAt: new Date(begin.getTime() + 20 * dayMs) })
  expect(dayOf(placeNow().at)).toBe('2020-01-13')
  expect(market!.replayEndsAt).toEqual(placeNow().endsAt)
})

test('begins on the next day with a bar when the named one has none', async () => {
  await replaying({ A: days('2020-01-01', 3), B: days('2020-02-01', 3) }, '2020-01-20')
  expect(dayOf(placeNow().at)).toBe('2020-02-01')
})

test('without a day begins when half of the files have 400 days behind them', async () => {
  await replaying({
    OLD: days('1998-01-01', 3000),
    MIDDLE: days('2002-06-01', 1500),
    YOUNG: days('2005-01-01', 500),
    BABY: days('2006-01-01', 100),
  })
  expect(dayOf(placeNow().from)).toBe('2003-07-06')
  expect((await market!.bars('MIDDLE', 1440, 1000)).length).toBe(400)
})

test('a recording of less than 400 days begins with its first bar', async () => {
  await replaying({ A: days('2020-01-01', 399) })
  expect(placeNow()).toMatchObject({ bar: 1, bars: 399 })
})

test('a day after the last bar is refused with the last day', async () => {
  await expect(replaying({ A: days('2020-01-01', 30) }, '2020-02-01')).rejects.toThrow(
    `has no bars from 2020-02-01 on; its last are of 2020-01-30`,
  )
})

test.for([
  ['replay:/bars@2016-01-04', { kind: 'replay', folder: '/bars', from: '2016-01-04' }],
  ['replay:/a@b/bars', { kind: 'replay', folder: '/a@b/bars' }],
  ['replay:/bars', { kind: 'replay', folder: '/bars' }],
] as const)('%s names its folder and its day', ([spec, parsed]) => {
  expect(parseMarkets(spec)).toEqual([parsed])
})

test.for(['2016-13-04', '2016-02-30', '2016', '20160104'])('the day %s is refused', (day) => {
  expect(() => parseMarkets(`replay:/bars@${day}`)).toThrow(`"${day}" is no day`)
})

test('wherever a replay begins, no bar of it lies ahead, and its history is whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 45 }), async (start, later) => {
      const clock = handClock(begin)
      const from = new Date(Date.parse('2020-01-01') + (start - 1) * dayMs).toISOString().slice(0, 10)
      await replaying({ A: days('2020-01-01', 40) }, from, clock)
      clock.set(new Date(begin.getTime() + later * dayMs))
      const closes = (await market!.bars('A', 1440, 100)).map(({ close }) => close.toNumber())
      expect(closes).toEqual(Array.from({ length: Math.min(40, start - 1 + later) }, (_, index) => index + 1))
      await market!.close()
    }),
    { numRuns: 30 },
  )
})
