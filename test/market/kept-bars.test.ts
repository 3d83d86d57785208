import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { createLog } from '../../src/base/log.ts'
import { dayAfter, dayIn, exchangeZone, momentOn } from '../../src/base/zone.ts'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { BarSource } from '../../src/market/bars/bar-source.ts'
import { keptBars } from '../../src/market/bars/kept-bars.ts'
import { calendarOf } from '../../src/market/calendar.ts'
import type { Bar } from '../../src/market/market.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import fc from '../support/fast-check.ts'
import { handClock } from './hand-clock.ts'

let fresh: FreshDatabase
let db: ReturnType<typeof connectDatabase>
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, createLog({ level: 'silent' }), 6)
})
afterAll(async () => {
  await db.destroy()
  await fresh.drop()
})
beforeEach(() => db.deleteFrom('bar_series').execute())

const minuteMs = 60_000
const listed = new Date('2026-06-01T04:00:00Z')

/**
 * A provider whose bars follow from their time, with early and late trading, and with holes: bars that no trade made, and rows
 * without sense. A split halves all earlier prices once the clock has passed it.
 */
function provider(options: { clock: { now(): Date }; splitAt?: Date; holes?: number; tellsSplits?: boolean }) {
  const { clock, splitAt, holes = 0 } = options
  const asked: { symbol: string; minutes: number; from: Date; to: Date }[] = []
  let fault: Error | undefined

  function barAt(at: Date, minutes: number): Bar | undefined {
    const slot = at.getTime() / minuteMs
    if (holes > 0 && slot % holes === 0) return undefined
    const isHalved = splitAt !== undefined && clock.now() >= splitAt && at < splitAt
    const price = new Big(100 + (slot % 17)).div(isHalved ? 2 : 1)
    // A bar that is under way has other prices than it will have in the end.
    const day = calendarOf('BYND').sessionOf(dayIn(at, exchangeZone))
    const end = minutes < 1440 ? at.getTime() + minutes * minuteMs : (day?.close.getTime() ?? 0)
    const isOver = end <= clock.now().getTime()
    const close = isOver ? price : price.plus(5)
    return { at, open: price, high: price.plus(6), low: price.minus(6), close, volume: new Big(slot % 1000) }
  }

  const source: BarSource = {
    name: 'walk',
    adjustment: 'split',
    lengths: [1, 5, 15, 30, 1440],
    settleMs: () => 10_000,
    earliest: () => listed,
    async fetch(symbol, minutes, from, to) {
      asked.push({ symbol, minutes, from, to })
      await Promise.resolve()
      if (fault) throw fault
      const bars: Bar[] = []
      for (const at of minutes < 1440 ? slots(minutes, from, to) : days(from, to)) {
        if (at < from || at >= to || at < listed || at > clock.now()) continue
        const bar = barAt(at, minutes)
        if (bar) bars.push(bar)
      }
      // Rows without sense, and one that comes twice.
      const nonsense = bars[0] && { ...bars[0], at: new Date(bars[0].at.getTime() + 1), low: new Big(0) }
      return [...bars, ...(nonsense ? [nonsense] : []), ...bars.slice(0, 1)]
    },
    ...(options.tellsSplits && { rescaled: async () => (splitAt ? [splitAt] : []) }),
  }
  return { source, asked, fail: (cause?: Error) => (fault = cause) }
}

function* slots(minutes: number, from: Date, to: Date): Generator<Date> {
  const step = minutes * minuteMs
  for (let at = Math.ceil(from.getTime() / step) * step; at < to.getTime(); at += step) yield new Date(at)
}

/** Also weekends and holidays, on which nothing is traded. */
function* days(from: Date, to: Date): Generator<Date> {
  for (let day = dayIn(from, exchangeZone); day <= dayIn(to, exchangeZone); day = dayAfter(day, 1)) {
    yield momentOn(day, '00:00', exchangeZone)
  }
}

const closes = (bars: Bar[]) => bars.map(({ at, close }) => `${at.toISOString()} ${close}`)

