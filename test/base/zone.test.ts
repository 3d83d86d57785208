import { expect, test } from 'vitest'
import {
  dayIn,
  momentOf,
  momentOn,
  timeText,
  wallClock,
  whenText,
  zoneLetters,
  zoneNamed,
} from '../../src/base/zone.ts'
import fc from '../support/fast-check.ts'

const [newYork, berlin] = ['America/New_York', 'Europe/Berlin']
const at = (iso: string) => new Date(iso)

test('a moment converted to a wall clock and back is the same moment, to the minute', () => {
  const zones = fc.constantFrom(newYork, berlin, 'Asia/Tokyo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC')
  const minutes = fc.integer({ min: Date.UTC(2013, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 })
  fc.assert(
    fc.property(zones, minutes, (zone, minute) => {
      const moment = new Date(minute * 60_000)
      const again = momentOf(wallClock(moment, zone), zone)
      // A time that occurs twice means the first of the two.
      expect(wallClock(again, zone)).toEqual(wallClock(moment, zone))
      expect(moment.getTime() - again.getTime()).toBeOneOf([0, 30 * 60_000, 60 * 60_000])
    }),
  )
})

test('in the hour that occurs twice the first one counts, and a time in the skipped hour is an hour later', () => {
  expect(momentOn('2026-11-01', '01:30', newYork)).toEqual(at('2026-11-01T05:30:00Z'))
  expect(momentOn('2026-03-08', '02:30', newYork)).toEqual(at('2026-03-08T07:30:00Z'))
})

test("a day begins at midnight in the person's zone", () => {
  expect(dayIn(at('2026-11-21T03:00:00Z'), newYork)).toBe('2026-11-20')
  expect(dayIn(at('2026-11-20T23:00:00Z'), berlin)).toBe('2026-11-21')
})

test('times have the abbreviation of their zone', () => {
  expect(timeText(at('2026-07-20T19:00:00Z'), newYork)).toBe('3:00 PM EDT')
  expect(timeText(at('2026-11-20T20:55:00Z'), newYork)).toBe('3:55 PM EST')
  expect(timeText(at('2026-11-20T20:55:07Z'), newYork)).toBe('3:55:07 PM EST')
  expect(timeText(at('2026-11-20T20:55:00Z'), berlin)).toBe('9:55 PM CET')
  expect(zoneLetters(at('2026-11-20T20:55:00Z'), 'Asia/Tokyo')).toMatch(/^(JST|GMT\+9)$/)
  expect(zoneLetters(at('2026-11-20T20:55:00Z'), 'UTC')).toBe('UTC')
})

test('another day is named', () => {
  const now = at('2026-11-20T15:00:00Z')
  expect(whenText(at('2026-11-20T20:00:00Z'), now, newYork)).toBe('3:00 PM EST')
  expect(whenText(at('2026-11-23T20:00:00Z'), now, newYork)).toBe('Mon Nov 23, 3:00 PM EST')
})

test('a zone is known in any letter case, and other names are refused', () => {
  expect(zoneNamed('europe/berlin')).toBe(berlin)
  expect(zoneNamed('Europe/Berln')).toBeUndefined()
  expect(zoneNamed('+02:00')).toBeUndefined()
  expect(zoneNamed('')).toBeUndefined()
})
