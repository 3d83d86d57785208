import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** Clocks of processes that follow the database's clock differ by less than this, in milliseconds. */
const toleranceMs = 2000

/**
 * Running scaleouts whose last step lies in the future, because the clock was set back since. Their chunks would be late by the
 * same time.
 */
export async function scaleoutsAhead(db: Db, now: Date): Promise<{ id: number; positionId: number }[]> {
  const { rows } = await sql<{ id: number; positionId: number }>`
    select s.id, s.position_id as "positionId" from scaleouts s
    join lateral (select number from scaleout_chunks
      where scaleout_id = s.id and state = 'waiting' order by number limit 1) first on true
    left join scaleout_chunks before on before.scaleout_id = s.id and before.number = first.number - 1
    where s.state in ('running', 'paused')
      and greatest(s.started_at, before.done_at) > ${now}::timestamptz + ${toleranceMs} * interval '1 millisecond'
    order by s.id`.execute(db)
  return rows
}

/**
 * Moves all times of a scaleout back by the time that its last step is ahead: that step is now, and the later chunks keep their
 * spacing. The caller has locked its position. Returns the milliseconds; 0 when another process did it before.
 */
export async function rewindScaleout(trx: Trx, id: number, now: Date): Promise<number> {
  await sql`select from scaleouts where id = ${id} for no key update`.execute(trx)
  const { rows } = await sql<{ ahead: number }>`
    select (extract(epoch from greatest(s.started_at,
      (select max(done_at) from scaleout_chunks where scaleout_id = s.id)) - ${now}::timestamptz) * 1000)::float8 as ahead
    from scaleouts s where id = ${id}`.execute(trx)
  const { ahead } = rows[0]!
  if (ahead <= toleranceMs) return 0
  const back = sql`${ahead}::float8 * interval '1 millisecond'`
  await sql`update scaleouts set started_at = started_at - ${back}, bound_until = bound_until - ${back} where id = ${id}`.execute(
    trx,
  )
  await sql`
    update scaleout_chunks set due_at = due_at - ${back}, done_at = done_at - ${back} where scaleout_id = ${id}`.execute(
    trx,
  )
  return ahead
}
