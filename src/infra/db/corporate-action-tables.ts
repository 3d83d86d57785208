import type { ColumnType, Generated } from 'kysely'

type Decimal = ColumnType<string, string, string>
/** A decimal that may be left out of an insert; the database then sets zero or null. */
type OptionalDecimal = ColumnType<string, string | undefined, string>

export type CorporateActionState = 'taking_back' | 'moving' | 'restoring' | 'done' | 'refused'

/** The tables of splits and renames, as the migrations leave them. */
export interface CorporateActionTables {
  corporate_actions: {
    id: Generated<number>
    kind: 'split' | 'rename'
    symbol: string
    new_symbol: string
    new_units: number
    old_units: number
    cash_price: Decimal | null
    old_price: ColumnType<string | null, string | null | undefined, string | null>
    state: Generated<CorporateActionState>
    because: string | null
    member_id: number
    conversation_id: number
    inbound_id: string
    at: Date
    worked_at: Date
    ended_at: Date | null
    account_id: ColumnType<number | null, number | null | undefined, number | null>
  }
  corporate_action_accounts: { action_id: number; account_id: number; state: Generated<'waiting' | 'moved'> }
  corporate_action_orders: {
    order_id: number
    action_id: number
    account_id: number
    state: Generated<'taken' | 'placed' | 'over'>
    placed_as: number | null
  }
  position_adjustments: {
    id: Generated<number>
    action_id: number | null
    gap_id: ColumnType<number | null, number | null | undefined, number | null>
    because: ColumnType<string | null, string | null | undefined, string | null>
    position_id: number
    account_id: number
    symbol_before: string
    symbol_after: string
    signed_quantity_before: Decimal
    signed_quantity_after: Decimal
    open_cost_before: Decimal
    open_cost_after: Decimal
    fraction: OptionalDecimal
    cash_in_lieu: OptionalDecimal
    realized_pnl: OptionalDecimal
    at: Date
  }
}
