import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Place } from '../chat/place.ts'
import type { Posted, Reply } from '../chat/reply.ts'
import type { Side } from '../trading/position.ts'
import type { Speed } from '../trading/scaleout-plan.ts'

/** `numeric` in Postgres: a decimal in a string, both ways. */
type Decimal = ColumnType<string, string, string>
type Id = Generated<number>

export type Role = 'viewer' | 'trader' | 'owner'
export type Urgency = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'
export type ScaleoutState = 'running' | 'paused' | 'complete' | 'cancelled' | 'stopped'
export type OrderPurpose = 'record' | 'chunk' | 'close' | 'trim'
export type AuditOutcome = 'done' | 'asked' | 'refused' | 'not_understood' | 'ignored' | 'failed'

/** The tables, as the migrations leave them. */
export interface Database {
  members: { id: Id; name: string; role: Role; created_at: Generated<Date> }
  member_identities: { platform_id: string; member_id: number }
  accounts: {
    id: Id
    member_id: number
    mode: Generated<'backtest' | 'paper' | 'live'>
    starting_balance: ColumnType<string, string | undefined, string>
    created_at: Generated<Date>
  }
  conversations: {
    id: Id
    key: string
    place: JSONColumnType<Place>
    symbol: string | null
    posting_by: string | null
    posting_until: Date | null
  }
  positions: {
    id: Id
    account_id: number
    symbol: string
    signed_quantity: Decimal
    open_cost: Decimal
    realized_pnl: ColumnType<string, string | undefined, string>
    working_quantity: ColumnType<string, string | undefined, string>
    version: Generated<number>
    conversation_id: number | null
    opened_at: Date
    closed_at: Date | null
  }
  scaleouts: {
    id: Id
    position_id: number
    account_id: number
    member_id: number
    conversation_id: number
    symbol: string
    side: Side
    speed: Speed
    seed: number
    time_scale: Decimal
    total_quantity: Decimal
    chunk_count: number
    decision_price: Decimal
    state: ScaleoutState
    done_chunks: Generated<number>
    sold_quantity: ColumnType<string, string | undefined, string>
    proceeds: ColumnType<string, string | undefined, string>
    realized_pnl: ColumnType<string, string | undefined, string>
    errors_in_a_row: Generated<number>
    ended_because: string | null
    started_at: Date
    ended_at: Date | null
  }
  scaleout_chunks: {
    id: Id
    scaleout_id: number
    number: number
    quantity: Decimal
    delay_ms: number
    due_at: Date
    attempt: Generated<number>
    state: Generated<'waiting' | 'done' | 'dropped'>
    done_at: Date | null
  }
  orders: {
    id: Id
    client_order_id: string
    account_id: number
    member_id: number
    position_id: number
    conversation_id: number
    chunk_id: number | null
    purpose: OrderPurpose
    symbol: string
    side: Side
    quantity: Decimal
    expected_price: Decimal
    state: 'working' | 'filled' | 'rejected'
    rejected_because: string | null
    created_at: Date
  }
  fills: {
    id: Id
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
  }
  desk_events: {
    id: Id
    type: string
    urgency: Urgency
    account_id: number | null
    member_id: number | null
    position_id: number | null
    scaleout_id: number | null
    conversation_id: number | null
    symbol: string | null
    data: ColumnType<unknown, string, string>
    dedupe_key: string | null
    at: Date
  }
  replies: {
    id: Id
    conversation_id: number
    scaleout_id: number | null
    kind: 'post' | 'edit'
    body: JSONColumnType<Reply>
    edits: number | null
    state: 'queued' | 'posting' | 'posted' | 'failed'
    leased_until: Date | null
    attempts: Generated<number>
    attempted_at: Date | null
    next_attempt_at: Date | null
    posted: JSONColumnType<Posted> | null
    failed_because: string | null
    created_at: Generated<Date>
    posted_at: Date | null
  }
  watches: { conversation_id: number; account_id: number; symbol: string }
  audit: {
    inbound_id: string
    member_id: number
    conversation_id: number
    text: string
    command: string | null
    outcome: AuditOutcome | null
    code: string | null
    reason: string | null
    heard_at: Date
    finished_at: Date | null
  }
  trade_commands: {
    command: string
    handler_function: string
    description: string
    category: string
    is_implemented: boolean
    position: number
  }
  trade_command_aliases: { alias: string; command: string }
  market_anchors: { market: string; began_at: Date }
  paper_fills: {
    client_order_id: string
    venue_fill_id: string
    symbol: string
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    filled_at: Date
  }
}
