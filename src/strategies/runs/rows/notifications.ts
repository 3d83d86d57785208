import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Run } from '../rules/run.ts'

/** A message about an ended run to an address outside of chat. */
export interface Notification {
  id: number
  run: number
  /** `webhook:https://…`, or `email`: the address that its member has by then. */
  target: string
  /** This attempt counted. */
  attempts: number
}

/** Queues what an ended run sends to addresses outside of chat, each once. */
export async function queueNotifications(trx: Trx, run: Run): Promise<void> {
  const targets = run.notify.filter((target) => target !== 'dm')
  if (targets.length === 0) return
  await sql`
    insert into strategy_notifications (run, target, next_at)
    select ${run.id}::bigint, target, clock_timestamp() from unnest(${targets}::text[]) as target
    on conflict (run, target) do nothing`.execute(trx)
}

/** Takes the notifications that are due, and moves their next attempt away by `againMs`: one process at a time sends each. */
export async function takeNotifications(db: Db, againMs: number, most: number): Promise<Notification[]> {
  const { rows } = await sql<Notification>`
    update strategy_notifications n
    set attempts = n.attempts + 1, next_at = clock_timestamp() + ${`${againMs} milliseconds`}::interval
    from (
      select id from strategy_notifications where next_at <= clock_timestamp()
      order by next_at limit ${most} for update skip locked
    ) due
    where n.id = due.id returning n.id, n.run, n.target, n.attempts`.execute(db)
  return rows
}

/** Notes the outcome of an attempt: sent, to be tried again in `againMs`, or given up. False when it was sent or given up before. */
export async function noteNotification(
  db: Db,
  id: number,
  outcome: { sent: true } | { because: string; againMs?: number },
): Promise<boolean> {
  if ('sent' in outcome) {
    await sql`update strategy_notifications set sent_at = clock_timestamp(), next_at = null, failed_because = null
      where id = ${id}`.execute(db)
    return true
  }
  const { because, againMs } = outcome
  const next = againMs === undefined ? null : `${againMs} milliseconds`
  const { rows } = await sql`
    update strategy_notifications set failed_because = ${because}, next_at = clock_timestamp() + ${next}::interval
    where id = ${id} and next_at is not null returning id`.execute(db)
  return rows.length > 0
}
