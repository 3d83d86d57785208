import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Place } from '../../talk/chat/place.ts'
import type { Posted, Reply } from '../../talk/chat/reply.ts'
import type { Urgency } from '../../trading/events/rules/urgency.ts'
import type { AccessTables } from './access-tables.ts'
import type { AccountTables } from './account-tables.ts'
import type { AgentTables } from './agent-tables.ts'
import type { BackupTables } from './backup-tables.ts'
import type { BarTables } from './bar-tables.ts'
import type { BrokerTables } from './broker-tables.ts'
import type { CorporateActionTables } from './corporate-action-tables.ts'
import type { ForecastTables } from './forecast-tables.ts'
import type { HealthTables } from './health-tables.ts'
import type { OrderTables } from './order-tables.ts'
import type { OutboxTables } from './outbox-tables.ts'
import type { PaperTables } from './paper-tables.ts'
import type { PriceAlertTables } from './price-alert-tables.ts'
import type { ProtectionTables } from './protection-tables.ts'
import type { ReconcileTables } from './reconcile-tables.ts'
import type { ScaleoutTables } from './scaleout-tables.ts'
import type { SentimentTables } from './sentiment-tables.ts'
import type { SourceTables } from './source-tables.ts'
import type { StrategyTables } from './strategy-tables.ts'

/** `numeric` in Postgres: a decimal in a string, both ways. */
type Decimal = ColumnType<string, string, string>
type Id = Generated<number>

export type Role = 'viewer' | 'trader' | 'owner'
export type { OrderPurpose } from './order-tables.ts'
export type ScheduledState = 'waiting' | 'running' | 'done' | 'refused' | 'missed' | 'expired' | 'cancelled'
export type AuditOutcome = 'done' | 'asked' | 'refused' | 'not_understood' | 'ignored' | 'failed'

