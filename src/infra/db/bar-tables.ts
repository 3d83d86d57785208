import type { ColumnType } from 'kysely'

type Decimal = ColumnType<string, string, string>

/** The columns that name a series: the bars of one length from one source at one adjustment. */
interface SeriesColumns {
  /** `alpaca:iex`, `yahoo`. */
  source: string
  symbol: string
  /** The length of a bar. */
  minutes: number
  /** `split`: prices and volumes in today's shares. */
  adjustment: string
}

/** Finished bars of providers, kept so that history is fetched once. */
export interface BarTables {
  bar_series: SeriesColumns & {
    /** All finished bars that begin at or after this moment are there, … */
    covered_from: Date
    /** … up to those that end at this one. */
    covered_through: Date
    /** The source has nothing before `covered_from`. */
    is_whole: boolean
    /** The first fetch: a series is fetched anew after a split. */
    begun_at: Date
    /** Goes up with each fetch anew. */
    generation: number
  }
  bars: SeriesColumns & {
    at: Date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    fetched_at: Date
  }
  /** The instruments of a provider as it described them. */
  listed_instruments: { source: string; instruments: ColumnType<unknown, string, string>; fetched_at: Date }
}
