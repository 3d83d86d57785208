import { setTimeout as wait } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** So many rows are looked at in one transaction, and so many milliseconds pass before the next one. */
const atOnce = 1000
const pauseMs = 20

/** Tables from which old rows are removed, in this order: those that refer to others come first. */
export type Pruned = 'event_alerts' | 'alert_messages' | 'alert_minutes' | 'replies' | 'desk_events' | 'audit'

/**
 * How a table is gone through: by a column that rises with time, with the time of a row and with what else has to hold for
 * it to be removed. Nothing that waits, and nothing that another row refers to, is.
 */
interface Way {
  table: Pruned
  by: string
  type: 'bigint' | 'timestamptz'
  at: string
  only?: string
  removable: string
}

const ways: Way[] = [
  // Whether somebody was told of an event is asked for a day.
  { table: 'event_alerts', by: 'event_id', type: 'bigint', at: 'at', removable: `t.outcome <> 'held'` },
  { table: 'alert_messages', by: 'id', type: 'bigint', at: 'last_at', removable: 't.said = t.count' },
  {
    table: 'alert_minutes',
    ...{ by: 'conversation_id', type: 'bigint', at: 'began_at' },
    // The row says when the table of what was held back is due.
    removable: `not exists (select from event_alerts e where e.conversation_id = t.conversation_id and e.outcome = 'held')`,
  },
  {
    table: 'replies',
    ...{ by: 'id', type: 'bigint', at: 'created_at' },
    removable: `t.state in ('posted', 'failed', 'merged', 'left_out')
      and not exists (select from replies e where e.edits = t.id)
      and not exists (select from replies e where e.merged_into = t.id)
      and not exists (select from replies e where e.instead_of = t.id)
      and not exists (select from alert_messages m where m.reply_id = t.id)
      and not exists (select from scaleout_groups g where g.announcement = t.id)
      and not exists (select from scaleouts s where s.id = t.scaleout_id and s.state in ('running', 'paused'))`,
  },
  {
    table: 'desk_events',
    ...{ by: 'id', type: 'bigint', at: 'at' },
    // What was seen of a position that is open still would be seen, and told, anew.
    only: `(t.type like 'position.%' or t.type like 'watching.%')`,
    removable: `(t.urgency <> 'CRITICAL' or t.settled_at is not null)
      and not exists (select from positions p where p.id = t.position_id and p.closed_at is null)
      and not exists (select from event_alerts a where a.event_id = t.id)
      and not exists (select from guardian_decisions d where d.event_id = t.id)`,
  },
  {
    table: 'audit',
    ...{ by: 'heard_at', type: 'timestamptz', at: 'heard_at' },
    // The last message of each person in each conversation stays: who has spoken with the desk there is known by it.
    removable: `t.finished_at is not null
      and exists (select from audit l where l.conversation_id = t.conversation_id and l.member_id = t.member_id
        and l.heard_at > t.heard_at)
      and not exists (select from scheduled_orders o where o.ended_at is null
        and t.inbound_id in (o.inbound_id, 'scheduled-' || o.id))`,
  },
]

/** May this process prune now? Once a day one of all processes may, by the database's clock. */
export async function claimPruning(db: Db): Promise<boolean> {
  const { rows } = await sql`
    insert into chores (name, begun_at) values ('prune', now())
    on conflict (name) do update set begun_at = now() where chores.begun_at < now() - interval '1 day'
    returning 1`.execute(db)
  return rows.length > 0
}

/**
 * Removes what is older than `before`, delivered, settled and referred to by nothing, in small transactions with pauses, so
 * that nobody waits for it. Two that do it at once remove each row once. Answers with how many rows were removed.
 */
export async function prune(db: Db, before: Date, signal?: AbortSignal): Promise<Record<Pruned, number>> {
  const removed = { event_alerts: 0, alert_messages: 0, alert_minutes: 0, replies: 0, desk_events: 0, audit: 0 }
  for (const way of ways) {
    let from: string | null = null
    do {
      const batch: Batch = await pruneFrom(db, way, from, before)
      removed[way.table] += batch.removed
      // Rows come in the order of time, or nearly: where all are young, the rest is, too.
      from = batch.old > 0 ? batch.last : null
      if (from !== null) await wait(pauseMs, undefined, { signal }).catch(() => {})
    } while (from !== null && !signal?.aborted)
    if (signal?.aborted) break
  }
  return removed
}

interface Batch {
  removed: number
  /** Rows that were looked at and are old enough. */
  old: number
  /** The last that was looked at; the next batch begins behind it. */
  last: string | null
}

async function pruneFrom(db: Db, way: Way, from: string | null, before: Date): Promise<Batch> {
  const { table, by, type, at, only = 'true', removable } = way
  const [name, column, time] = [table, by, at].map((word) => sql.ref(word)) as [Part, Part, Part]
  const { rows } = await sql<Batch>`
    with batch as (
      select t.${column} as key, t.${time} as at from ${name} t
      where ${sql.raw(only)} and (${from}::${sql.raw(type)} is null or t.${column} > ${from}::${sql.raw(type)})
      order by t.${column} fetch first ${sql.lit(atOnce)} rows with ties
    ), gone as (
      delete from ${name} t using (select distinct key from batch where at < ${before}) old
      where t.${column} = old.key and t.${time} < ${before} and ${sql.raw(only)} and ${sql.raw(removable)}
      returning 1
    )
    select (select count(*) from gone) as removed, (select count(*) from batch where at < ${before}) as old,
      (select max(key)::text from batch) as last`.execute(db)
  return rows[0]!
}

type Part = RawBuilder<unknown>
