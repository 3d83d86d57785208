import { dayAfter, dayIn, exchangeZone, momentOn, weekdayOf } from '../base/zone.ts'
import { exchangeYear } from './holidays.ts'

export { exchangeZone } from '../base/zone.ts'

/** The regular trading of a day: from `open` until just before `close`. */
export interface Session {
  /** The date in the calendar's time zone: `2026-11-20`. */
  day: string
  open: Date
  close: Date
  /** Trading ends at 13:00. */
  isHalfDay: boolean
}

/**
 * The trading hours of an instrument. A day is given as a date such as `2026-11-20`, or as a moment on it in the calendar's
 * time zone.
 */
export interface Calendar {
  timeZone: string
  /** Trading never closes. */
  isAlwaysOpen: boolean
  /** The session of a day; undefined on weekends and holidays. */
  sessionOf(day: string | Date): Session | undefined
  /** The session at a moment; undefined while trading is closed. */
  sessionAt(at: Date): Session | undefined
  /** The first session that opens after a moment. */
  nextSession(at: Date): Session
  /** The last session that opened at or before a moment. */
  lastSession(at: Date): Session
  /** The reason why a day has no session, or a short one: `Thanksgiving`, `a Saturday`, `the day after Thanksgiving`. */
  reasonOf(day: string | Date): string | undefined
}

const opensAt = '09:30'
const closesAt = '16:00'
const closesEarlyAt = '13:00'
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The exchange closes for a few days at most; a longer search means a bug. */
const mostDaysClosed = 30
/** The number of days in the cache: about forty years of sessions. */
const mostRemembered = 10_000

/** Caches the results of a function of a day. */
function remembered<Said>(of: (day: string) => Said): (day: string) => Said {
  const known = new Map<string, Said>()
  return (day) => {
    if (known.has(day)) return known.get(day)!
    if (known.size >= mostRemembered) known.clear()
    const said = of(day)
    known.set(day, said)
    return said
  }
}

function calendar(
  timeZone: string,
  isAlwaysOpen: boolean,
  sessionOn: (day: string) => Session | undefined,
  reason: (day: string) => string | undefined,
): Calendar {
  const onDay = remembered(sessionOn)
  const dayOf = (day: string | Date) => (typeof day === 'string' ? day : dayIn(day, timeZone))
  // Every session also lies within one day of UTC, which is cheaper to compute.
  const utcDay = (at: Date) => at.toISOString().slice(0, 10)
  function look(at: Date, step: 1 | -1, fits: (session: Session) => boolean): Session {
    const from = utcDay(at)
    for (let days = 0; days <= mostDaysClosed; days++) {
      const session = onDay(dayAfter(from, step * days))
      if (session && fits(session)) return session
    }
    throw new Error(`no session within ${mostDaysClosed} days of ${from}`)
  }
  return {
    timeZone,
    isAlwaysOpen,
    sessionOf: (day) => onDay(dayOf(day)),
    sessionAt(at) {
      const session = onDay(utcDay(at))
      return session && session.open <= at && at < session.close ? session : undefined
    },
    nextSession: (at) => look(at, 1, ({ open }) => open > at),
    lastSession: (at) => look(at, -1, ({ open }) => open <= at),
    reasonOf: (day) => reason(dayOf(day)),
  }
}

/**
 * The New York Stock Exchange: 9:30 to 16:00 in New York, or until 13:00 on half days. It follows the exchange's rules, not a
 * table of years (docs/time.md). Correct from 2013 on.
 */
export const nyse: Calendar = calendar(
  exchangeZone,
  false,
  (day) => {
    const { closed, early } = exchangeYear(Number(day.slice(0, 4)))
    if (isWeekend(day) || closed.has(day)) return undefined
    const isHalfDay = early.has(day)
    const open = momentOn(day, opensAt, exchangeZone)
    return { day, open, close: momentOn(day, isHalfDay ? closesEarlyAt : closesAt, exchangeZone), isHalfDay }
  },
  (day) => {
    const { closed, early } = exchangeYear(Number(day.slice(0, 4)))
    return isWeekend(day) ? `a ${weekdays[weekdayOf(day)]}` : (closed.get(day) ?? early.get(day))
  },
)

const isWeekend = (day: string) => [0, 6].includes(weekdayOf(day))

/** The calendar of markets that never close: each session is a day of UTC. */
export const aroundTheClock: Calendar = calendar(
  'UTC',
  true,
  (day) => ({ day, open: new Date(day), close: new Date(dayAfter(day, 1)), isHalfDay: false }),
  () => undefined,
)

/** The calendar of a symbol: around the clock for a pair of a coin and a currency such as `BTC-USD`, else the exchange's. */
export function calendarOf(symbol: string): Calendar {
  return /^[A-Z0-9]+-(USD|USDT|USDC|EUR|BTC|ETH)$/i.test(symbol) ? aroundTheClock : nyse
}

/** The exchange's session of a day; undefined on weekends and holidays. */
export const sessionOf = nyse.sessionOf
/** The exchange's session at a moment; undefined while it is closed. */
export const sessionAt = nyse.sessionAt
/** The first session of the exchange that opens after a moment. */
export const nextSession = nyse.nextSession