describe('history', () => {
  const clock = handClock('2026-11-18T16:00:00Z') // Wednesday, 11:00 in New York

  test('of trades outside of sessions alone is told apart from none', async () => {
    const { source } = provider({ clock })
    const early: BarSource = {
      ...source,
      fetch: async (...asked) => (await source.fetch(...asked)).filter(({ at }) => at.getUTCHours() < 14),
    }
    const none: BarSource = { ...source, name: 'none', fetch: async () => [] }
    for (const [of, isOutside] of [
      [early, true],
      [none, false],
    ] as const) {
      const bars = keptBars(db, { ...of, name: `outside ${isOutside}` }, { clock })
      expect(await bars('BYND', 5, 10)).toEqual([])
      expect(bars.isOutside('bynd')).toBe(isOutside)
    }
  })

  test('is fetched once, also by another process and after a restart', async () => {
    const { source, asked } = provider({ clock })
    const first = await keptBars(db, source, { clock })('BYND', 5, 100)
    expect(first).toHaveLength(100)
    expect(asked).toHaveLength(1)
    const again = await keptBars(db, source, { clock })('bynd', 5, 100)
    expect(closes(again)).toEqual(closes(first))
    expect(asked).toHaveLength(1)
  })

  test('is fetched once when many ask at the same time', async () => {
    const { source, asked } = provider({ clock })
    const bars = keptBars(db, source, { clock })
    const all = await Promise.all(Array.from({ length: 20 }, () => bars('BYND', 5, 100)))
    expect(asked).toHaveLength(1)
    expect(new Set(all.map((one) => closes(one).join())).size).toBe(1)
  })

  test('is the same when two processes fetch it at the same time', async () => {
    const { source } = provider({ clock })
    const [one, other] = await Promise.all([
      keptBars(db, source, { clock })('BYND', 5, 100),
      keptBars(db, source, { clock })('BYND', 5, 200),
    ])
    expect(closes(other).slice(-100)).toEqual(closes(one))
    expect(new Set(closes(other)).size).toBe(200)
  })

  test('only new bars are fetched later, with one kept bar beside them', async () => {
    const moving = handClock('2026-11-18T16:00:00Z')
    const { source, asked } = provider({ clock: moving })
    const bars = keptBars(db, source, { clock: moving })
    await bars('BYND', 5, 100)
    moving.advance(10 * minuteMs)
    const later = await bars('BYND', 5, 100)
    expect(later.at(-1)!.at.toISOString()).toBe('2026-11-18T16:00:00.000Z')
    expect(asked.at(-1)).toMatchObject({
      from: new Date('2026-11-18T15:50:00Z'),
      to: new Date('2026-11-18T16:05:00Z'),
    })
    moving.set(Date.parse('2026-11-18T22:00:00Z'))
    await bars('BYND', 5, 100)
    const { length } = asked
    moving.set(Date.parse('2026-11-19T14:00:00Z'))
    await bars('BYND', 5, 100)
    expect(asked).toHaveLength(length) // nothing can have been finished over night
  })
})

describe('only finished bars of the session are there', () => {
  const clock = handClock('2026-11-18T16:00:05Z')
  const { source } = provider({ clock })

  test('a bar that ended a moment ago may still change, and waits', async () => {
    const before = await keptBars(db, source, { clock })('BYND', 1, 3)
    expect(before.map(({ at }) => at.toISOString().slice(11, 16))).toEqual(['15:56', '15:57', '15:58'])
  })

  test('nothing of early and late trading, and nothing without sense', async () => {
    const bars = await keptBars(db, source, { clock })('BYND', 30, 40)
    const calendar = calendarOf('BYND')
    expect(bars).toHaveLength(40)
    for (const bar of bars) {
      expect(calendar.sessionAt(bar.at)).toBeDefined()
      expect(bar.low.gt(0)).toBe(true)
    }
  })

  test('hours are counted from the opening; the last of a session is half an hour', async () => {
    const bars = await keptBars(db, source, { clock })('BYND', 60, 8)
    expect(bars.map(({ at }) => at.toISOString().slice(5, 16))).toEqual([
      '11-17T14:30',
      '11-17T15:30',
      '11-17T16:30',
      '11-17T17:30',
      '11-17T18:30',
      '11-17T19:30',
      '11-17T20:30',
      '11-18T14:30',
    ])
    const halves = await keptBars(db, source, { clock })('BYND', 30, 3)
    expect(bars.at(-1)!.volume.toFixed()).toBe(halves[1]!.volume.plus(halves[2]!.volume).toFixed())
  })

  test('a day is finished when its session is, and weeks with their last session', async () => {
    const days = await keptBars(db, source, { clock })('BYND', 1440, 3)
    expect(days.map(({ at }) => dayIn(at, exchangeZone))).toEqual(['2026-11-13', '2026-11-16', '2026-11-17'])
    const weeks = await keptBars(db, source, { clock })('BYND', 7 * 1440, 2)
    expect(weeks.map(({ at }) => dayIn(at, exchangeZone))).toEqual(['2026-11-02', '2026-11-09'])
  })

  test('a length that is no multiple of a minute does not exist', async () => {
    await expect(keptBars(db, source, { clock })('BYND', 1.5, 3)).rejects.toThrow(RangeError)
  })
})

