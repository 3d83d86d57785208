import type { ColumnType, Generated } from 'kysely'
import type { Side } from '../../trading/positions/rules/position.ts'

type Decimal = ColumnType<string, string, string>

/** The tables about brokers that show no id of the desk's and no executions, as the migrations leave them. */
export interface BrokerTables {
  broker_sends: {
    venue: string
    account: string
    client_order_id: string
    symbol: string
    side: Side
    quantity: Decimal
    limit_price: Decimal | null
    stop_price: Decimal | null
    target_price: Decimal | null
    called_at: Date
    calling_until: Date | null
    last_called_at: Date
    calls: Generated<number>
    refused_calls: Generated<number>
  }
  broker_orders: {
    venue: string
    account: string
    order_id: string
    client_order_id: string
    is_told: boolean
    claimed_at: Date
  }
  broker_executions: {
    id: Generated<number>
    venue: string
    account: string
    order_id: string
    fill_id: string
    symbol: string
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    reverses: string | null
    filled_at: Date
  }
}