/** The tables, as the migrations leave them. */
export interface Database
  extends ScaleoutTables,
    AccessTables,
    AccountTables,
    BackupTables,
    AgentTables,
    BarTables,
    BrokerTables,
    PaperTables,
    PriceAlertTables,
    CorporateActionTables,
    ForecastTables,
    HealthTables,
    ReconcileTables,
    ProtectionTables,
    OrderTables,
    OutboxTables,
    SentimentTables,
    SourceTables,
    StrategyTables {
  members: {
    id: Id
    name: string
    role: Role
    created_at: Generated<Date>
    time_zone: ColumnType<string | null, string | null | undefined, string | null>
    notify_conversation_id: ColumnType<number | null, number | null | undefined, number | null>
    critical_notice: ColumnType<'ping' | 'dm' | null, 'ping' | 'dm' | null | undefined, 'ping' | 'dm' | null>
    critical_since: ColumnType<Date | null, Date | null | undefined, Date | null>
    critical_conversation_id: ColumnType<number | null, number | null | undefined, number | null>
    makes_tokens: Generated<boolean>
  }
  member_identities: { platform_id: string; member_id: number }
  conversations: {
    id: Id
    key: string
    place: JSONColumnType<Place>
    symbol: string | null
    posting_by: string | null
    posting_until: Date | null
    posting_generation: Generated<number>
  }
  venue_cursors: { account_id: number; cursor: string }
  desk: { only: Generated<boolean>; identity: string }
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
    settled_at: ColumnType<Date | null, never, Date>
    acting_by: ColumnType<string | null, string | null | undefined, string | null>
    acting_until: ColumnType<Date | null, Date | null | undefined, Date | null>
    /** The transaction that appended it, a decimal number; 0 in rows of before. Postgres fills it in. */
    xid: ColumnType<string, never, never>
  }
  replies: {
    id: Id
    conversation_id: number
    scaleout_id: number | null
    account_id: ColumnType<number | null, number | null | undefined, never>
    kind: 'post' | 'edit'
    body: JSONColumnType<Reply>
    edits: number | null
    urgent: Generated<boolean>
    state: 'queued' | 'posting' | 'posted' | 'failed' | 'merged' | 'left_out'
    position_id: ColumnType<number | null, number | null | undefined, never>
    merged_into: number | null
    late: Generated<boolean>
    instead_of: ColumnType<number | null, number | null | undefined, never>
    last_resort: Generated<boolean>
    leased_until: Date | null
    attempts: Generated<number>
    attempted_at: Date | null
    next_attempt_at: Date | null
    posted: JSONColumnType<Posted> | null
    failed_because: string | null
    created_at: Generated<Date>
    posted_at: Date | null
  }
  scheduled_orders: {
    id: Id
    task_number: Generated<number>
    account_id: number
    member_id: number
    conversation_id: number
    inbound_id: string
    command: string
    given: JSONColumnType<Record<string, string>>
    what: string
    symbol: string | null
    planned_at: Date | null
    due_at: Date | null
    late_at: Date | null
    above: Decimal | null
    below: Decimal | null
    planned_until: Date | null
    expires_at: Date | null
    touched_at: Date | null
    touched_price: Decimal | null
    state: Generated<ScheduledState>
    running_since: Date | null
    outcome: string | null
    created_at: Date
    ended_at: Date | null
    position_ids: number[] | null
    asked_at: Date | null
  }
  unfinished_closes: {
    client_order_id: string
    position_id: number
    account_id: number
    member_id: number
    conversation_id: number
    symbol: string
    signed_quantity: Decimal
    limit_price: Decimal | null
    expires_at: Date | null
    asked_at: Date
    taken_up_at: ColumnType<Date | null, never, Date>
    quantity: Decimal | null
    stop_price: Decimal | null
    is_extended: Generated<boolean>
    waits_for_open: Generated<boolean>
    number: number | null
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
  trade_command_aliases: {
    alias: string
    command: string
    words: Generated<string>
    member_id: number | null
    made_at: Date | null
  }
  shipped_commands: {
    command: string
    handler_function: string
    description: string
    category: string
    position: number
  }
  shipped_aliases: { alias: string; command: string; words: string }
  words_version: { only: Generated<boolean>; version: number }
  position_watch: {
    position_id: number
    state: ColumnType<unknown, string, string>
    mark: Decimal | null
    unrealized_pnl: Decimal | null
    best_return: Decimal | null
    worst_return: Decimal | null
    marked_at: Date | null
  }
  undoables: {
    id: Id
    account_id: number
    member_id: number
    conversation_id: number
    kind: 'record' | 'levels'
    symbol: string
    what: string
    state: ColumnType<unknown, string, string>
    at: Date
    undone_at: Date | null
  }
  alert_channels: {
    conversation_id: number
    account_id: number
    least_urgency: Urgency
    since: Date
    digested_until: Date
  }
  alert_settings: {
    conversation_id: number
    account_id: number
    is_off: Generated<boolean>
    muted_until: Date | null
    quiet_from: string | null
    quiet_until: string | null
    time_zone: string | null
    muted_types: Generated<string[]>
    /** Symbols, each with the moment until when, as ISO text. */
    muted_symbols: ColumnType<Record<string, string>, string | undefined, string>
  }
  alert_messages: {
    id: Id
    conversation_id: number
    account_id: number
    subject: string
    reply_id: number
    count: Generated<number>
    said: Generated<number>
    last_price: string | null
    began_at: Date
    last_at: Date
  }
  alert_places: { event_id: number; conversation_id: number; account_id: number; is_thread: boolean }
  alert_minutes: { conversation_id: number; began_at: Date; messages: number }
  event_alerts: {
    event_id: number
    conversation_id: number
    outcome: 'posted' | 'counted' | 'held' | 'summarised' | 'muted'
    at: Date
    /** The conversation was told how the event ended. */
    end_told_at: ColumnType<Date | null, never, Date>
  }
  guardian_decisions: {
    id: Id
    event_id: number
    position_id: number
    account_id: number
    member_id: number
    conversation_id: number
    symbol: string
    position_version: number
    action: 'HOLD' | 'EXIT' | 'TRAIL_STOP' | 'TRIM'
    amount: Decimal | null
    confidence: Decimal | null
    reasoning: string
    source: 'llm' | 'rules'
    fallback_because: string | null
    model: string | null
    latency_ms: number
    trail: Decimal | null
    state: 'proposed' | 'accepted' | 'declined' | 'expired' | 'acted' | 'refused'
    chosen: 'HOLD' | 'EXIT' | 'TRAIL_STOP' | 'TRIM' | null
    chosen_at: Date | null
    outcome: string | null
    decided_at: Date
    expires_at: Date
    ended_at: Date | null
  }
  guardian_budget: {
    account_id: number
    day: ColumnType<Date, string, string>
    calls: Generated<number>
    tokens: Generated<number>
  }
}
