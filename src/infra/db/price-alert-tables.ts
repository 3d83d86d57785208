import type { ColumnType, Generated } from 'kysely'

/** The table of price alerts, as the migrations leave it. Prices are decimals in strings, dollars a unit. */
export interface PriceAlertTables {
  price_alerts: {
    id: Generated<number>
    member_id: number
    conversation_id: number
    inbound_id: string
    number: number
    symbol: string
    above: ColumnType<string | null, string | null, string | null>
    below: ColumnType<string | null, string | null, string | null>
    state: Generated<'waiting' | 'told' | 'off'>
    reached_price: string | null
    created_at: Date
    ended_at: Date | null
  }
}
