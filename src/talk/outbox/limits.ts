import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Pace } from '../chat/door.ts'
import { channelKey, type Place } from '../chat/place.ts'

/**
 * Takes one post from a channel's rate limit (a token bucket). Returns 0 when the post may go out now. Otherwise it takes nothing
 * and returns the milliseconds until there is room. All processes of a door share the bucket, on the database's clock.
 */
export async function takeAllowance(db: Db, place: Place, { everyMs, burst }: Pace): Promise<number> {
  const [every, spare] = [`${everyMs} milliseconds`, `${everyMs * (burst - 1)} milliseconds`]
  const { rows } = await sql<{ wait: number }>`
    with taken as (
      insert into posting_limits as l (key, whole_at)
      select ${channelKey(place)}, clock_timestamp() + ${every}::interval
      where not exists (select from posting_limits where key = ${place.door} and paused_until > now())
      on conflict (key) do update set whole_at = greatest(l.whole_at, clock_timestamp()) + ${every}::interval
        where l.whole_at - ${spare}::interval <= clock_timestamp()
          and (l.paused_until is null or l.paused_until <= clock_timestamp())
      returning key
    )
    select case when exists (select from taken) then 0 else greatest(1, extract(epoch from greatest(
      (select greatest(whole_at - ${spare}::interval, paused_until) from posting_limits where key = ${channelKey(place)}),
      (select paused_until from posting_limits where key = ${place.door})) - clock_timestamp()) * 1000)::float8 end as wait`.execute(
    db,
  )
  return Math.ceil(rows[0]!.wait ?? 1)
}

/** Returns the allowance of a post that was not made. */
export async function giveAllowanceBack(db: Db, place: Place, { everyMs }: Pace): Promise<void> {
  await sql`update posting_limits set whole_at = whole_at - ${`${everyMs} milliseconds`}::interval
    where key = ${channelKey(place)}`.execute(db)
}

/**
 * Pauses a channel or the whole door, because the platform asked for it. After the pause the channel has no burst left and
 * continues at its normal rate, in every process.
 */
export async function pauseAllowance(
  db: Db,
  place: Place,
  { everyMs, burst }: Pace,
  reach: 'channel' | 'door',
  ms: number,
): Promise<void> {
  const key = reach === 'door' ? place.door : channelKey(place)
  const [pause, whole] = [`${ms} milliseconds`, `${ms + everyMs * (burst - 1)} milliseconds`]
  await sql`
    insert into posting_limits as l (key, whole_at, paused_until)
    values (${key}, clock_timestamp() + ${whole}::interval, clock_timestamp() + ${pause}::interval)
    on conflict (key) do update set whole_at = greatest(l.whole_at, excluded.whole_at),
      paused_until = greatest(l.paused_until, excluded.paused_until)`.execute(db)
}

/** Deletes the rows of channels whose allowance has been full for an hour; for the sweep. */
export async function forgetAllowances(db: Db): Promise<void> {
  await sql`delete from posting_limits where greatest(whole_at, paused_until) < now() - interval '1 hour'`.execute(db)
}
