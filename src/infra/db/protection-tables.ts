import type { ColumnType, Generated } from 'kysely'

/** `numeric` in Postgres: a decimal in a string, both ways. */
type Decimal = ColumnType<string, string, string>

/** The tables of stops and targets, as the migrations leave them. */
export interface ProtectionTables {
  entry_levels: {
    order_id: number
    kind: 'stop' | 'target'
    price: Decimal | null
    share: Decimal | null
    position_id: number | null
  }
  part_levels: {
    id: Generated<number>
    position_id: number
    account_id: number
    member_id: number
    conversation_id: number
    kind: 'stop' | 'target'
    price: Decimal
    quantity: Decimal
    state: Generated<'working' | 'triggered' | 'cancelled'>
    ended_because: string | null
    created_at: Date
    ended_at: Date | null
  }
  protective_orders: {
    id: Generated<number>
    position_id: number
    account_id: number
    member_id: number
    conversation_id: number
    symbol: string
    kind: 'stop' | 'target'
    price: Decimal
    trail: Decimal | null
    trail_dollars: ColumnType<string | null, string | null | undefined, string | null>
    best_price: Decimal | null
    quantity: Decimal
    state: Generated<'working' | 'triggered' | 'cancelled'>
    ended_because: string | null
    created_at: Date
    ended_at: Date | null
  }
}
