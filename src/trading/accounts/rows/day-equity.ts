import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import { dollarsText, momentText, percentText, profitText } from '../../../base/format.ts'
import { dayIn, exchangeZone, momentOn } from '../../../base/zone.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { type DayBasis, dayLoss } from '../rules/day-loss.ts'
import type { Thresholds } from '../rules/thresholds.ts'
import { readThresholds } from './thresholds.ts'

/** The equity of an account now, and the basis of its loss on this day of the exchange; dollars. */
export interface AccountDay extends DayBasis {
  accountId: number
  memberId: number
  /** `alice`, or `alice · swing` when the member has several accounts. */
  account: string
  /** `2026-11-20`. */
  day: string
  equity: Big
  /** P&L that positions had gained before they were recorded on this day, which is no result of the day; dollars. */
  brought: Big
  /** Equity without the unrealized P&L of open positions. */
  settled: Big
  /** The number of times that an owner resumed the account after a loss of this day, and the last time. */
  resumes: number
  resumedAt?: Date
  thresholds: Thresholds
  /** The loss since the base has been reported. */
  isTripped: boolean
  /** The conversation of the position that was opened last. */
  conversationId?: number
}

const dayOf = (at: Date) => dayIn(at, exchangeZone)
const beginOf = (day: string) => momentOn(day, '00:00', exchangeZone)

/** The dedupe key of a breaker event: the breaker trips once a day, and once more after each `resume` of an owner. */
export const breakerKey = ({ accountId, day, resumes }: Pick<AccountDay, 'accountId' | 'day' | 'resumes'>) =>
  `breaker-${accountId}-${day}${resumes > 0 ? `-${resumes}` : ''}`

/** The loss of the day in a sentence: dollars, share, starting time, and the limit. */
export function lossText(day: AccountDay): string {
  const { start, base, equity, brought, resumedAt, thresholds } = day
  const lost = base.minus(equity)
  const share = dayLoss(day, equity)?.abs()
  const since = resumedAt
    ? `since it was resumed at ${momentText(resumedAt)}`
    : `since the day began (${momentText(beginOf(day.day))})`
  const percent = (value: Big) => percentText(value).slice(1)
  const limit = `the limit is ${percent(thresholds.dayLoss)}, ${dollarsText(start.times(thresholds.dayLoss))}`
  const without = brought.eq(0) ? '' : ` (without ${profitText(brought)} of P&L from before positions were recorded)`
  return `The account ${lost.lt(0) ? 'gained' : 'lost'} ${dollarsText(lost.abs())}${share ? `, ${percent(share)} of ${dollarsText(start)},` : ''} ${since}${without}; ${limit}`
}

/** Starting balance and realized P&L of all positions. */
const settledOf = sql`a.starting_balance
  + coalesce((select sum(p.realized_pnl) from positions p where p.account_id = a.id), 0)`

/** Unrealized P&L at the stored marks. It uses the present quantity, so that a fill after the mark does not count twice. */
const unrealizedOf = sql`coalesce((select sum(p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost)
  from positions p join position_watch w on w.position_id = p.id
  where p.account_id = a.id and p.closed_at is null), 0)`

/**
 * The equity of an account when the day began, computed at any later time. A position opened since then has no P&L yet at the
 * start. A position that was open at midnight counts at its present mark; the part closed since then counts at its fills.
 */
const startOf = (day: string) => sql`a.starting_balance
  + coalesce((select sum(p.realized_pnl) from positions p
    where p.account_id = a.id and p.opened_at < ${beginOf(day)}), 0)
  + coalesce((select sum(p.signed_quantity * w.mark - sign(p.signed_quantity) * p.open_cost)
    from positions p join position_watch w on w.position_id = p.id
    where p.account_id = a.id and p.closed_at is null and p.opened_at < ${beginOf(day)}), 0)`

/**
 * Equity of accounts at the stored marks, against the start of the day. With `begin`, the first call of a day saves the start;
 * use it only after marking.
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
    brought: string | null
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
      d.brought, d.resumed_equity as base, coalesce(d.resumes, 0) as resumes, d.resumed_at,
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
    brought: new Big(row.brought ?? 0),
    resumes: row.resumes,
    resumedAt: row.resumed_at ?? undefined,
    thresholds: readThresholds(row.thresholds),
    isTripped: row.is_tripped,
    conversationId: row.conversation_id ?? undefined,
  }))
}

/**
 * Accounts of a shard that were looked at today or closed a position today. They may have reached their loss limit with no
 * position open any more.
 */
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
 * Saves the equity of an account at the start of the day, unless a row exists. Call it in the transaction that records a
 * position, before writing anything of the position.
 */
export async function beginDay(trx: Trx, accountId: number, at: Date): Promise<void> {
  const day = dayOf(at)
  await sql`
    insert into day_equity (account_id, day, equity)
    select a.id, ${day}::date, ${startOf(day)} from accounts a where a.id = ${accountId}
    on conflict do nothing`.execute(trx)
}

/**
 * Adds the P&L that a recorded position brought with it to the start of the day: this P&L is from before the recording and is
 * no result of this day. Call it in the recording transaction, after marking.
 */
export async function moveDayStart(trx: Trx, accountId: number, brought: Big, at: Date): Promise<void> {
  await sql`
    update day_equity set equity = equity + ${brought.toFixed()}::numeric,
      resumed_equity = resumed_equity + ${brought.toFixed()}::numeric, brought = brought + ${brought.toFixed()}::numeric
    where account_id = ${accountId} and day = ${dayOf(at)}::date`.execute(trx)
}

/**
 * Moves the base of the day's loss when an owner resumes an account. If the account had reached its limit, losses count from
 * the equity at the stored marks, and the breaker can trip again. After any other halt nothing changes.
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

/** The start of a span for an account, in dollars. */
export interface SpanStart {
  /** The equity at the start, with what was brought since; undefined when nobody looked. */
  equity?: Big
  /** The P&L that positions had gained before they were recorded in the span. */
  brought: Big
}

/**
 * The equity of an account when a day of the exchange began at `from`. P&L that recorded positions have brought since counts as
 * if it had been there. The equity is exact if no position was open over that midnight. Otherwise it is the one that the first
 * look on that day saved.
 */
export async function equityAt(db: Db, accountId: number, from: Date): Promise<SpanStart> {
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
  const brought = new Big(row?.brought ?? 0)
  if (!row) return { brought }
  if (!row.held) return { equity: new Big(row.settled).plus(brought), brought }
  return row.seen === null ? { brought } : { equity: new Big(row.seen).plus(row.later), brought }
}
