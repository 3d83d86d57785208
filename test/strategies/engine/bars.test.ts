import { describe, expect, onTestFinished, test } from 'vitest'
import { createReplayMarket } from '../../../src/market/feeds/replay/replay.ts'
import { createSimMarket } from '../../../src/market/feeds/sim/sim.ts'
import type { Market } from '../../../src/market/market.ts'
import { NoBars } from '../../../src/strategies/engine/bar-source.ts'
import { dayOfHalf, dayOfNumber, numberOfDay } from '../../../src/strategies/engine/bars/days.ts'
import { folderBars } from '../../../src/strategies/engine/bars/folder-bars.ts'
import { marketBars } from '../../../src/strategies/engine/bars/market-bars.ts'
import { packBars, unpackBars } from '../../../src/strategies/engine/bars/packed.ts'
import { handClock } from '../../market/hand-clock.ts'
import fc from '../../support/fast-check.ts'
import { madeBars, madeFolder, sessionsFrom } from '../made-bars.ts'
import { missing, recordedSymbols } from '../recorded.ts'

const begin = new Date('2026-11-20T15:00:00Z')
const barMs = 24 * 60 * 60_000
const days = sessionsFrom('2015-01-02', 600)

/** A market that counts its questions. */
function counted(market: Market) {
  const asked: { symbol: string; count: number }[] = []
  const bars: Market['bars'] = (symbol, minutes, count) => {
    asked.push({ symbol, count })
    return market.bars(symbol, minutes, count)
  }
  return { asked, market: { ...market, bars } }
}

async function replayed(folder: string, from: string) {
  const clock = handClock(begin)
  const market = await createReplayMarket({ folder, from, clock, anchor: begin })
  onTestFinished(() => market.close())
  return { clock, ...counted(market) }
}

test('packed bars are the same when they are unpacked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }), { maxLength: 6 }),
      (lengths) => {
        const all = lengths.map((length, at) =>
          length === undefined ? undefined : madeBars(days.slice(at, at + length), at),
        )
        expect(unpackBars(packBars(all))).toEqual(all)
      },
    ),
  )
})

test('days and their numbers fit', () => {
  fc.assert(
    fc.property(fc.integer({ min: -20_000, max: 60_000 }), (number) => {
      expect(numberOfDay(dayOfNumber(number))).toBe(number)
    }),
  )
  expect(numberOfDay('1970-01-02')).toBe(1)
  expect(dayOfHalf(['2020-01-03', '2020-01-01', '2020-01-03', '2020-01-03'])).toBe('2020-01-03')
  expect(dayOfHalf([])).toBeUndefined()
})

test('a replay and its folder have the same bars, on every day of it', async () => {
  const folder = madeFolder({
    A: madeBars(days, 1),
    B: madeBars(days.slice(0, 400), 2),
    C: madeBars(days.slice(300), 3),
  })
  const fromFolder = await folderBars(folder)
  const { clock, market } = await replayed(folder, days[350]!)
  const fromMarket = marketBars(market)
  expect(fromMarket.symbols()).toEqual(fromFolder.symbols())
  expect(fromMarket.name).toBe(fromFolder.name)
  for (const later of [1, 2, 60, 249]) {
    clock.set(begin.getTime() + later * barMs)
    const day = await fromMarket.lastDay()
    expect(day).toBe(days[349 + later])
    for (const symbol of ['A', 'B', 'C']) {
      for (const count of [1, 260, 5000]) {
        const bars = await fromMarket.daily(symbol, count, day)
        expect(bars).toEqual(await fromFolder.daily(symbol, count, day))
        expect(bars!.days.every((one) => one <= day)).toBe(true)
      }
    }
    expect(await fromMarket.daily('NONE', 5, day)).toBeUndefined()
  }
})

