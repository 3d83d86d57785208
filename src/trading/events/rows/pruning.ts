import { setTimeout as wait } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The rows that one transaction looks at, and the pause after it in milliseconds. */
const atOnce = 1000
const pauseMs = 20

/** Tables whose old rows are removed, in this order: a referring table comes before the table it refers to. */
export type Pruned =
  | 'event_alerts'
  | 'alert_messages'
  | 'alert_minutes'
  | 'replies'
  | 'desk_events'
  | 'audit'
  | 'api_requests'
  | 'login_links'
  | 'web_sessions'
  | 'strategy_runs'

/**
 * The way to prune a table: a column that rises with time, the time of a row, and the other conditions for removing it. A row
 * that waits, or that another row refers to, stays.
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
  // The desk looks for untold events of up to a day ago. A held row waits for its table.
  { table: 'event_alerts', by: 'event_id', type: 'bigint', at: 'at', removable: `t.outcome <> 'held'` },
  { table: 'alert_messages', by: 'id', type: 'bigint', at: 'last_at', removable: 't.said = t.count' },
  {
    table: 'alert_minutes',
    ...{ by: 'conversation_id', type: 'bigint', at: 'began_at' },
    // The row says when the table of held-back alerts is due.
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
      and not exists (select from strategy_runs s where s.post_row = t.id and s.ended_at is null)
      and not exists (select from scaleouts s where s.id = t.scaleout_id and s.state in ('running', 'paused'))`,
  },
  {
    table: 'desk_events',
    ...{ by: 'id', type: 'bigint', at: 'at' },
    // The watch would see and tell an event of an open position again if its row were gone.
    only: `(t.type like 'position.%' or t.type like 'watching.%')`,
    removable: `(t.urgency <> 'CRITICAL' or t.settled_at is not null)
      and not exists (select from positions p where p.id = t.position_id and p.closed_at is null)
      and not exists (select from event_alerts a where a.event_id = t.id)
      and not exists (select from guardian_decisions d where d.event_id = t.id)`,
  },
  {
    table: 'audit',
    ...{ by: 'heard_at', type: 'timestamptz', at: 'heard_at' },
    // Keep the last message of each person in each conversation: `hasSpoken` needs it.
    removable: `t.finished_at is not null
      and exists (select from audit l where l.conversation_id = t.conversation_id and l.member_id = t.member_id
        and l.heard_at > t.heard_at)
      and not exists (select from scheduled_orders o where o.ended_at is null
        and t.inbound_id in (o.inbound_id, 'scheduled-' || o.id))`,
  },
  {
    table: 'api_requests',
    ...{ by: 'begun_at', type: 'timestamptz', at: 'begun_at' },
    removable: 't.status is not null',
  },
  { table: 'login_links', ...{ by: 'created_at', type: 'timestamptz', at: 'created_at' }, removable: 'true' },
  // An open session ends by itself long before it is this old.
  {
    table: 'web_sessions',
    ...{ by: 'id', type: 'bigint', at: 'used_at' },
    removable: 't.expires_at < now() or t.ended_at is not null',
  },
  {
    table: 'strategy_runs',
    ...{ by: 'id', type: 'bigint', at: 'asked_at' },
    // The last run of each member keeps its number from being used again, and `rerun` knows it. Results go with their run.
    removable: `t.ended_at is not null
      and not exists (select from strategy_notifications n where n.run = t.id and n.next_at is not null)
      and exists (select from strategy_runs l where l.member_id = t.member_id and l.number > t.number)`,
  },
]

/** May this process prune now? One of all processes may, once a day by the database's clock. */
export async function claimPruning(db: Db): Promise<boolean> {
  const { rows } = await sql`
    insert into chores (name, begun_at) values ('prune', now())
    on conflict (name) do update set begun_at = now() where chores.begun_at < now() - interval '1 day'
    returning 1`.execute(db)
  return rows.length > 0
}

/**
 * Removes rows older than `before` that are delivered and settled and that no row refers to. It uses small transactions with
 * pauses, so that nobody waits for it. Two concurrent calls remove each row once. Returns the number of removed rows by table.
 */
export async function prune(db: Db, before: Date, signal?: AbortSignal): Promise<Record<Pruned, number>> {
  const removed = Object.fromEntries(ways.map(({ table }) => [table, 0])) as Record<Pruned, number>
  for (const way of ways) {
    let from: string | null = null
    do {
      const batch: Batch = await pruneFrom(db, way, from, before)
      removed[way.table] += batch.removed
      // Rows come nearly in the order of time: if a whole batch is young, the rest is, too.
      from = batch.old > 0 ? batch.last : null
      if (from !== null) await wait(pauseMs, undefined, { signal }).catch(() => {})
    } while (from !== null && !signal?.aborted)
    if (signal?.aborted) break
  }
  return removed
}

interface Batch {
  removed: number
  /** Rows in the batch that are old enough. */
  old: number
  /** The key of the last row in the batch; the next batch begins after it. */
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
