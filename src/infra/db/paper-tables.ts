import type { ColumnType, Generated } from 'kysely'
import type { Side } from '../../trading/positions/rules/position.ts'

type Decimal = ColumnType<string, string, string>

/** The tables of the paper venue, as the migrations leave them. */
export interface PaperTables {
  paper_orders: {
    client_order_id: string
    account: string
    state: 'working' | 'filled' | 'cancelled' | 'expired'
    symbol: string
    side: Side
    quantity: Decimal
    limit_price: Decimal | null
    stop_price: Decimal | null
    triggered_at: Date | null
    touched_level: Decimal | null
    expires_at: Date | null
    accepted_at: Date
    filled_quantity: ColumnType<string, string | undefined, string>
    parts: Generated<number>
    next_part_at: Date | null
    cancelled_at: Date | null
    ends_at: ColumnType<Date | null, never, never>
  }
  paper_fills: {
    id: Generated<number>
    venue_fill_id: string
    client_order_id: string
    account: string
    symbol: string
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    filled_at: Date
    /** A 64-bit transaction id. */
    made_by: Generated<string>
  }
  paper_refusals: { client_order_id: string }
}
