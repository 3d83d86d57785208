import type { Calendar } from '../../../market/calendar.ts'
import type { Bar, Instrument } from '../../../market/market.ts'

/** Lengths of bars that people ask for, in minutes, as they are written. */
export const lengths = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '1d': 1440 } as const
export type Length = keyof typeof lengths

/** What an indicator is worked out from. */
export interface Studied {
  instrument: Instrument
  calendar: Calendar
  /** Oldest first, of the length that was asked for, or of the first that there are enough of. */
  bars: Bar[]
  minutes: number
  length: Length
  /** Dollars: the last price, or the last close where there is no quote. */
  price: number
  /** Finished bars of a day, as many as there are of those that were asked for. */
  days(count: number): Promise<Bar[]>
}
