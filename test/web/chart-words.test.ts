import { expect, test } from 'vitest'
import { barTimes, dayOfBar } from '../../src/web/words/bar-times.ts'
import { pointsWithin } from '../../src/web/words/day-path.ts'
import { fillMarks } from '../../src/web/words/fill-marks.ts'

const now = Date.parse('2026-11-30T21:00:00Z')

test.each(['America/New_York', 'Asia/Tokyo', 'UTC'])('a bar of a day is called by its date in %s', (zone) => {
  const times = barTimes({ minutes: 1440, zone, now })
  const stamp = times.stampOf('2026-11-30T00:00:00Z')
  expect([times.tick(stamp, true), times.full(stamp)]).toEqual(['Nov 30', 'Nov 30'])
  expect(dayOfBar('2026-12-01T00:00:00Z')).toBe('Dec 1')
})

test('a bar of a day has its own date where a day takes some minutes', () => {
  const times = barTimes({ minutes: 1440, zone: 'UTC', now }, () => '2026-11-20T00:00:00Z')
  expect(times.full(times.stampOf('2026-11-30T20:36:00Z'))).toBe('Nov 20')
})

test.each([
  ['America/New_York', '2026-11-30T05:00:00Z', 'Nov 30', '00:00'],
  ['Europe/Berlin', '2026-11-29T23:00:00Z', 'Nov 30', '00:00'],
  ['Asia/Kolkata', '2026-11-29T18:30:00Z', 'Nov 30', '00:00'],
  ['UTC', '2026-11-30T00:00:00Z', 'Nov 30', '00:00'],
])('a day of shorter bars begins at midnight in %s, with its date', (zone, midnight, date, clock) => {
  const times = barTimes({ minutes: 60, zone, now })
  const stamp = times.stampOf(midnight)
  // The chart takes this for the beginning of a day.
  expect(stamp % 86_400).toBe(0)
  expect([times.tick(stamp, true), times.tick(stamp, false)]).toEqual([date, clock])
  expect(times.full(stamp)).toBe(`${date} ${clock}`)
})

test('times rise over the end of summer time, and are those of their day', () => {
  const times = barTimes({ minutes: 60, zone: 'America/New_York', now })
  const hours = Array.from({ length: 6 }, (_, hour) => new Date(Date.UTC(2026, 10, 1, 3 + hour)).toISOString())
  const stamps = hours.map(times.stampOf)
  expect(stamps).toEqual(stamps.toSorted((one, other) => one - other))
  expect(new Set(stamps).size).toBe(6)
  expect(stamps.map((stamp) => times.tick(stamp, false))).toEqual([
    ...['23:00', '00:00', '01:00', '01:00', '02:00', '03:00'],
  ])
})

const stampOf = (at: string) => Number(at)
const fill = (side: 'buy' | 'sell', at: number, quantity: string) => ({ side, at: String(at), quantity })

test('fills of one side in one bar are one mark with their sum', () => {
  const sixty = Array.from({ length: 60 }, (_, second) => fill('sell', 300 + second, '1'))
  expect(fillMarks([...sixty, fill('buy', 310, '5.5')], [0, 300, 600], stampOf)).toEqual([
    { time: 300, side: 'sell', text: '60 in 60' },
    { time: 300, side: 'buy', text: '5.5' },
  ])
})

test('fills from before the first bar have no mark, later ones the last bar', () => {
  expect(fillMarks([fill('buy', 99, '1'), fill('buy', 900, '1000')], [100, 400], stampOf)).toEqual([
    { time: 400, side: 'buy', text: '1,000' },
  ])
})

test('words of neighbours do not stand on each other; every mark stays', () => {
  const times = Array.from({ length: 12 }, (_, index) => index)
  const marks = fillMarks(
    times.flatMap((time) => [fill('buy', time, '500'), fill('sell', time, '300')]),
    times,
    stampOf,
  )
  expect(marks).toHaveLength(24)
  expect(marks.filter(({ side, text }) => side === 'buy' && text).map(({ time }) => time)).toEqual([0, 5, 10])
  expect(marks.filter(({ side, text }) => side === 'sell' && text).map(({ time }) => time)).toEqual([0, 5, 10])
})

test('a part of the day has a line from its beginning to the present, however short it is', () => {
  const closes = [0, 300, 600, 900].map((at) => ({ at, price: at + 1 }))
  const now = { at: 1000, price: 5 }
  expect(pointsWithin(closes, 500, 1000, now)).toEqual([{ at: 500, price: 301 }, ...[closes[2], closes[3], now]])
  expect(pointsWithin(closes, 950, 1000, now)).toEqual([{ at: 950, price: 901 }, now])
  // An earlier part ends with what was then.
  expect(pointsWithin(closes, 100, 400, now)).toEqual([{ at: 100, price: 1 }, closes[1]])
  expect(pointsWithin([], 0, 100)).toEqual([])
})
