import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import { dollarsText, momentText, percentText } from '../../../base/format.ts'
import { dayIn, exchangeZone, momentOn } from '../../../base/zone.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { type DayBasis, dayLoss } from '../rules/day-loss.ts'
import type { Thresholds } from '../rules/thresholds.ts'
import { readThresholds } from './thresholds.ts'

/** What an account is worth now, and what its loss of the exchange's day is measured by; dollars. */
export interface AccountDay extends DayBasis {
  accountId: number
  memberId: number
  /** `alice`, or `alice · swing` where its member has several. */
  account: string
  /** `2026-11-20`. */
  day: string
  equity: Big
  /** Equity without what open positions have not realized. */
  settled: Big
  /** How often an owner resumed it after a loss of this day, and when last. */
  resumes: number
  resumedAt?: Date
  thresholds: Thresholds
  /** Its loss since the base has been reported. */
  isTripped: boolean
  /** The thread of the position that was opened last. */
  conversationId?: number
}

const dayOf = (at: Date) => dayIn(at, exchangeZone)
const beginOf = (day: string) => momentOn(day, '00:00', exchangeZone)

/** Under this key the breaker of an account trips once a day, and once more after each time that an owner resumed it. */
export const breakerKey = ({ accountId, day, resumes }: Pick<AccountDay, 'accountId' | 'day' | 'resumes'>) =>
  `breaker-${accountId}-${day}${resumes > 0 ? `-${resumes}` : ''}`

/** The loss of the day in a sentence: dollars, share, since when, and the limit. */
export function lossText(day: AccountDay): string {
  const { start, base, equity, resumedAt, thresholds } = day
  const lost = base.minus(equity)
  const share = dayLoss(day, equity)?.abs()
  const since = resumedAt
    ? `since it was resumed at ${momentText(resumedAt)}`
    : `since the day began (${momentText(beginOf(day.day))})`
  const percent = (value: Big) => percentText(value).slice(1)
  const limit = `the limit is ${percent(thresholds.dayLoss)}, ${dollarsText(start.times(thresholds.dayLoss))}`
  return `The account ${lost.lt(0) ? 'gained' : 'lost'} ${dollarsText(lost.abs())}${share ? `, ${percent(share)} of ${dollarsText(start)},` : ''} ${since}; ${limit}`
}

/** Starting balance and realized P&L of all positions. */
const settledOf = sql`a.starting_balance
  + coalesce((select sum(p.realized_pnl) from positions p where p.account_id = a.id), 0)`

/** Unrealized P&L at the stored marks, but of what is open now, so that a fill since the mark does not count twice. */
const unrealizedOf = sql`coalesce((select sum(p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost)
  from positions p join position_watch w on w.position_id = p.id
  where p.account_id = a.id and p.closed_at is null), 0)`

/**
 * What an account was worth when the day began, however late that is asked: what was opened since has gained and lost
 * nothing yet. What was open over midnight counts at its mark of now, and what of it was closed since at its fills.
 */
const startOf = (day: string) => sql`a.starting_balance
  + coalesce((select sum(p.realized_pnl) from positions p
    where p.account_id = a.id and p.opened_at < ${beginOf(day)}), 0)
  + coalesce((select sum(p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost)
    from positions p join position_watch w on w.position_id = p.id
    where p.account_id = a.id and p.closed_at is null and p.opened_at < ${beginOf(day)}), 0)`

/**
 * Equity of accounts at the marks that are stored, against the start of the day. With `begin`, the first look on a day
 * keeps its start; only use it after marking.
 */
