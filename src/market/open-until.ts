import { dayIn } from '../base/zone.ts'
import type { Calendar, Session } from './calendar.ts'

/**
 * A calendar by the word of a venue that is open at `now` and closes at `closesAt`: until then there is one session, whatever the
 * calendar says of these days. All other days are those of the calendar.
 */
export function openUntil(calendar: Calendar, now: Date, closesAt: Date): Calendar {
  const dayOf = (at: Date) => dayIn(at, calendar.timeZone)
  const session: Session = { day: dayOf(now), open: now, close: closesAt, isHalfDay: false }
  const last = dayOf(closesAt)
  return {
    ...calendar,
    sessionOf(day) {
      const asked = typeof day === 'string' ? day : dayOf(day)
      return asked >= session.day && asked <= last ? session : calendar.sessionOf(day)
    },
    sessionAt: (at) => (now <= at && at < closesAt ? session : calendar.sessionAt(at)),
    lastSession: (at) => (now <= at && at < closesAt ? session : calendar.lastSession(at)),
    nextSession: (at) => calendar.nextSession(at < closesAt ? closesAt : at),
  }
}
