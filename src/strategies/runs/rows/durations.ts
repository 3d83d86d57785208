import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The length of a run of which nothing is known yet, in milliseconds. */
const unknownMs = 30_000
/** So many of the last runs count. */
const last = 20

/**
 * The usual milliseconds of work by strategy: the median of its last completed runs. A function of the strategy, for one that has
 * none the median of all, else half a minute.
 */
export async function usualDurations(db: Db): Promise<(strategy: string) => number> {
  const { rows } = await sql<{ strategy: string | null; ms: number }>`
    with recent as (
      select strategy, worked_ms, row_number() over (partition by strategy order by id desc) as nth
      from strategy_runs where state = 'completed' and id > (select coalesce(max(id), 0) - 2000 from strategy_runs)
    )
    select strategy, percentile_cont(0.5) within group (order by worked_ms) as ms from recent where nth <= ${last}
    group by grouping sets ((strategy), ()) having count(*) > 0`.execute(db)
  const known = new Map(rows.map(({ strategy, ms }) => [strategy, ms]))
  const usual = known.get(null) ?? unknownMs
  return (strategy) => known.get(strategy) ?? usual
}
