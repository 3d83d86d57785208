import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'

/** A run that starts by itself on the exchange's days. */
export interface RunSchedule {
  id: number
  memberId: number
  /** Its number among the schedules of its member. */
  number: number
  accountId?: number
  conversationId?: number
  /** The template whose strategy and parameters it takes, as they are when it is due. */
  templateName?: string
  /** Its own, for when there is no template, or none any more. */
  strategy: string
  parameters: Record<string, unknown>
  notify: string[]
  /** `weekdays`, or a weekday: `monday`. */
  days: string
  /** `16:15`, by the clocks of `zone`. */
  localTime: string
  zone: string
  /** Undefined once it is off. */
  nextAt?: Date
}

export type NewSchedule = Omit<RunSchedule, 'id' | 'number' | 'nextAt'> & { requestId: string; nextAt: Date }

/** The most schedules of a member that are on at once. */
export const mostSchedules = 20

/** Saves a schedule, once for its request. */
export async function insertSchedule(trx: Trx, made: NewSchedule, at: Date): Promise<RunSchedule | 'too many'> {
  // The lock gives each schedule a number of its own, and keeps the bound.
  await sql`select from members where id = ${made.memberId} for no key update`.execute(trx)
  const before = await schedules(trx).where('request_id', '=', made.requestId).executeTakeFirst()
  if (before) return toSchedule(before)
  const { rows } = await sql<{ last: number; on: number }>`
    select coalesce(max(number), 0)::int as last, count(*) filter (where state = 'on')::int as on
    from strategy_schedules where member_id = ${made.memberId}`.execute(trx)
  const { last, on } = rows[0]!
  if (on >= mostSchedules) return 'too many'
  const row = await trx
    .insertInto('strategy_schedules')
    .values({
      ...{ member_id: made.memberId, number: last + 1, request_id: made.requestId },
      ...{ account_id: made.accountId, conversation_id: made.conversationId, template_name: made.templateName },
      ...{ strategy: made.strategy, parameters: JSON.stringify(made.parameters), notify: made.notify },
      ...{ days: made.days, local_time: made.localTime, zone: made.zone, next_at: made.nextAt, made_at: at },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toSchedule(row)
}

/** The schedules of a member that are on, by number. */
export async function schedulesOf(db: Db, memberId: number): Promise<RunSchedule[]> {
  const rows = await schedules(db)
    .where('member_id', '=', memberId)
    .where('state', '=', 'on')
    .orderBy('number')
    .execute()
  return rows.map(toSchedule)
}

/** The schedules that are due at a time. */
export async function dueSchedules(db: Db, at: Date): Promise<(RunSchedule & { nextAt: Date })[]> {
  const rows = await schedules(db).where('state', '=', 'on').where('next_at', '<=', at).orderBy('next_at').execute()
  return rows.map((row) => ({ ...toSchedule(row), nextAt: row.next_at! }))
}

/** Moves a schedule on, from the time at which it was due. False when another process did, or it is off. */
export async function moveOn(db: Db, { id, nextAt }: { id: number; nextAt: Date }, to: Date): Promise<boolean> {
  const moved = await db
    .updateTable('strategy_schedules')
    .set({ next_at: to })
    .where('id', '=', id)
    .where('state', '=', 'on')
    .where('next_at', '=', nextAt)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

/** Ends all schedules of a member, or the one with this number. Returns those that were on. */
export async function endSchedules(db: Db, memberId: number, at: Date, number?: number): Promise<RunSchedule[]> {
  const rows = await db
    .updateTable('strategy_schedules')
    .set({ state: 'off', next_at: null, ended_at: at })
    .where('member_id', '=', memberId)
    .where('state', '=', 'on')
    .$if(number !== undefined, (query) => query.where('number', '=', number!))
    .returningAll()
    .execute()
  return rows.map(toSchedule).sort((a, b) => a.number - b.number)
}

const schedules = (db: Db) => db.selectFrom('strategy_schedules').selectAll()

function toSchedule(row: Selectable<Database['strategy_schedules']>): RunSchedule {
  return {
    ...{ id: row.id, memberId: row.member_id, number: row.number },
    ...{ accountId: row.account_id ?? undefined, conversationId: row.conversation_id ?? undefined },
    ...{ templateName: row.template_name ?? undefined, strategy: row.strategy, parameters: row.parameters },
    ...{ notify: row.notify, days: row.days, localTime: row.local_time, zone: row.zone },
    nextAt: row.next_at ?? undefined,
  }
}
