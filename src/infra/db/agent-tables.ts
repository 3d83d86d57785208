import type { ColumnType, Generated } from 'kysely'

type Id = Generated<number>
type Decimal = ColumnType<string, string, string>
/** Null unless it is said. */
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>
/** JSON, whose shape its readers know. */
type Json = ColumnType<unknown, string | null | undefined, string | null>

export type AgentState = 'backtest' | 'paper' | 'stopped'
export type DecisionState = 'none' | 'wanted' | 'placing' | 'taken' | 'rejected' | 'missed'

/** The tables of agents and their decisions. */
export interface AgentTables {
  agents: {
    id: Id
    member_id: number
    account_id: number
    conversation_id: number
    request_id: string
    name: string
    strategy: string
    parameters: Json
    symbols: string[]
    size: Decimal
    state: Generated<AgentState>
    paused_at: Optional<Date>
    because: Optional<string>
    backtest: Json
    /** `2017-01-04` */
    last_day: Optional<string>
    halted_at: Optional<Date>
    halted_by: Json
    peak: Optional<string>
    opening: Optional<string>
    brought: Optional<string>
    failures: Generated<number>
    failed_at: Optional<Date>
    made_at: Date
    changed_at: Date
  }
  agent_decisions: {
    agent_id: number
    day: string
    symbol: string
    state: DecisionState
    code: Optional<string>
    because: Optional<string>
    wishes: Json
    plan: Json
    quantity: Decimal
    equity: Decimal
    close: Optional<string>
    numbers: Json
    features_hash: Optional<string>
    model_hash: Optional<string>
    checks: Json
    prices: Json
    entry: Json
    decided_at: Date
    ended_at: Optional<Date>
  }
}
