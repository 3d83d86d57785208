import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { createReplayMarket, type ReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import { readSeries } from '../../src/market/feeds/replay/replay-csv.ts'
import type { Quote } from '../../src/market/market.ts'
import fc from '../support/fast-check.ts'
import { handClock } from './hand-clock.ts'

const head = 'time,open,high,low,close,volume\n'
const begin = new Date('2026-11-20T15:00:00Z')
const minute = 60_000

let folder: string
let market: ReplayMarket | undefined
let logged: { fields: Record<string, unknown>; message: string }[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'replay-'))
  logged = []
  market = undefined
})
afterEach(async () => {
  await market?.close()
  rmSync(folder, { recursive: true })
})

const log = {
  info: (fields: object, message: string) => void logged.push({ fields: { ...fields }, message }),
  warn: (fields: object, message: string) => void logged.push({ fields: { ...fields }, message }),
}

/** One row a minute from 10:00; a number is the minute, and `undefined` prices are left out. */
function minutes(rows: [at: number, open: number, high: number, low: number, close: number, volume: number][]): string {
  return (
    head +
    rows.map(([at, ...rest]) => `2006-01-02T10:${String(at).padStart(2, '0')}:00+01:00,${rest.join(',')}\n`).join('')
  )
}

async function replaying(files: Record<string, string>, clock: Clock = handClock(begin), anchor = begin) {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, `${name}.csv`), content)
  market = await createReplayMarket({ folder, clock, anchor, log })
  return market
}

const lastOf = async (symbol: string) => (await market!.quote(symbol))?.last.toNumber()

