import type { ColumnType, Generated } from 'kysely'
import type { OrderState } from '../../trading/orders/rules/order-lifecycle.ts'
import type { Side } from '../../trading/positions/rules/position.ts'

type Decimal = ColumnType<string, string, string>
type Id = Generated<number>

export type OrderPurpose = 'record' | 'chunk' | 'close' | 'trim' | 'stop' | 'target' | 'breaker' | 'open' | 'protect'

/** The tables of positions, their orders, and the fills of these. */
export interface OrderTables {
  positions: {
    id: Id
    account_id: number
    symbol: string
    signed_quantity: Decimal
    open_cost: Decimal
    realized_pnl: ColumnType<string, string | undefined, string>
    working_quantity: ColumnType<string, string | undefined, string>
    resting_quantity: ColumnType<string, string | undefined, string>
    missing_quantity: ColumnType<string, string | undefined, string>
    protecting_quantity: ColumnType<string, string | undefined, string>
    protection_told: string | null
    protection_held_at: Date | null
    version: Generated<number>
    conversation_id: number | null
    opened_at: Date
    closed_at: Date | null
  }
  orders: {
    id: Id
    task_number: Generated<number | null>
    client_order_id: string
    account_id: number
    member_id: number
    position_id: number | null
    conversation_id: number
    chunk_id: number | null
    purpose: OrderPurpose
    symbol: string
    side: Side
    quantity: Decimal
    expected_price: Decimal
    state: OrderState
    rejected_because: string | null
    created_at: Date
    calling_until: Date | null
    given_up_at: Date | null
    type: ColumnType<'market' | 'limit', never, never>
    limit_price: Decimal | null
    stop_price: Decimal | null
    protects_stop: Decimal | null
    protects_target: Decimal | null
    is_extended: Generated<boolean>
    number: number | null
    expires_at: Date | null
    cancel_asked_at: Date | null
    sent_as: Generated<string>
    venue_order_id: string | null
    filled_quantity: ColumnType<string, string | undefined, string>
    filled_value: ColumnType<string, string | undefined, string>
    realized_pnl: ColumnType<string, string | undefined, string>
    rests: Generated<boolean>
    missing_since: Date | null
    ended_at: Date | null
    times_asked: Generated<number>
    said_arrived_at: Date | null
    calls: Generated<number>
    refused_calls: Generated<number>
    refused_because: string | null
  }
  fills: {
    id: Id
    venue: string
    venue_fill_id: string
    order_id: number
    position_id: number
    account_id: number
    symbol: string
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    realized_pnl: Decimal
    filled_at: Date
    reverses: string | null
    closed_quantity: Decimal | null
  }
}
