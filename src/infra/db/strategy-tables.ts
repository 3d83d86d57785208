import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { BacktestReport, Curves, SimulatedTrade } from '../../strategies/runs/rules/report.ts'
import type { Priority, RunKindName, RunOrigin } from '../../strategies/runs/rules/run.ts'
import type { RunState } from '../../strategies/runs/rules/run-state.ts'

type Id = Generated<number>
type Json<Value> = JSONColumnType<Value & object>
/** Null unless it is said. */
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>

/** The tables of strategy runs, and of the addresses to which their ends are mailed. */
export interface StrategyTables {
  member_emails: {
    member_id: number
    address: Optional<string>
    confirmed_at: Optional<Date>
    /** An address that waits for its code. */
    asked: Optional<string>
    conversation_id: Optional<number>
    code_due_at: Optional<Date>
    code_attempts: Generated<number>
    code_hash: Optional<string>
    code_sent_at: Optional<Date>
    code_tries: Generated<number>
    codes: Generated<number>
    codes_since: Optional<Date>
  }
  strategy_templates: {
    id: Id
    member_id: number
    name: string
    strategy: string
    parameters: Json<Record<string, unknown>>
    saved_at: Date
  }
  strategy_schedules: {
    id: Id
    member_id: number
    number: number
    request_id: string
    account_id: Optional<number>
    conversation_id: Optional<number>
    template_name: Optional<string>
    strategy: string
    parameters: Json<Record<string, unknown>>
    notify: Generated<string[]>
    days: string
    /** `16:15`, in `zone`. */
    local_time: string
    zone: string
    next_at: Date | null
    state: Generated<'on' | 'off'>
    made_at: Date
    ended_at: Optional<Date>
  }
  strategy_sweeps: {
    id: Id
    member_id: number
    request_id: string
    account_id: Optional<number>
    conversation_id: Optional<number>
    strategy: string
    parameter: string
    asked_at: Date
    told_at: Optional<Date>
  }
  strategy_runs: {
    id: Id
    run_id: Generated<string>
    member_id: number
    number: number
    account_id: Optional<number>
    conversation_id: Optional<number>
    request_id: string
    origin: RunOrigin
    kind: Generated<RunKindName>
    strategy: string
    parameters: Json<Record<string, unknown>>
    template_name: Optional<string>
    schedule_id: Optional<number>
    sweep_id: Optional<number>
    priority: Priority
    state: Generated<RunState>
    symbols: Optional<string[]>
    /** A date; read it with `to_char`, written as `2014-01-10`. */
    as_of: ColumnType<Date | null, string | null | undefined, string | null>
    strengths: ColumnType<Record<string, number> | null, string | null | undefined, string | null>
    /** The name of the market that its first start went by: `replay:daily`. */
    market: Optional<string>
    unknown_symbols: Generated<string[]>
    due_at: Optional<Date>
    due_zone: Optional<string>
    left_out: Generated<number>
    stage: Optional<string>
    stage_done: Generated<number>
    stage_of: Optional<number>
    progress_percent: Generated<number>
    current_item: Optional<string>
    total_items: Optional<number>
    completed_items: Generated<number>
    passed_count: Generated<number>
    skipped_count: Generated<number>
    error_count: Generated<number>
    tickers_per_second: Optional<number>
    message: string
    attempt: Generated<number>
    losses: Generated<number>
    worker: Optional<string>
    held_since: Optional<Date>
    heartbeat_at: Optional<Date>
    worked_ms: Generated<number>
    time_limit_ms: number
    post_row: Optional<number>
    notify: Generated<string[]>
    error_code: Optional<string>
    error: Optional<string>
    asked_at: Date
    started_at: Optional<Date>
    ended_at: Optional<Date>
    updated_at: Generated<Date>
  }
  strategy_reports: {
    run: number
    report: Json<BacktestReport>
    curves: Json<Curves>
    /** PNG. */
    picture: Optional<Buffer>
  }
  strategy_trades: {
    run: number
    /** From 1, in the order of exits. */
    number: number
    trade: Json<SimulatedTrade>
  }
  strategy_results: {
    run: number
    symbol: string
    outcome: 'passed' | 'failed' | 'skipped' | 'error'
    score: number | null
    detail: Json<Record<string, unknown>>
    seq: Generated<number>
  }
  strategy_notifications: {
    id: Id
    run: number
    target: string
    attempts: Generated<number>
    next_at: Date | null
    sent_at: Optional<Date>
    failed_because: Optional<string>
  }
}
