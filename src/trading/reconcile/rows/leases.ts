import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** A lease lasts this long without a renewal, in milliseconds. */
export const leaseMs = 9000

/**
 * The sole right to look after a linked account. The generation fences it: a worker that stood still past the end of its lease
 * finds another generation, or another holder.
 */
export interface AccountLease {
  accountId: number
  holder: string
  generation: number
}

const until = sql<Date>`clock_timestamp() + ${`${leaseMs} milliseconds`}::interval`
/** A lease that is longer than any was taken before the clock was set back. */
const isFree = sql<boolean>`(l.until < clock_timestamp() or l.until > clock_timestamp() + ${`${2 * leaseMs} milliseconds`}::interval)`
const linked = (venues: string[]) => sql`
  select id from accounts where venue = any(${venues}::text[]) and unlinked_at is null`

/**
 * Renews the leases of a worker and evens them out: a worker with more than its share of the linked accounts of these venues
 * lets the excess go, one with less takes free ones. The share is counted by the workers that have renewed lately. Returns all
 * leases that the worker holds now.
 */
export async function renewLeases(db: Db, holder: string, venues: string[]): Promise<AccountLease[]> {
  const { rows: any } =
    await sql`select from accounts where venue = any(${venues}::text[]) and unlinked_at is null limit 1`.execute(db)
  // Most desks have no linked account, and ask no more than this.
  if (any.length === 0) return []
  await sql`
    insert into account_workers (holder, until) values (${holder}, ${until})
    on conflict (holder) do update set until = excluded.until`.execute(db)
  await sql`delete from account_workers where until < clock_timestamp() - interval '1 hour'`.execute(db)
  const { rows: counts } = await sql<{ workers: number; accounts: number }>`
    select (select count(*)::int from account_workers where until > clock_timestamp()) as workers,
      (select count(*)::int from (${linked(venues)}) a) as accounts`.execute(db)
  const { workers, accounts } = counts[0]!
  const share = Math.ceil(accounts / Math.max(1, workers))
  // An expired lease that nobody took is as good as a held one: its generation is unchanged.
  await sql`
    update account_leases set until = ${until} where holder = ${holder} and account_id in (${linked(venues)})
      and account_id in (select account_id from account_leases where holder = ${holder}
        and account_id in (${linked(venues)}) order by account_id limit ${share})`.execute(db)
  await sql`
    update account_leases set until = clock_timestamp() - interval '1 second' where holder = ${holder}
      and account_id not in (select account_id from account_leases where holder = ${holder}
        and account_id in (${linked(venues)}) order by account_id limit ${share})`.execute(db)
  await sql`
    insert into account_leases as l (account_id, holder, until)
    select a.id, ${holder}, ${until} from (${linked(venues)}) a
    left join account_leases o on o.account_id = a.id and o.holder <> ${holder} and o.until > clock_timestamp()
      and o.until < clock_timestamp() + ${`${2 * leaseMs} milliseconds`}::interval
    where o.account_id is null
      and not exists (select from account_leases m where m.account_id = a.id and m.holder = ${holder} and m.until > clock_timestamp())
    order by a.id
    limit greatest(0, ${share} - (select count(*)::int from account_leases where holder = ${holder} and until > clock_timestamp()))
    on conflict (account_id) do update
      set holder = excluded.holder, generation = l.generation + 1, until = excluded.until
      where ${isFree}`.execute(db)
  const { rows } = await sql<{ account_id: number; generation: number }>`
    select account_id, generation from account_leases
    where holder = ${holder} and until > clock_timestamp() order by account_id`.execute(db)
  return rows.map((row) => ({ accountId: row.account_id, holder, generation: row.generation }))
}

/** Gives the leases of a worker back, and takes it off the list of workers. */
export async function leaveLeases(db: Db, holder: string): Promise<void> {
  await sql`update account_leases set until = clock_timestamp() - interval '1 second' where holder = ${holder}`.execute(
    db,
  )
  await sql`delete from account_workers where holder = ${holder}`.execute(db)
}

/** Does this lease still hold? No other worker takes it until the transaction ends. */
export async function holdsLease(trx: Trx, { accountId, holder, generation }: AccountLease): Promise<boolean> {
  const { rows } = await sql`
    select from account_leases where account_id = ${accountId} and holder = ${holder} and generation = ${generation}
      and until > clock_timestamp() for no key update`.execute(trx)
  return rows.length > 0
}
