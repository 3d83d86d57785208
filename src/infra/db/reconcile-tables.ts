import type { ColumnType, Generated } from 'kysely'

type Decimal = ColumnType<string, string, string>
type OptionalDecimal = ColumnType<string | null, string | null | undefined, string | null>

/** The causes that explain a difference between the ledger and a venue. */
export type Explanation = 'agrees' | 'executions' | 'corporate_action' | 'external' | 'adopted' | 'done'

/** The tables of linked accounts beside the ledger: leases, looks, and differences. */
export interface ReconcileTables {
  account_workers: { holder: string; until: Date }
  account_leases: { account_id: number; holder: string; generation: Generated<number>; until: Date }
  account_looks: {
    account_id: number
    first_at: Date
    looked_at: Date
    orders_open: number
    actions_cursor: string | null
    failed_at: Date | null
    failed_because: string | null
  }
  orders_of_others: {
    account_id: number
    venue_order_id: string
    client_order_id: string
    symbol: string
    side: 'buy' | 'sell'
    quantity: Decimal
    filled_quantity: Decimal
    limit_price: OptionalDecimal
    stop_price: OptionalDecimal
    seen_at: Date
  }
  external_holdings: { account_id: number; symbol: string; signed_quantity: Decimal; since: Date }
  external_executions: {
    id: Generated<number>
    account_id: number
    venue_fill_id: string
    symbol: string
    side: 'buy' | 'sell'
    quantity: Decimal
    price: Decimal
    commission: Decimal
    filled_at: Date
    reverses: string | null
    desk_quantity: ColumnType<string, string | undefined, string>
    order_id: number | null
  }
  book_gaps: {
    id: Generated<number>
    account_id: number
    symbol: string
    gap: Decimal
    ledger_quantity: Decimal
    venue_quantity: Decimal
    state: Generated<'seen' | 'open' | 'ignored' | 'ended'>
    is_split_like: Generated<boolean>
    seen_at: Date
    looked_at: Date
    opened_at: Date | null
    ended_at: Date | null
    explained_by: Explanation | null
    decided_by: number | null
  }
  venue_actions: {
    id: Generated<number>
    account_id: number
    venue_action_id: string
    kind: 'split' | 'symbol' | 'dividend' | 'cash_in_lieu' | 'other'
    symbol: string
    new_symbol: string | null
    quantity: OptionalDecimal
    ratio: OptionalDecimal
    cash: OptionalDecimal
    words: string | null
    at: Date
    state: 'waiting' | 'applied' | 'noted'
    action_id: number | null
  }
}
