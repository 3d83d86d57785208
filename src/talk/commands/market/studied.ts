import type { Calendar } from '../../../market/calendar.ts'
import type { Bar, Instrument } from '../../../market/market.ts'

/** The bar lengths of indicators, by their names, in minutes. */
export const lengths = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '1d': 1440 } as const
export type Length = keyof typeof lengths

/** The data for an indicator. */
export interface Studied {
  instrument: Instrument
  calendar: Calendar
  /** Oldest first; of the named length, or of the first length with enough bars. */
  bars: Bar[]
  minutes: number
  length: Length
  /** The member's time zone; the exchange's without one. */
  zone?: string | null
  /** In dollars: the last price, or the last close without a quote. */
  price: number
  /** Reads finished daily bars: as many as asked for, or fewer if the market has fewer. */
  days(count: number): Promise<Bar[]>
}