describe('a replay', () => {
  test('walks each bar from open over its extremes, the nearer first, to close', async () => {
    const clock = handClock(begin)
    await replaying(
      {
        A: minutes([
          [0, 10, 15, 9, 14, 100],
          [1, 14, 14.5, 8, 9, 100],
        ]),
      },
      clock,
    )
    const walked: (number | undefined)[] = []
    for (let quarter = 0; quarter < 8; quarter++) {
      clock.set(begin.getTime() + quarter * 15_000)
      walked.push(await lastOf('a'))
    }
    expect(walked).toEqual([10, 9, 15, 14, 14, 14.5, 8, 9])
  })

  test('shows the path within a bar so far, and none in a gap or after the end', async () => {
    const clock = handClock(begin)
    await replaying(
      {
        A: minutes([[0, 10, 15, 9, 14, 100]]),
        B: minutes([
          [0, 1, 1, 1, 1, 1],
          [1, 1, 1, 1, 1, 1],
        ]),
      },
      clock,
    )
    const wayAt = async (quarter: number) => {
      clock.set(begin.getTime() + quarter * 15_000)
      const way = (await market!.quote('A'))!.path
      return way?.map(({ at, price }) => `${price} since ${(at.getTime() - begin.getTime()) / 1000} s`)
    }
    expect(await wayAt(0)).toEqual(['10 since 0 s'])
    expect(await wayAt(2.5)).toEqual(['10 since 0 s', '9 since 15 s', '15 since 30 s'])
    expect(await wayAt(3)).toEqual(['10 since 0 s', '9 since 15 s', '15 since 30 s', '14 since 45 s'])
    expect(await wayAt(4)).toBeUndefined()
    expect(await wayAt(8)).toBeUndefined()
  })

  test('assumes a spread of a basis point and at least a cent', async () => {
    await replaying({
      FESX: `${minutes([[0, 3602, 3603, 3597, 3599, 5]])}2006-01-02T10:01:00+01:00,3600,3600,3600,3600,1\n`,
      KO: minutes([[0, 40, 41, 39, 40, 5]]),
      PENNY: minutes([[0, 0.5, 0.51, 0.4999, 0.5, 5]]),
    })
    const quoted = async (symbol: string) => {
      const { bid, ask, last } = (await market!.quote(symbol))!
      return `${bid} ${last} ${ask}`
    }
    expect(await quoted('FESX')).toBe('3601.82 3602 3602.18')
    expect(await quoted('KO')).toBe('40 40 40.01')
    expect(await quoted('PENNY')).toBe('0.5 0.5 0.5001')
    expect(market!.instrument('PENNY')!.tick.toFixed()).toBe('0.0001')
  })

  test('skips the night: the timeline consists of the bars of all files, one after the other', async () => {
    const clock = handClock(begin)
    await replaying(
      {
        A: `${minutes([
          [0, 1, 1, 1, 1, 1],
          [1, 2, 2, 2, 2, 1],
        ])}2006-01-05T10:00:00+01:00,3,3,3,3,1\n`,
      },
      clock,
    )
    clock.advance(2 * minute)
    expect(await lastOf('A')).toBe(3)
    expect(market!.replayEndsAt).toEqual(new Date(begin.getTime() + 3 * minute))
  })

  test('has no price before the first bar of a symbol, and lets the last one age in a gap', async () => {
    const clock = handClock(begin)
    await replaying(
      {
        A: minutes([
          [0, 1, 1, 1, 1, 1],
          [1, 1, 1, 1, 1, 1],
          [2, 1, 1, 1, 1, 1],
          [3, 1, 1, 1, 1, 1],
        ]),
        B: minutes([
          [1, 5, 6, 5, 6, 1],
          [3, 7, 7, 7, 7, 1],
        ]),
      },
      clock,
    )
    expect(await market!.quote('B')).toBeUndefined()
    clock.advance(2.5 * minute)
    expect(await lastOf('B')).toBe(6)
    expect((await market!.quote('B'))!.at).toEqual(new Date(begin.getTime() + 2 * minute))
    expect((await market!.quote('A'))!.at).toEqual(clock.now())
    clock.advance(minute / 2)
    expect((await market!.quote('B'))!.at).toEqual(clock.now())
  })

  test('continues from its anchor, and at a scale of 60 a minute takes a second', async () => {
    const rows = minutes([
      [0, 1, 1, 1, 1, 1],
      [1, 2, 2, 2, 2, 1],
      [2, 3, 3, 3, 3, 1],
    ])
    await replaying({ A: rows }, handClock(begin.getTime() + 1_000, 60))
    expect(await lastOf('A')).toBe(2)
    expect(market!.replayEndsAt).toEqual(new Date(begin.getTime() + 3_000))
    expect((await market!.bars('A', 1, 9)).map((bar) => bar.at)).toEqual([begin])
  })

  test('ends with the last price, stale', async () => {
    const clock = handClock(begin.getTime() + 2 * minute)
    await replaying(
      {
        A: minutes([
          [0, 1, 1, 1, 1, 1],
          [1, 2, 2, 2, 2, 1],
        ]),
      },
      clock,
    )
    expect(await market!.quote('A')).toMatchObject({ stale: 'the replay has ended', at: market!.replayEndsAt })
    expect(await lastOf('A')).toBe(2)
  })

  test('begins now without an anchor, and waits at the first bar when the anchor is in the future', async () => {
    const clock = handClock(begin)
    writeFileSync(
      path.join(folder, 'A.csv'),
      minutes([
        [0, 1, 1, 1, 1, 1],
        [1, 2, 2, 2, 2, 1],
      ]),
    )
    market = await createReplayMarket({ folder, clock })
    expect(market.replayEndsAt).toEqual(new Date(begin.getTime() + 2 * minute))
    await market.close()
    market = await createReplayMarket({ folder, clock, anchor: new Date(begin.getTime() + minute) })
    expect(await lastOf('A')).toBe(1)
  })

  test('answers with finished bars up to now, never with the future', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => [at, 10 + at, 20 + at, 5 + at, 11 + at, 100] as const)
    const content = minutes(rows.map((row) => [...row]))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 35 * minute }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 10 }),
        async (elapsed, length, count) => {
          const clock = handClock(begin.getTime() + elapsed)
          writeFileSync(path.join(folder, 'A.csv'), content)
          const replay = await createReplayMarket({ folder, clock, anchor: begin })
          const bars = await replay.bars('A', length, count)
          const finished = Math.floor(Math.min(30, Math.floor(elapsed / minute)) / length)
          expect(bars).toHaveLength(Math.min(count, finished))
          for (const [index, bar] of bars.entries()) {
            const first = (finished - bars.length + index) * length
            expect(bar.at.getTime()).toBe(begin.getTime() + first * minute)
            expect(bar.at.getTime() + length * minute).toBeLessThanOrEqual(clock.now().getTime())
            expect(Number(bar.open)).toBe(10 + first)
            expect(Number(bar.close)).toBe(10 + first + length)
            expect(Number(bar.high)).toBe(20 + first + length - 1)
            expect(Number(bar.low)).toBe(5 + first)
            expect(Number(bar.volume)).toBe(100 * length)
          }
        },
      ),
    )
    expect(await (await replaying({})).bars('A', 1, 0)).toEqual([])
  })

  test('has no bars shorter than those of the data', async () => {
    const rows = 'date,open,high,low,close,volume\n2020-01-02,1,1,1,1,5\n2020-01-03,1,1,1,1,5\n'
    await replaying({ A: rows }, handClock(begin.getTime() + 86_400_000))
    expect(await market!.bars('A', 1, 5)).toEqual([])
    expect(await market!.bars('A', 1440, 5)).toHaveLength(1)
  })

  test('announces every step of every bar, and the end', async () => {
    const rows = minutes([
      [0, 10, 15, 9, 14, 1],
      [1, 14, 16, 13, 15, 1],
    ])
    const clock = systemClock(60)
    await replaying({ A: rows, B: minutes([[0, 1, 1, 1, 1, 1]]) }, clock, new Date())
    const heard: Quote[] = []
    market!.subscribe((quote) => heard.push(quote))
    await vi.waitFor(() => expect(heard.filter(({ symbol }) => symbol === 'A').at(-1)!.stale).toBeDefined(), 10_000)
    const told = heard.filter(({ symbol }) => symbol === 'A').map((quote) => Number(quote.last))
    expect(told).toEqual([10, 9, 15, 14, 14, 13, 16, 15, 15])
    expect(heard.filter(({ symbol }) => symbol === 'B')).toHaveLength(5)
  })

  test('leaves bad rows out, logs them, and plays the others', async () => {
    await replaying({
      a: `${minutes([
        [0, 10, 11, 9, 10, 5],
        [1, 10, 9, 9, 10, 5],
        [2, 10, 11, 10.5, 10, 5],
        [3, 10, 11, 9, 10, 0],
        [4, -1, 11, 9, 10, 5],
      ])}gibberish\n2006-01-02T10:06:00,1,1,1,1,1\n2006-01-02T10:00:00+01:00,1,1,1,1,1\n\n2006-01-02T10:07:00+01:00,,2,1,1,1\n`,
      B: minutes([
        [5, 1, 1, 1, 1, 1],
        [6, 1, 1, 1, 1, 1],
      ]),
    })
    expect(market!.instruments().map(({ symbol }) => symbol)).toEqual(['B', 'A'])
    const warning = logged.find(({ message }) => message === 'replay: 8 of 9 rows left out')
    expect(warning!.fields.first).toEqual([
      'line 3: high is below open or close',
      'line 4: low is above open or close',
      'line 5: zero volume',
    ])
  })

  test('leaves files out that have no bars or no symbol for a name', async () => {
    await replaying({
      A: minutes([
        [0, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1],
      ]),
      B: 'x,y\n',
      'not a symbol': head,
      E: '',
    })
    expect(market!.instruments()).toHaveLength(1)
    expect(logged.filter(({ message }) => message.startsWith('replay: left out'))).toHaveLength(3)
  })

  test('reads any text without harm: it gives a fault, or ordered bars with consistent high and low', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9,.\-T:Z\n"]*$/)), (text) => {
        const series = readSeries(`${head}2006-01-02T10:00:00Z,1,2,1,2,5\n${text}`)
        expect(series.times[0]).toBe(Date.parse('2006-01-02T10:00:00Z'))
        for (const [row, time] of series.times.entries()) {
          if (row > 0) expect(time).toBeGreaterThan(series.times[row - 1]!)
          expect(series.high[row]).toBeGreaterThanOrEqual(series.low[row]!)
        }
      }),
    )
  })
})

