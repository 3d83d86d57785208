import { aroundTheClock, type Calendar, calendarOf } from './calendar.ts'
import type { Instrument } from './market.ts'

/**
 * The hours of an instrument on the desk's clock. A market that trades around the clock keeps the exchange's bells: "at the
 * close" still means the exchange's close, if the symbol has one.
 */
export interface Hours {
  /** It is traded at every hour. */
  isAlwaysOpen: boolean
  /** The sessions of the exchange of the symbol, which give "open" and "close" their times. */
  bells: Calendar
}

/** The hours of an instrument. Recorded bars are played without closed hours. */
export function hoursOf({
  symbol,
  isAroundTheClock,
  isReplayed,
}: Pick<Instrument, 'symbol' | 'isAroundTheClock' | 'isReplayed'>): Hours {
  const bells = calendarOf(symbol)
  return { bells, isAlwaysOpen: bells.isAlwaysOpen || isAroundTheClock === true || isReplayed === true }
}

/** The hours in which all of these instruments are traded; the exchange's without any. */
export function commonHours(instruments: Parameters<typeof hoursOf>[0][]): Hours {
  const all = instruments.map(hoursOf)
  const hasBells = all.length === 0 || all.some(({ bells }) => !bells.isAlwaysOpen)
  return {
    isAlwaysOpen: all.length > 0 && all.every(({ isAlwaysOpen }) => isAlwaysOpen),
    bells: hasBells ? calendarOf('') : aroundTheClock,
  }
}
