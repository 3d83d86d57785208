import { dayAfter, dayIn, exchangeZone, momentOn } from '../../../src/base/zone.ts'
import { nextSession, sessionOf } from '../../../src/market/calendar.ts'

/** A moment in New York, with its offset: `2026-11-20T16:00:00-05:00`. */
export function inNewYork(at: Date): string {
  const day = dayIn(at, exchangeZone)
  const offset = Math.round((Date.parse(`${day}T12:00:00Z`) - momentOn(day, '12:00', exchangeZone).getTime()) / 60_000)
  const hours = String(Math.abs(offset) / 60).padStart(2, '0')
  return `${new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${hours}:00`
}

/** The clock as the API shows it. */
export function clockJson(now: Date, isOpen: boolean): Record<string, unknown> {
  const today = sessionOf(now)
  const isInSession = today && today.open <= now && now < today.close
  const next = nextSession(now)
  return {
    timestamp: inNewYork(now),
    is_open: isOpen,
    next_open: inNewYork(next.open),
    next_close: inNewYork(isOpen && isInSession ? today.close : next.close),
  }
}

/** The trading days from one date to another as the API shows them. */
export function calendarJson(start: string, end: string): Record<string, unknown>[] {
  const days: Record<string, unknown>[] = []
  for (let day = start; day <= end; day = dayAfter(day, 1)) {
    const session = sessionOf(day)
    if (!session) continue
    days.push({
      date: day,
      open: '09:30',
      close: session.isHalfDay ? '13:00' : '16:00',
      session_open: '0400',
      session_close: session.isHalfDay ? '1700' : '2000',
      settlement_date: dayIn(nextSession(session.open).open, exchangeZone),
    })
  }
  return days
}
