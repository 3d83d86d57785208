import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { type Scaleout, type ScaleoutRow, scaleoutColumns, toScaleout } from './scaleouts.ts'

/** A scaleout with its place among the tasks, and its times. */
export interface ListedScaleout extends Scaleout {
  taskNumber: number
  /** When the last chunk is due. */
  lastDueAt: Date
  /** When the next chunk is due; absent when none waits. */
  nextDueAt?: Date
}

/** The scaleouts that are wanted, of one account: all, the running or the ended ones, one by its id, or the ones before an id. */
export interface ScaleoutFilter {
  state?: 'running' | 'ended' | 'all'
  symbol?: string
  id?: number
  before?: number
  most: number
}

/** Scaleouts of accounts, the newest first. */
export async function listScaleouts(
  db: Db,
  accountIds: readonly number[],
  { state = 'all', symbol, id, before, most }: ScaleoutFilter,
): Promise<ListedScaleout[]> {
  const running = sql`s.state in ('running', 'paused')`
  const inState = { all: sql`true`, running, ended: sql`not ${running}` }[state]
  const { rows } = await sql<ScaleoutRow & { task_number: number; last_due_at: Date | null; next_due_at: Date | null }>`
    select ${scaleoutColumns}, s.task_number,
      (select max(c.due_at) from scaleout_chunks c where c.scaleout_id = s.id) as last_due_at,
      (select min(c.due_at) from scaleout_chunks c where c.scaleout_id = s.id and c.state = 'waiting') as next_due_at
    from scaleouts s
    where s.account_id = any(${[...accountIds]}::bigint[]) and ${inState}
      and (${symbol ?? null}::text is null or s.symbol = ${symbol ?? null})
      and (${id ?? null}::bigint is null or s.id = ${id ?? null})
      and (${before ?? null}::bigint is null or s.id < ${before ?? null})
    order by s.id desc limit ${most}`.execute(db)
  return rows.map((row) => ({
    ...toScaleout(row),
    taskNumber: row.task_number,
    lastDueAt: row.last_due_at ?? row.started_at,
    ...(row.next_due_at && { nextDueAt: row.next_due_at }),
  }))
}
