import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import type { Db } from '../../infra/db/client.ts'
import type { DoorName } from '../../talk/chat/place.ts'

/** The waiting replies of one door. */
export interface DoorBacklog {
  door: DoorName
  rows: number
  /** The age of the oldest, in seconds. */
  age: number
}

/** Counts the waiting replies of the outbox by door. A reply that a door still holds a lease on is not counted. */
export async function waitingReplies(db: Db): Promise<DoorBacklog[]> {
  const { rows } = await sql<DoorBacklog>`
    select c.place ->> 'door' as door, count(*)::int as rows,
      greatest(0, extract(epoch from now() - min(r.created_at)))::float8 as age
    from replies r join conversations c on c.id = r.conversation_id
    where r.state in ('queued', 'posting') and (r.leased_until is null or r.leased_until <= now())
    group by 1`.execute(db)
  return rows
}

/** Counts the replies of the last day that were given up, by door. */
export async function givenUpReplies(db: Db): Promise<Map<DoorName, number>> {
  const { rows } = await sql<{ door: DoorName; rows: number }>`
    select c.place ->> 'door' as door, count(*)::int as rows
    from replies r join conversations c on c.id = r.conversation_id
    where r.state = 'failed' and r.created_at > now() - interval '1 day' group by 1`.execute(db)
  return new Map(rows.map((row) => [row.door, row.rows]))
}

/** The doors of this desk by its configuration, in whatever process they run. */
export function openDoors(config: Config): DoorName[] {
  const doors: DoorName[] = []
  if (config.DISCORD_TOKEN) doors.push('discord')
  if (config.SLACK_BOT_TOKEN) doors.push('slack')
  return doors.length > 0 ? doors : ['terminal']
}