export async function accountDays(db: Db, accountIds: number[], at: Date, begin: boolean): Promise<AccountDay[]> {
  if (accountIds.length === 0) return []
  const day = dayOf(at)
  const { rows } = await sql<{
    account_id: number
    member_id: number
    account: string
    settled: string
    unrealized: string
    start: string
    base: string | null
    resumes: number
    resumed_at: Date | null
    thresholds: unknown
    is_tripped: boolean
    conversation_id: number | null
  }>`
    with worth as (
      select a.id, a.member_id, a.name, a.starting_balance + booked.total as settled, open.total as unrealized,
        a.starting_balance + booked.before + open.before as start
      from accounts a
      cross join lateral (select coalesce(sum(p.realized_pnl), 0) as total,
          coalesce(sum(p.realized_pnl) filter (where p.opened_at < ${beginOf(day)}), 0) as before
        from positions p where p.account_id = a.id) booked
      cross join lateral (select coalesce(sum(gained), 0) as total,
          coalesce(sum(gained) filter (where p.opened_at < ${beginOf(day)}), 0) as before
        from positions p join position_watch w on w.position_id = p.id
        cross join lateral (select p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost as gained) g
        where p.account_id = a.id and p.closed_at is null) open
      where a.id = any(${accountIds}::bigint[])
    ), begun as (
      insert into day_equity (account_id, day, equity)
      select id, ${day}::date, start from worth where ${begin} order by id
      on conflict do nothing
    )
    select w.id as account_id, w.member_id, w.settled, w.unrealized, coalesce(d.equity, w.start) as start,
      d.resumed_equity as base, coalesce(d.resumes, 0) as resumes, d.resumed_at,
      m.name || case when exists (select from accounts o where o.member_id = w.member_id and o.id <> w.id)
        then ' · ' || w.name else '' end as account,
      (select r.thresholds from account_risk r where r.account_id = w.id) as thresholds,
      exists (select from desk_events e where e.dedupe_key = 'breaker-' || w.id || '-' || ${day}::text
        || case when d.resumes > 0 then '-' || d.resumes else '' end) as is_tripped,
      (select p.conversation_id from positions p
        where p.account_id = w.id order by p.opened_at desc, p.id desc limit 1) as conversation_id
    from worth w
    join members m on m.id = w.member_id
    left join day_equity d on d.account_id = w.id and d.day = ${day}::date`.execute(db)
  return rows.map((row) => ({
    accountId: row.account_id,
    memberId: row.member_id,
    account: row.account,
    day,
    equity: new Big(row.settled).plus(row.unrealized),
    settled: new Big(row.settled),
    start: new Big(row.start),
    base: new Big(row.base ?? row.start),
    resumes: row.resumes,
    resumedAt: row.resumed_at ?? undefined,
    thresholds: readThresholds(row.thresholds),
    isTripped: row.is_tripped,
    conversationId: row.conversation_id ?? undefined,
  }))
}

/** Accounts of a shard that were looked at today or closed something: they may have lost their limit without anything open any more. */
export async function accountsOfDay(db: Db, shard: { index: number; of: number }, at: Date): Promise<number[]> {
  const day = dayOf(at)
  const { rows } = await sql<{ account_id: number }>`
    select account_id from day_equity where day = ${day}::date and account_id % ${shard.of} = ${shard.index}
    union
    select account_id from positions where closed_at >= ${beginOf(day)} and account_id % ${shard.of} = ${shard.index}`.execute(
    db,
  )
  return rows.map((row) => row.account_id)
}

/**
 * Keeps what an account was worth when the day began, unless that is kept already. Call it in the transaction that
 * records a position, before anything of it is written.
 */
export async function beginDay(trx: Trx, accountId: number, at: Date): Promise<void> {
  const day = dayOf(at)
  await sql`
    insert into day_equity (account_id, day, equity)
    select a.id, ${day}::date, ${startOf(day)} from accounts a where a.id = ${accountId}
    on conflict do nothing`.execute(trx)
}

/**
 * Moves the start of a day that has begun by what a recorded position brought with it: its profit or loss from before it
 * was recorded is not of this day. Call it in the transaction that records, after marking.
 */
export async function moveDayStart(trx: Trx, accountId: number, brought: Big, at: Date): Promise<void> {
  await sql`
    update day_equity set equity = equity + ${brought.toFixed()}::numeric,
      resumed_equity = resumed_equity + ${brought.toFixed()}::numeric, brought = brought + ${brought.toFixed()}::numeric
    where account_id = ${accountId} and day = ${dayOf(at)}::date`.execute(trx)
}

/**
 * An owner resumes an account: if it had lost its limit, losses count from what is left, at the stored marks, and the
 * breaker can trip again. A halt that somebody had asked for changes nothing of that.
 */
export async function moveDayBase(trx: Trx, accountId: number, at: Date): Promise<void> {
  const day = dayOf(at)
  await sql`
    update day_equity d set resumes = d.resumes + 1, resumed_at = ${at},
      resumed_equity = (select ${settledOf} + ${unrealizedOf} from accounts a where a.id = ${accountId})
    where d.account_id = ${accountId} and d.day = ${day}::date
      and exists (select from desk_events e where e.dedupe_key = 'breaker-' || d.account_id || '-' || ${day}::text
        || case when d.resumes > 0 then '-' || d.resumes else '' end)`.execute(trx)
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
