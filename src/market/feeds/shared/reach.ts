import type { Calendar } from '../../calendar.ts'

const minuteMs = 60_000
const dayMinutes = 1440

/** The beginning of the session in which the last `count` bars of this length before a moment begin. */
export function reachBack(calendar: Calendar, minutes: number, count: number, now: Date): Date {
  let session = calendar.lastSession(now)
  let left = count
  for (;;) {
    const until = Math.min(session.close.getTime(), now.getTime())
    const length = until - session.open.getTime()
    // The last bar of a session may be shorter than the others, and counts.
    left -=
      minutes >= dayMinutes ? (until < session.close.getTime() ? 0 : 1) : Math.floor(length / (minutes * minuteMs))
    if (left <= 0) return session.open
    session = calendar.lastSession(new Date(session.open.getTime() - 1))
  }
}