test('an earlier day has the bars that it had then, however much later they are asked for', async () => {
  const folder = madeFolder({ A: madeBars(days, 1), B: madeBars(days, 2) })
  const { clock, market } = await replayed(folder, days[300]!)
  clock.set(begin.getTime() + 10 * barMs)
  const then = await marketBars(market).daily('A', 260, days[309]!)
  clock.set(begin.getTime() + 250 * barMs)
  expect(await marketBars(market).daily('A', 260, days[309]!)).toEqual(then)
  expect(then!.days.at(-1)).toBe(days[309])
  expect(then!.days.length).toBe(260)
})

test('finished days are read once', async () => {
  const folder = madeFolder({ A: madeBars(days, 1), B: madeBars(days, 2) })
  const { clock, asked, market } = await replayed(folder, days[400]!)
  const source = marketBars(market)
  clock.set(begin.getTime() + 5 * barMs)
  const day = await source.lastDay()
  const first = await source.daily('A', 260, day)
  asked.length = 0
  expect(await source.daily('A', 260, day)).toEqual(first)
  expect(await source.daily('A', 100, days[380]!)).toMatchObject({ days: days.slice(281, 381) })
  expect(asked).toEqual([])
  clock.set(begin.getTime() + 6 * barMs)
  const next = await source.lastDay()
  expect((await source.daily('A', 260, next))!.days.at(-1)).toBe(next)
  expect(next > day).toBe(true)
})

test('no more bars are kept than fit, and those that are used stay', async () => {
  const folder = madeFolder({ A: madeBars(days, 1), B: madeBars(days, 2), C: madeBars(days, 3) })
  const { asked, market } = await replayed(folder, days[400]!)
  const source = marketBars(market, { most: 600 })
  const day = await source.lastDay()
  for (const symbol of ['A', 'B', 'A', 'C']) await source.daily(symbol, 250, day)
  asked.length = 0
  await source.daily('A', 250, day)
  expect(asked).toEqual([])
  await source.daily('B', 250, day)
  expect(asked.map(({ symbol }) => symbol)).toEqual(['B'])
})

test('the last day is that of half of the symbols, when others went on or stopped', async () => {
  const folder = madeFolder({
    ...{ A: madeBars(days.slice(0, 500), 1), B: madeBars(days.slice(0, 500), 2) },
    ...{ OLD: madeBars(days.slice(0, 100), 3), SPY: madeBars(days, 4) },
  })
  expect(await (await folderBars(folder)).lastDay()).toBe(days[499])
})

test('the days of the simulated market are those of UTC', async () => {
  const market = createSimMarket({ seed: 'days', clock: handClock(new Date('2026-11-20T15:00:00Z')) })
  onTestFinished(() => market.close())
  const source = marketBars({ ...market, instruments: () => market.instruments().slice(0, 1) })
  const day = await source.lastDay()
  expect(day).toBe('2026-11-19')
  const [symbol] = source.symbols()
  expect((await source.daily(symbol!, 3, day))!.days).toEqual(['2026-11-17', '2026-11-18', '2026-11-19'])
})

test('a market without daily bars says so', async () => {
  const market = createSimMarket({ seed: 'none', clock: handClock(begin) })
  onTestFinished(() => market.close())
  const source = marketBars({ ...market, name: 'quotes:prices.csv', bars: async () => [] })
  await expect(source.lastDay()).rejects.toThrow(NoBars)
  await expect(source.lastDay()).rejects.toThrow('The market quotes:prices.csv has no daily bars')
})

describe.skipIf(missing)(`recorded bars${missing}`, () => {
  const folder = recordedSymbols(12)

  test('are the same in the market and in the folder', async () => {
    const { clock, market } = await replayed(folder, '2016-01-04')
    clock.set(begin.getTime() + 100 * barMs)
    const [fromMarket, fromFolder] = [marketBars(market), await folderBars(folder)]
    const day = await fromMarket.lastDay()
    for (const symbol of fromFolder.symbols()) {
      expect(await fromMarket.daily(symbol, 260, day)).toEqual(await fromFolder.daily(symbol, 260, day))
    }
  })
})
