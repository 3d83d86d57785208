import type { ColumnType, Generated } from 'kysely'

type Decimal = ColumnType<string, string, string>

/** A secret, encrypted with a key of its own, which is wrapped with the key of the environment that `key_id` names. */
interface SealedColumns {
  kind: 'keys' | 'oauth'
  key_id: string
  wrapped_key: Buffer
  sealed: Buffer
}

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
    venue: Generated<string>
    venue_account: ColumnType<string | null, string | null | undefined, string | null>
    currency: Generated<'USD'>
    unlinked_at: Date | null
    protects_at_venue: Generated<boolean>
    protects_since: Date | null
    masked_number: string | null
  }
  venue_credentials: SealedColumns & {
    account_id: number
    expires_at: Date | null
    refreshed_at: Date | null
    refused_at: Date | null
    refused_because: string | null
    told_refused_at: Date | null
  }
  link_requests: {
    id: Generated<number>
    token_hash: Buffer
    member_id: number
    conversation_id: number
    venue: string
    mode: 'paper' | 'live'
    created_at: Date
    expires_at: Date
    opened_at: Date | null
    browser_hash: Buffer | null
    oauth_state_hash: Buffer | null
    oauth_verifier: string | null
    kind: 'keys' | 'oauth' | null
    key_id: string | null
    wrapped_key: Buffer | null
    sealed: Buffer | null
    credentials_expire_at: Date | null
    venue_account: string | null
    masked_number: string | null
    given_at: Date | null
    cash: ColumnType<string | null, string | null | undefined, string | null>
    buying_power: ColumnType<string | null, string | null | undefined, string | null>
    equity: ColumnType<string | null, string | null | undefined, string | null>
    blocked_because: string | null
    ended_at: Date | null
    outcome: 'linked' | 'refused' | 'expired' | null
  }
  live_allowances: { member_id: number; cap_dollars: Decimal; allowed_by: number; allowed_at: Date }
  venue_balances: {
    account_id: number
    cash: Decimal
    buying_power: Decimal | null
    equity: Decimal | null
    blocked_because: string | null
    at: Date
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
