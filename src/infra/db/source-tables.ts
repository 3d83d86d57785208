import type { ColumnType, Generated } from 'kysely'

type Decimal = ColumnType<string, string, string>

/** The tables of sources of prices: beginnings, budgets, learned symbols, outages. */
export interface SourceTables {
  /** The beginning of a replay, and of a simulation with a time scale. */
  market_anchors: { market: string; began_at: Date }
  /** Requests to a source that allows only so many a day. */
  source_requests: {
    id: Generated<number>
    source: string
    at: Date
    refused_until: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  /** Symbols that a source without a list of its own knew when it was asked. */
  learned_symbols: {
    id: Generated<number>
    symbol: string
    name: string
    source: string
    lot: Decimal
    tick: Decimal
    is_around_the_clock: boolean
    learned_at: Date
  }
  /** Outages that people were told of. */
  source_outages: {
    id: Generated<number>
    source: string
    began_at: Date
    because: string
    ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
}
