import { dayAfter, dayIn, momentOn, weekdayOf } from '../../../base/zone.ts'
import { sessionOf } from '../../../market/calendar.ts'

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** The days of a schedule: all weekdays, or one of them. */
export const scheduleDays = ['weekdays', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const
export type ScheduleDays = (typeof scheduleDays)[number]

/** When a schedule is due: `days` and `localTime` (`16:15`) by the clocks of `zone`. */
export interface DueTimes {
  days: ScheduleDays
  localTime: string
  zone: string
}

/** Two sessions of one weekday are never further apart than this. */
const mostDays = 40

/**
 * The first moment after `after` at which a schedule is due. Dates without a session of the exchange are left out: a schedule of a
 * Monday that is a holiday is due a week later. A time that the clocks skip in spring is due an hour later by them; one that they show
 * twice in autumn is due once, at the first.
 */
export function nextDue({ days, localTime, zone }: DueTimes, after: Date): Date {
  const from = dayIn(after, zone)
  for (let ahead = 0; ahead <= mostDays; ahead++) {
    const day = dayAfter(from, ahead)
    const isWanted = days === 'weekdays' || weekdays[weekdayOf(day)] === days
    if (!isWanted || !sessionOf(day)) continue
    const due = momentOn(day, localTime, zone)
    if (due > after) return due
  }
  throw new Error(`no session within ${mostDays} days of ${from}`)
}
