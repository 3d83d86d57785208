import { dayAfter, dayIn, exchangeZone, momentOn } from '../../../src/base/zone.ts'
import { sessionOf } from '../../../src/market/calendar.ts'

/** The state of the market: closed, before and after the regular session, or in it. */
export type Phase = 'closed' | 'extended' | 'regular'

/** The four moments of a trading day, and the phase that each begins. */
function momentsOf(day: string): { at: Date; phase: Phase }[] {
  const session = sessionOf(day)
  if (!session) return []
  return [
    { at: momentOn(day, '04:00', exchangeZone), phase: 'extended' },
    { at: session.open, phase: 'regular' },
    { at: session.close, phase: 'extended' },
    { at: momentOn(day, session.isHalfDay ? '17:00' : '20:00', exchangeZone), phase: 'closed' },
  ]
}

/** The phase at a moment by the exchange's calendar. */
export function phaseAt(at: Date): Phase {
  return momentsOf(dayIn(at, exchangeZone)).findLast((moment) => moment.at <= at)?.phase ?? 'closed'
}

/** The next change of phase after a moment. */
export function nextChange(at: Date): { at: Date; phase: Phase } {
  const today = dayIn(at, exchangeZone)
  for (let days = 0; days < 30; days++) {
    const next = momentsOf(dayAfter(today, days)).find((moment) => moment.at > at)
    if (next) return next
  }
  throw new Error(`no session after ${at.toISOString()}`)
}