describe('a split', () => {
  const splitAt = new Date('2026-11-19T09:00:00Z')

  test.each([true, false])('changes the scale of all bars at once (told: %s)', async (tellsSplits) => {
    const clock = handClock('2026-11-18T22:00:00Z')
    const { source } = provider({ clock, splitAt, tellsSplits })
    const bars = keptBars(db, source, { clock })
    const before = await bars('BYND', 30, 26)
    clock.set(Date.parse('2026-11-19T16:00:00Z'))
    const after = await bars('BYND', 30, 26)
    const fresh = await source.fetch('BYND', 30, new Date('2026-11-17T14:30:00Z'), clock.now())
    const byTime = new Map(fresh.map((bar) => [bar.at.getTime(), bar.close.toFixed()]))
    for (const bar of after) expect(bar.close.toFixed()).toBe(byTime.get(bar.at.getTime()))
    const same = after.find(({ at }) => at.getTime() === before.at(-1)!.at.getTime())!
    expect(same.close.toFixed()).toBe(before.at(-1)!.close.div(2).toFixed())
  })

  test('a provider that changes the scale a day late is asked again when the split is told', async () => {
    const clock = handClock('2026-11-18T22:00:00Z')
    const late = new Date('2026-11-20T09:00:00Z')
    const { source } = provider({ clock, splitAt: late, tellsSplits: true })
    const bars = keptBars(db, source, { clock })
    await bars('BYND', 30, 26)
    clock.set(Date.parse('2026-11-19T16:00:00Z'))
    const between = await bars('BYND', 30, 5)
    clock.set(Date.parse('2026-11-20T14:35:00Z'))
    const after = await bars('BYND', 30, 26)
    const same = after.find(({ at }) => at.getTime() === between[0]!.at.getTime())!
    expect(same.close.toFixed()).toBe(between[0]!.close.div(2).toFixed())
  })
})

describe('a provider that does not answer', () => {
  test('leaves the bars that are kept', async () => {
    const clock = handClock('2026-11-18T16:00:00Z')
    const { source, fail } = provider({ clock })
    const bars = keptBars(db, source, { clock })
    const before = await bars('BYND', 5, 10)
    fail(new Error('502'))
    clock.advance(30 * minuteMs)
    expect(closes(await bars('BYND', 5, 10))).toEqual(closes(before))
    await expect(bars('AMD', 5, 10)).rejects.toThrow('502')
    fail()
    expect((await bars('BYND', 5, 10)).at(-1)!.at.toISOString()).toBe('2026-11-18T16:20:00.000Z')
  })
})

test('a symbol that was listed lately has fewer bars, and is not asked for again and again', async () => {
  const clock = handClock('2026-06-03T16:00:00Z')
  const { source, asked } = provider({ clock })
  const bars = keptBars(db, source, { clock })
  expect(await bars('NEW', 1440, 260)).toHaveLength(2)
  const { length } = asked
  expect(await bars('NEW', 1440, 260)).toHaveLength(2)
  expect(asked).toHaveLength(length)
})

test('a bar never changes when later ones are fetched, none comes twice, and all are those of the provider', async () => {
  const step = fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 40 * minuteMs }), fc.integer({ min: 0, max: 30 * 60 * minuteMs })),
    minutes: fc.constantFrom(1, 5, 15, 30, 60, 1440),
    count: fc.integer({ min: 1, max: 60 }),
    isFailing: fc.boolean(),
    process: fc.nat({ max: 1 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), fc.constantFrom(0, 3, 7), async (steps, holes) => {
      await db.deleteFrom('bar_series').execute()
      const clock = handClock('2026-11-24T15:00:00Z') // Thanksgiving and a half day follow
      const { source, fail } = provider({ clock, holes })
      const processes = [keptBars(db, source, { clock }), keptBars(db, source, { clock })]
      const seen = new Map<string, string>()
      for (const { afterMs, minutes, count, isFailing, process } of steps) {
        clock.advance(afterMs)
        fail(isFailing ? new Error('away') : undefined)
        const bars = await processes[process]!('BYND', minutes, count).catch(() => [])
        const times = bars.map(({ at }) => at.getTime())
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
        for (const bar of bars) {
          const key = `${minutes} ${bar.at.toISOString()}`
          const text = [bar.open, bar.high, bar.low, bar.close, bar.volume].join()
          expect(seen.get(key) ?? text).toBe(text)
          seen.set(key, text)
          // A bar that was taken while it was under way would have closed five dollars above its open.
          if (minutes !== 60) expect(bar.close.toFixed()).toBe(bar.open.toFixed())
        }
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 15) },
  )
}, 600_000)
