import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'

/** The runs of a strategy so far. */
export interface RunStats {
  strategy: string
  runs: number
  completed: number
  failed: number
  cancelled: number
  /** The median of completed runs; undefined without one. */
  medianMs?: number
  /** The median milliseconds between the request and the start. */
  medianWaitMs?: number
  /** The median symbols a second of completed runs. */
  tickersPerSecond?: number
  /** The median number of hits of completed runs. */
  hits?: number
  /** The last completed runs, the newest first. */
  lastHits: { number: number; at: Date; hits: number; of: number }[]
}

/** Completed runs whose hits are listed. */
const listed = 5

/** Durations, rates, failures and hits over time of a member's runs, by strategy; with an account only of its runs, and those of none. */
export async function statsOf(db: Db, memberId: number, accountId?: number): Promise<RunStats[]> {
  const isSeen = sql`member_id = ${memberId}
    and (${accountId ?? null}::bigint is null or account_id is null or account_id = ${accountId ?? null})`
  const { rows } = await sql<Row>`
    select strategy, count(*)::int as runs,
      count(*) filter (where state = 'completed')::int as completed,
      count(*) filter (where state = 'error')::int as failed,
      count(*) filter (where state = 'cancelled')::int as cancelled,
      percentile_cont(0.5) within group (order by worked_ms) filter (where state = 'completed') as median_ms,
      percentile_cont(0.5) within group (order by extract(epoch from started_at - asked_at)::float8 * 1000)
        filter (where started_at is not null) as median_wait_ms,
      percentile_cont(0.5) within group (order by completed_items::float8 * 1000 / greatest(worked_ms, 1))
        filter (where state = 'completed') as rate,
      percentile_cont(0.5) within group (order by passed_count) filter (where state = 'completed') as hits
    from strategy_runs where ${isSeen} group by strategy order by strategy`.execute(db)
  const last = await sql<{ strategy: string; number: number; at: Date; hits: number; of: number }>`
    select strategy, number, ended_at as at, passed_count as hits, completed_items as of from (
      select *, row_number() over (partition by strategy order by number desc) as nth
      from strategy_runs where ${isSeen} and state = 'completed'
    ) r where nth <= ${listed} order by strategy, number desc`.execute(db)
  const of = Map.groupBy(last.rows, ({ strategy }) => strategy)
  return rows.map((row) => ({
    ...{ strategy: row.strategy, runs: row.runs, completed: row.completed },
    ...{ failed: row.failed, cancelled: row.cancelled, medianMs: row.median_ms ?? undefined },
    ...{ medianWaitMs: row.median_wait_ms ?? undefined, tickersPerSecond: row.rate ?? undefined },
    hits: row.hits ?? undefined,
    lastHits: (of.get(row.strategy) ?? []).map(({ strategy: _, ...hits }) => hits),
  }))
}

interface Row {
  strategy: string
  runs: number
  completed: number
  failed: number
  cancelled: number
  median_ms: number | null
  median_wait_ms: number | null
  rate: number | null
  hits: number | null
}
