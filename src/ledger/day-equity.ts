import { sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import { Big } from '../trading/amounts.ts'
import type { Thresholds } from '../trading/thresholds.ts'
import { dayIn, exchangeZone } from '../trading/zone.ts'
import { readThresholds } from './thresholds.ts'

/** What an account is worth now, and what it was worth when the exchange's day began for it; dollars. */
export interface AccountDay {
  accountId: number
  memberId: number
  /** `2026-11-20`. */
  day: string
  equity: Big
  /** Equity without what open positions have not realized. */
  settled: Big
  /** Undefined when nobody has looked at the account today. */
  start?: Big
  thresholds: Thresholds
  /** Its loss of this day has been reported. */
  isTripped: boolean
  /** The thread of the position that was opened last. */
  conversationId?: number
}

const dayOf = (at: Date) => dayIn(at, exchangeZone)

/** Under this key the breaker of an account trips once a day. */
export const breakerKey = (accountId: number, day: string) => `breaker-${accountId}-${day}`

/** Starting balance and realized P&L of all positions. */
const settledOf = sql`a.starting_balance
  + coalesce((select sum(p.realized_pnl) from positions p where p.account_id = a.id), 0)`

/** Unrealized P&L at the stored marks, but of what is open now, so that a fill since the mark does not count twice. */
const unrealizedOf = sql`coalesce((select sum(p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost)
  from positions p join position_watch w on w.position_id = p.id
  where p.account_id = a.id and p.closed_at is null), 0)`

/**
 * Equity of accounts at the marks that are stored, against the start of the day. With `begin`, the first look on a day
 * makes its start; only use it after marking.
 */
export async function accountDays(db: Db, accountIds: number[], at: Date, begin: boolean): Promise<AccountDay[]> {
  if (accountIds.length === 0) return []
  const { rows } = await sql<{
    account_id: number
    member_id: number
    settled: string
    unrealized: string
    start: string | null
    thresholds: unknown
    is_tripped: boolean
    conversation_id: number | null
  }>`
    with worth as (
      select a.id, a.member_id, ${settledOf} as settled, ${unrealizedOf} as unrealized
      from accounts a where a.id = any(${accountIds}::bigint[])
    ), begun as (
      insert into day_equity (account_id, day, equity)
      select id, ${dayOf(at)}::date, settled + unrealized from worth where ${begin} order by id
      on conflict do nothing
      returning account_id, equity
    )
    select w.id as account_id, w.member_id, w.settled, w.unrealized, coalesce(d.equity, b.equity) as start,
      (select r.thresholds from account_risk r where r.account_id = w.id) as thresholds,
      exists (select from desk_events e where e.dedupe_key = 'breaker-' || w.id || '-' || ${dayOf(at)}::text) as is_tripped,
      (select p.conversation_id from positions p
        where p.account_id = w.id order by p.opened_at desc, p.id desc limit 1) as conversation_id
    from worth w
    left join begun b on b.account_id = w.id
    left join day_equity d on d.account_id = w.id and d.day = ${dayOf(at)}::date`.execute(db)
  return rows.map((row) => ({
    accountId: row.account_id,
    memberId: row.member_id,
    day: dayOf(at),
    equity: new Big(row.settled).plus(row.unrealized),
    settled: new Big(row.settled),
    start: row.start === null ? undefined : new Big(row.start),
    thresholds: readThresholds(row.thresholds),
    isTripped: row.is_tripped,
    conversationId: row.conversation_id ?? undefined,
  }))
}

/** Accounts of a shard that were looked at today: they may have lost their limit without anything open any more. */
export async function accountsOfDay(db: Db, shard: { index: number; of: number }, at: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('day_equity')
    .select('account_id')
    .where('day', '=', sql<Date>`${dayOf(at)}::date`)
    .where(sql<boolean>`account_id % ${shard.of} = ${shard.index}`)
    .execute()
  return rows.map((row) => row.account_id)
}

/**
 * Moves the start of the day by what a recorded position brought with it: its profit or loss from before it was
 * recorded is not of this day. Call it in the transaction that records, after marking.
 */
export async function moveDayStart(trx: Trx, accountId: number, brought: Big, at: Date): Promise<void> {
  await sql`
    insert into day_equity as d (account_id, day, equity, brought)
    select a.id, ${dayOf(at)}::date, ${settledOf} + ${unrealizedOf}, ${brought.toFixed()}::numeric
    from accounts a where a.id = ${accountId}
    on conflict (account_id, day) do update set
      equity = d.equity + excluded.brought, brought = d.brought + excluded.brought`.execute(trx)
}

/**
 * What an account was worth, in dollars, when a day of the exchange began at `from`; what recorded positions have brought
 * since counts as if it had been there. Exact where nothing was open over that midnight; else what the first look on the day
 * saw, and undefined when nobody looked.
 */
export async function equityAt(db: Db, accountId: number, from: Date): Promise<Big | undefined> {
  const day = sql`${dayOf(from)}::date`
  const { rows } = await sql<{ settled: string; held: boolean; seen: string | null; brought: string; later: string }>`
    select ${settledOf} - coalesce((select sum(f.realized_pnl) from positions p join fills f on f.position_id = p.id
        where p.account_id = a.id and (p.closed_at is null or p.closed_at >= ${from}) and f.filled_at >= ${from}), 0)
        - coalesce((select sum(j.realized_pnl) from position_adjustments j where j.account_id = a.id and j.at >= ${from}), 0)
        as settled,
      exists (select from positions p where p.account_id = a.id and p.opened_at < ${from}
        and (p.closed_at is null or p.closed_at >= ${from})) as held,
      (select d.equity from day_equity d where d.account_id = a.id and d.day = ${day}) as seen,
      coalesce((select sum(d.brought) from day_equity d where d.account_id = a.id and d.day >= ${day}), 0) as brought,
      coalesce((select sum(d.brought) from day_equity d where d.account_id = a.id and d.day > ${day}), 0) as later
    from accounts a where a.id = ${accountId}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  if (!row.held) return new Big(row.settled).plus(row.brought)
  return row.seen === null ? undefined : new Big(row.seen).plus(row.later)
}
