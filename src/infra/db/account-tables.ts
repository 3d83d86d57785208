import type { ColumnType, Generated } from 'kysely'

type Decimal = ColumnType<string, string, string>

/** The tables of accounts: which account is used where, and its limits. */
export interface AccountTables {
  accounts: {
    id: Generated<number>
    member_id: number
    mode: Generated<'backtest' | 'paper' | 'live'>
    starting_balance: ColumnType<string, string | undefined, string>
    created_at: Generated<Date>
    last_order_number: Generated<number>
    name: Generated<string>
    venue: Generated<'paper'>
    venue_account: ColumnType<string | null, string | null | undefined, string | null>
    currency: Generated<'USD'>
  }
  conversation_accounts: { member_id: number; conversation_id: number; account_id: number }
  account_labels: { account_id: number; label: string | null }
  account_limits: {
    account_id: number
    orders_per_minute: number | null
    working_orders: number | null
    scheduled_orders: number | null
    largest_order_dollars: Decimal | null
    largest_order_units: Decimal | null
  }
  account_risk: {
    account_id: number
    thresholds: ColumnType<unknown, string | undefined, string>
    guardian_auto: Generated<boolean>
    guardian_off: Generated<boolean>
    halted_at: Date | null
    halted_because: string | null
    confirm_above: Decimal | null
    confirms_nothing: Generated<boolean>
  }
  day_equity: {
    account_id: number
    day: ColumnType<Date, string, string>
    equity: Decimal
    brought: ColumnType<string, string | undefined, string>
    resumes: Generated<number>
    resumed_at: Date | null
    resumed_equity: Decimal | null
  }
}