const shared = path.resolve(import.meta.dirname, '../../../shared/data')
const missing = existsSync(shared) ? '' : ` (skipped: ${shared} is missing)`

describe.skipIf(missing)(`a replay of real bars${missing}`, () => {
  test('plays 240 stocks of daily bars', async () => {
    const clock = handClock(begin)
    market = await createReplayMarket({ folder: path.join(shared, 'daily'), clock, anchor: begin, log })
    expect(market.instruments().length).toBeGreaterThan(240)
    expect(logged.at(-1)).toMatchObject({ message: 'replay: the recording is read', fields: { minutes: 1440 } })
    expect(logged.some(({ fields }) => String(fields.file).endsWith('BHF.csv') && Number(fields.rows) > 600)).toBe(true)

    clock.set(market.replayEndsAt.getTime() - 1)
    for (const { symbol, tick } of market.instruments()) {
      const { bid, ask, last } = (await market.quote(symbol))!
      expect(bid.gt(0) && bid.lt(ask) && bid.lte(last) && last.lte(ask), symbol).toBe(true)
      for (const price of [bid, ask, last]) expect(price.mod(tick).eq(0), symbol).toBe(true)
      for (const bar of await market.bars(symbol, 1440, 20)) {
        expect(bar.high.gte(bar.open) && bar.high.gte(bar.close), symbol).toBe(true)
        expect(bar.low.lte(bar.open) && bar.low.lte(bar.close), symbol).toBe(true)
      }
    }
  })

  test('plays the minutes of FESX as they are in the file', async () => {
    const lines = readFileSync(path.join(shared, 'minute/FESX.csv'), 'utf8').trim().split('\n').slice(1)
    const clock = handClock(begin, 60)
    market = await createReplayMarket({ folder: path.join(shared, 'minute'), clock, anchor: begin, log })
    expect(market.replayEndsAt.getTime()).toBe(begin.getTime() + lines.length * 1_000)
    for (const slot of [0, 1, 777, 9_999, lines.length - 1]) {
      const [, open, high, low, close, volume] = lines[slot]!.split(',').map(Number)
      clock.set(begin.getTime() + slot * 1_000)
      expect(await lastOf('FESX')).toBe(open)
      clock.advance(999)
      expect(await lastOf('FESX')).toBe(close)
      clock.advance(1)
      const bar = (await market.bars('FESX', 1, 1))[0]!
      expect([bar.open, bar.high, bar.low, bar.close, bar.volume].map(Number)).toEqual([open, high, low, close, volume])
    }
  })
})
