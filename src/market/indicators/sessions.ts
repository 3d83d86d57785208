import { aroundTheClock, type Calendar, calendarOf, type Session } from '../calendar.ts'
import type { Bar, Instrument } from '../market.ts'

/** The bars of one session, oldest first. */
export interface SessionBars {
  session: Session
  bars: Bar[]
  /** The index of its first bar among all bars. */
  first: number
}

/** The calendar of an instrument: days of UTC when it trades around the clock, else the exchange's. */
export function calendarFor({ symbol, isAroundTheClock }: Pick<Instrument, 'symbol' | 'isAroundTheClock'>): Calendar {
  return isAroundTheClock ? aroundTheClock : calendarOf(symbol)
}

/** The beginning of a bar in the exchange's time. */
export function tradedAt(bar: Bar): Date {
  return bar.tradedAt ?? bar.at
}

/**
 * Bars grouped by the session in which they began, oldest first. Bars outside of every session (early and late trading) are
 * left out.
 */
export function sessionsOf(bars: Bar[], calendar: Calendar): SessionBars[] {
  const sessions: SessionBars[] = []
  for (const [index, bar] of bars.entries()) {
    const at = tradedAt(bar)
    const current = sessions.at(-1)
    if (current && at >= current.session.open && at < current.session.close) {
      current.bars.push(bar)
      continue
    }
    const session = calendar.sessionAt(at)
    if (session) sessions.push({ session, bars: [bar], first: index })
  }
  return sessions
}

/** The indexes of the bars that begin a session. */
export function sessionStarts(bars: Bar[], calendar: Calendar): number[] {
  return sessionsOf(bars, calendar).map(({ first }) => first)
}

/** Merges bars into one: the first open, the extremes, the last close, the sum of the volumes. */
export function mergedBar(bars: [Bar, ...Bar[]]): Bar {
  const [first] = bars
  const merged = { ...first }
  for (const bar of bars.slice(1)) {
    if (bar.high.gt(merged.high)) merged.high = bar.high
    if (bar.low.lt(merged.low)) merged.low = bar.low
    merged.close = bar.close
    merged.volume = merged.volume.plus(bar.volume)
  }
  return merged
}
