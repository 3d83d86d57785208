import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { dayAfter } from '../../src/base/zone.ts'
import { aroundTheClock, calendarOf, nextSession, nyse, sessionAt, sessionOf } from '../../src/market/calendar.ts'
import fc from '../support/fast-check.ts'

/**
 * The days that the NYSE published, year by year: closed, and early closes at 13:00
 * (https://www.nyse.com/markets/hours-calendars).
 */
const published: Record<number, [closed: string, early: string]> = {
  2015: ['01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25', '11-27 12-24'],
  2016: ['01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26', '11-25'],
  2017: ['01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25', '07-03 11-24'],
  2018: ['01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25', '07-03 11-23 12-24'],
  2019: ['01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  2020: ['01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25', '11-27 12-24'],
  2021: ['01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24', '11-26'],
  2022: ['01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26', '11-25'],
  2023: ['01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
  2024: ['01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  2025: ['01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', '07-03 11-28 12-24'],
  2026: ['01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
  2027: ['01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24', '11-26'],
  2028: ['01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
}

/** Every day on which the ETF traded; recorded data that is not part of the project. */
const spy = fileURLToPath(new URL('../../../shared/data/daily/SPY.csv', import.meta.url))

function weekdaysOf(year: string): string[] {
  const days: string[] = []
  for (let day = `${year}-01-01`; day.startsWith(year); day = dayAfter(day, 1)) {
    if (![0, 6].includes(new Date(day).getUTCDay())) days.push(day)
  }
  return days
}

describe('the exchange', () => {
  test.each(Object.keys(published))('of %s is closed and closes early on the published days', (year) => {
    const [closed, early] = published[Number(year)]!
    const days = weekdaysOf(year)
    const short = (day: string) => day.slice(5)
    expect(days.filter((day) => !sessionOf(day)).map(short)).toEqual(closed.split(' '))
    expect(days.filter((day) => sessionOf(day)?.isHalfDay).map(short)).toEqual(early.split(' '))
  })

  test.skipIf(!existsSync(spy))('has a session on the days on which SPY traded, 2013 to 2020, and on no other', () => {
    const traded = readFileSync(spy, 'utf8')
      .split('\n')
      .map((line) => line.slice(0, 10))
      .filter((day) => day >= '2013' && day < '2021')
    expect(traded.length).toBeGreaterThan(2000)
    const years = ['2013', '2014', '2015', '2016', '2017', '2018', '2019', '2020']
    expect(years.flatMap(weekdaysOf).filter((day) => sessionOf(day))).toEqual(traded)
  })

  test('has no session on any weekend', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), (week) => {
        expect(sessionOf(dayAfter('2015-01-03', 7 * week))).toBeUndefined()
        expect(sessionOf(dayAfter('2015-01-04', 7 * week))).toBeUndefined()
      }),
    )
  })

  test('opens at 9:30 and closes at 16:00 New York time, summer and winter', () => {
    const hours = (day: string) => [sessionOf(day)!.open.toISOString(), sessionOf(day)!.close.toISOString()]
    expect(hours('2026-03-06')).toEqual(['2026-03-06T14:30:00.000Z', '2026-03-06T21:00:00.000Z'])
    expect(hours('2026-03-09')).toEqual(['2026-03-09T13:30:00.000Z', '2026-03-09T20:00:00.000Z'])
    expect(hours('2026-10-30')).toEqual(['2026-10-30T13:30:00.000Z', '2026-10-30T20:00:00.000Z'])
    expect(hours('2026-11-02')).toEqual(['2026-11-02T14:30:00.000Z', '2026-11-02T21:00:00.000Z'])
  })

  test('closes at 13:00 on a half day', () => {
    expect(sessionOf('2026-11-27')!.close.toISOString()).toBe('2026-11-27T18:00:00.000Z')
    expect(sessionOf('2028-07-03')!.close.toISOString()).toBe('2028-07-03T17:00:00.000Z')
  })

  test('is open from its first moment to just before its last', () => {
    const { open, close } = sessionOf('2026-11-20')!
    expect(sessionAt(new Date(open.getTime() - 1))).toBeUndefined()
    expect(sessionAt(open)?.day).toBe('2026-11-20')
    expect(sessionAt(new Date(close.getTime() - 1))?.day).toBe('2026-11-20')
    expect(sessionAt(close)).toBeUndefined()
  })

  test('opens next after weekends and holidays', () => {
    const next = (at: string) => nextSession(new Date(at)).day
    expect(next('2026-11-20T12:00:00Z')).toBe('2026-11-20')
    expect(next('2026-11-20T14:30:00Z')).toBe('2026-11-23')
    expect(next('2026-11-21T10:00:00Z')).toBe('2026-11-23')
    expect(next('2026-11-25T22:00:00Z')).toBe('2026-11-27')
    expect(next('2026-07-02T23:59:59Z')).toBe('2026-07-06')
    // Late in the evening in New York it is already the next day in UTC.
    expect(next('2026-11-24T02:00:00Z')).toBe('2026-11-24')
  })

  test('finds the last session that opened at or before a moment', () => {
    const last = (at: string) => nyse.lastSession(new Date(at)).day
    expect(last('2026-11-20T14:30:00Z')).toBe('2026-11-20')
    expect(last('2026-11-20T14:29:59Z')).toBe('2026-11-19')
    expect(last('2026-11-22T12:00:00Z')).toBe('2026-11-20')
  })

  test('gives the reason why it is closed, or closes early', () => {
    expect(nyse.reasonOf('2025-01-09')).toBe('National day of mourning for Jimmy Carter')
    expect(nyse.reasonOf('2026-11-26')).toBe('Thanksgiving')
    expect(nyse.reasonOf('2026-11-27')).toBe('the day after Thanksgiving')
    expect(nyse.reasonOf('2026-11-21')).toBe('a Saturday')
    expect(nyse.reasonOf('2026-11-20')).toBeUndefined()
  })

  test('takes a moment as its day in New York', () => {
    expect(sessionOf(new Date('2026-11-21T02:00:00Z'))?.day).toBe('2026-11-20')
    expect(sessionOf(new Date('2026-11-21T06:00:00Z'))).toBeUndefined()
  })

  test('has consecutive sessions that never overlap', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2013-01-02'), max: new Date('2040-12-31'), noInvalidDate: true }), (at) => {
        const [last, next] = [nyse.lastSession(at), nextSession(at)]
        expect(last.open <= at && at < next.open).toBe(true)
        expect(last.close < next.open).toBe(true)
        expect(nyse.lastSession(new Date(next.open.getTime() - 1))).toEqual(last)
        expect(sessionAt(at)).toEqual(at < last.close ? last : undefined)
      }),
    )
  })
})

describe('the calendar around the clock', () => {
  test('is for pairs of a coin and a currency; shares trade when the exchange is open', () => {
    expect(['BTC-USD', 'eth-usd', 'DOGE-USD', 'SOL-EUR'].map((symbol) => calendarOf(symbol).isAlwaysOpen)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(['BYND', 'BRK-B', 'T', 'SPY'].map((symbol) => calendarOf(symbol).isAlwaysOpen)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test('has a session on each day of UTC, weekends and holidays included', () => {
    const saturday = aroundTheClock.sessionAt(new Date('2026-12-26T23:59:59.999Z'))!
    expect(saturday.open.toISOString()).toBe('2026-12-26T00:00:00.000Z')
    expect(saturday.close.toISOString()).toBe('2026-12-27T00:00:00.000Z')
    expect(aroundTheClock.nextSession(saturday.open).day).toBe('2026-12-27')
    expect(aroundTheClock.lastSession(saturday.open).day).toBe('2026-12-26')
  })
})
