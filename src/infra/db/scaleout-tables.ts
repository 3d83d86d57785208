import type { ColumnType, Generated } from 'kysely'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { Speed } from '../../trading/scaleouts/rules/scaleout-plan.ts'

type Decimal = ColumnType<string, string, string>
type Id = Generated<number>

export type ScaleoutState = 'running' | 'paused' | 'complete' | 'cancelled' | 'stopped'

/** The tables of scaleouts, as the migrations leave them. */
export interface ScaleoutTables {
  scaleouts: {
    id: Id
    task_number: Generated<number>
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
    group_id: number | null
    usual_spread: Decimal | null
    defer_ms: number | null
    waits_for_prices: Generated<boolean>
    length_ms: number | null
    bound_price: Decimal | null
    bound_until: Date | null
    bound_told: Generated<boolean>
  }
  scaleout_groups: {
    id: Id
    account_id: number
    conversation_id: number
    speed: Speed
    state: Generated<'running' | 'ended'>
    announcement: number | null
    started_at: Date
    ended_at: Date | null
    length_ms: number | null
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
    adapted: Generated<number>
    sold_quantity: ColumnType<string, string | undefined, string>
    proceeds: ColumnType<string, string | undefined, string>
    realized_pnl: ColumnType<string, string | undefined, string>
  }
}
