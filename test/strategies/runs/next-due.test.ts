import { expect, test } from 'vitest'
import { dayIn } from '../../../src/base/zone.ts'
import { sessionOf } from '../../../src/market/calendar.ts'
import { type DueTimes, nextDue, type ScheduleDays } from '../../../src/strategies/runs/schedules/next-due.ts'
import fc from '../../support/fast-check.ts'

const newYork = 'America/New_York'

const table: [why: string, days: ScheduleDays, time: string, zone: string, after: string, due: string][] = [
  ['later on the same day', 'weekdays', '16:15', newYork, '2026-11-30T15:00:00Z', '2026-11-30T21:15:00Z'],
  ['not twice at the same moment', 'weekdays', '16:15', newYork, '2026-11-30T21:15:00Z', '2026-12-01T21:15:00Z'],
  ['over a weekend', 'weekdays', '16:15', newYork, '2026-12-04T22:00:00Z', '2026-12-07T21:15:00Z'],
  ['over Thanksgiving', 'weekdays', '16:15', newYork, '2026-11-25T22:00:00Z', '2026-11-27T21:15:00Z'],
  [
    'over Christmas and the weekend after it',
    'weekdays',
    '09:00',
    newYork,
    '2026-12-24T15:00:00Z',
    '2026-12-28T14:00:00Z',
  ],
  ['a named day', 'friday', '16:15', newYork, '2026-11-30T15:00:00Z', '2026-12-04T21:15:00Z'],
  [
    'a named day that is a holiday, a week later',
    'monday',
    '10:00',
    newYork,
    '2026-09-01T15:00:00Z',
    '2026-09-14T14:00:00Z',
  ],
  [
    'the clocks go back: the same time by them',
    'weekdays',
    '16:15',
    newYork,
    '2026-10-30T21:00:00Z',
    '2026-11-02T21:15:00Z',
  ],
  ['the clocks go forward', 'weekdays', '16:15', newYork, '2026-03-06T22:00:00Z', '2026-03-09T20:15:00Z'],
  ['by the clocks of Berlin', 'weekdays', '22:30', 'Europe/Berlin', '2026-11-30T15:00:00Z', '2026-11-30T21:30:00Z'],
  [
    'Berlin, after its clocks went back and before New York’s',
    'weekdays',
    '22:30',
    'Europe/Berlin',
    '2026-10-26T15:00:00Z',
    '2026-10-26T21:30:00Z',
  ],
  [
    'a date in Tokyo, whatever the date in New York',
    'weekdays',
    '08:00',
    'Asia/Tokyo',
    '2026-12-04T00:00:00Z',
    '2026-12-06T23:00:00Z',
  ],
]

test.each(table)('%s', (_, days, localTime, zone, after, due) => {
  expect(nextDue({ days, localTime, zone }, new Date(after)).toISOString()).toBe(new Date(due).toISOString())
})

test('a time that the clocks skip on a session’s date is due an hour later by them, and one shown twice is due once', () => {
  // In Cairo the clocks go forward on a Friday at midnight and back on a Thursday at midnight.
  const skipped: DueTimes = { days: 'weekdays', localTime: '00:30', zone: 'Africa/Cairo' }
  const due = nextDue(skipped, new Date('2026-04-23T12:00:00Z'))
  expect(dayIn(due, 'Africa/Cairo')).toBe('2026-04-24')
  const first = nextDue({ ...skipped, localTime: '23:30' }, new Date('2026-10-29T12:00:00Z'))
  const second = nextDue({ ...skipped, localTime: '23:30' }, first)
  expect(dayIn(second, 'Africa/Cairo')).not.toBe(dayIn(first, 'Africa/Cairo'))
})

test('every due time is later, shows the wanted time on a date with a session, and skips none between', () => {
  const zones = fc.constantFrom(newYork, 'Europe/Berlin', 'Asia/Tokyo', 'Australia/Lord_Howe', 'America/Los_Angeles')
  const times = fc.tuple(fc.integer({ min: 4, max: 22 }), fc.integer({ min: 0, max: 59 }))
  const moments = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) })
  fc.assert(
    fc.property(zones, times, moments, (zone, [hour, minute], moment) => {
      const localTime = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
      const after = new Date(moment)
      const due = nextDue({ days: 'weekdays', localTime, zone }, after)
      expect(due > after).toBe(true)
      expect(sessionOf(dayIn(due, zone))).toBeDefined()
      const shown = due.toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
      expect(shown).toBe(localTime)
      // Asked again from any moment before it, it is the same.
      expect(nextDue({ days: 'weekdays', localTime, zone }, new Date(due.getTime() - 1))).toEqual(due)
    }),
  )
})
