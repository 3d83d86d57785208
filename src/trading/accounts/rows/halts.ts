import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** A halt of an account, with its reason and start: the account may not open or add to positions. */
export interface Halt {
  at: Date
  because: string
  /** The time zone of the account's member; absent means the exchange's. */
  timeZone?: string
}

/** The halt of an account; undefined when it may trade. */
export async function haltOf(db: Db, accountId: number): Promise<Halt | undefined> {
  const row = await db
    .selectFrom('account_risk as r')
    .innerJoin('accounts as a', 'a.id', 'r.account_id')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['r.halted_at', 'r.halted_because', 'm.time_zone'])
    .where('r.account_id', '=', accountId)
    .executeTakeFirst()
  return row && readHalt(row)
}

/** The halt in a row; undefined when the account may trade. */
export function readHalt(row: {
  halted_at: Date | null
  halted_because: string | null
  time_zone: string | null
}): Halt | undefined {
  if (!row.halted_at) return undefined
  const because = row.halted_because ?? 'the circuit breaker tripped'
  return { at: row.halted_at, because, ...(row.time_zone !== null && { timeZone: row.time_zone }) }
}

/**
 * Reads the halt and locks the account for share until the transaction ends. No halt can begin meanwhile, and a halt that comes
 * later sees everything opened before it. Every transaction locks the account before any of its positions.
 */
export async function holdHalt(trx: Trx, accountId: number): Promise<Halt | undefined> {
  await sql`select from accounts where id = ${accountId} for share`.execute(trx)
  return haltOf(trx, accountId)
}

/**
 * Halts an account, unless it is halted already. False when the event that caused the halt has been settled; then nothing is
 * written.
 */
export async function halt(trx: Trx, accountId: number, eventId: number, because: string, at: Date): Promise<boolean> {
  await sql`select from accounts where id = ${accountId} for no key update`.execute(trx)
  const { rows } = await sql`
    insert into account_risk (account_id, halted_at, halted_because)
    select ${accountId}::bigint, ${at}::timestamptz, ${because}
    from desk_events where id = ${eventId} and settled_at is null
    on conflict (account_id) do update set
      halted_at = coalesce(account_risk.halted_at, excluded.halted_at),
      halted_because = case when account_risk.halted_at is null then excluded.halted_because
        else account_risk.halted_because end
    returning 1`.execute(trx)
  return rows.length > 0
}

/**
 * Ends the halt of an account and settles its breaker events. The account's open positions are locked. Returns the former halt;
 * undefined when there was none.
 */
export async function endHalt(trx: Trx, accountId: number, at: Date): Promise<Halt | undefined> {
  const before = await haltOf(trx, accountId)
  await trx
    .updateTable('account_risk')
    .set({ halted_at: null, halted_because: null })
    .where('account_id', '=', accountId)
    .execute()
  await trx
    .updateTable('desk_events')
    .set({ settled_at: at })
    .where('account_id', '=', accountId)
    .where('type', '=', 'risk.circuit_breaker_tripped')
    .where('settled_at', 'is', null)
    .execute()
  return before
}

/** Locks an account and all its open positions. Returns the ids of the positions. */
export async function lockAccount(trx: Trx, accountId: number): Promise<number[]> {
  await sql`select from accounts where id = ${accountId} for no key update`.execute(trx)
  const { rows } = await sql<{ id: number }>`
    select id from positions where account_id = ${accountId} and closed_at is null order by id for no key update`.execute(
    trx,
  )
  return rows.map(({ id }) => id)
}
