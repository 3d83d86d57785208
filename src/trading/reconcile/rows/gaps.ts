import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Explanation } from '../../../infra/db/reconcile-tables.ts'
import type { Database } from '../../../infra/db/schema.ts'

/** A difference between the ledger and a venue that nothing explains yet. */
export interface Gap {
  id: number
  accountId: number
  symbol: string
  /** Units that the venue shows more; negative: fewer. */
  gap: Big
  /** The desk's units and the venue's at the last look; negative when short. */
  ledger: Big
  venue: Big
  /** `seen`: at one look; `open`: it stood at a second one, and freezes the symbol; `ignored`: so, without a word. */
  state: 'seen' | 'open' | 'ignored' | 'ended'
  isSplitLike: boolean
  seenAt: Date
  openedAt?: Date
  endedAt?: Date
  explainedBy?: Explanation
}

/** The differences of an account that are not explained yet, by symbol. */
export async function unexplainedGaps(db: Db, accountId: number): Promise<Map<string, Gap>> {
  const rows = await db
    .selectFrom('book_gaps')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .orderBy('symbol')
    .execute()
  return new Map(rows.map((row) => [row.symbol, toGap(row)]))
}

/** The differences of an account that were told and ended since a time, newest first, at most ten. */
export async function endedGaps(db: Db, accountId: number, since: Date): Promise<Gap[]> {
  const rows = await db
    .selectFrom('book_gaps')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', '>', since)
    .where('opened_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .limit(10)
    .execute()
  return rows.map(toGap)
}

/** The numbers of a difference at a look. */
export type SeenGap = Pick<Gap, 'accountId' | 'symbol' | 'gap' | 'ledger' | 'venue' | 'isSplitLike'>

/** Notes a difference that was not there at the last look. */
export async function noteGap(trx: Trx, seen: SeenGap, at: Date): Promise<void> {
  await trx
    .insertInto('book_gaps')
    .values({
      account_id: seen.accountId,
      symbol: seen.symbol,
      gap: seen.gap.toFixed(),
      ledger_quantity: seen.ledger.toFixed(),
      venue_quantity: seen.venue.toFixed(),
      is_split_like: seen.isSplitLike,
      seen_at: at,
      looked_at: at,
    })
    .execute()
}

/** Notes the numbers of a known difference. One that has changed is looked at again from now on. */
export async function noteGapAgain(trx: Trx, gap: Gap, seen: SeenGap, at: Date): Promise<void> {
  const isSame = gap.gap.eq(seen.gap)
  await trx
    .updateTable('book_gaps')
    .set({
      gap: seen.gap.toFixed(),
      ledger_quantity: seen.ledger.toFixed(),
      venue_quantity: seen.venue.toFixed(),
      is_split_like: seen.isSplitLike,
      looked_at: at,
      ...(!isSame && { seen_at: at }),
      // A member ignored other numbers.
      ...(!isSame && gap.state === 'ignored' && { state: 'seen' as const, opened_at: null }),
    })
    .where('id', '=', gap.id)
    .execute()
}

/** Opens a difference that stood at two looks: it is told, and freezes the symbol. False when it is open already. */
export async function openGap(trx: Trx, id: number, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('book_gaps')
    .set({ state: 'open', opened_at: at })
    .where('id', '=', id)
    .where('state', '=', 'seen')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a difference with its explanation. False when it has ended before. */
export async function endGap(
  trx: Trx,
  id: number,
  explainedBy: Explanation,
  at: Date,
  memberId?: number,
): Promise<boolean> {
  const row = await trx
    .updateTable('book_gaps')
    .set({ state: 'ended', ended_at: at, explained_by: explainedBy, decided_by: memberId ?? null })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps a difference frozen, without a further word. */
export async function ignoreGap(trx: Trx, id: number, memberId: number): Promise<void> {
  await trx
    .updateTable('book_gaps')
    .set({ state: 'ignored', decided_by: memberId })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** The open difference that freezes an account's symbol, if there is one. */
export async function freezingGap(db: Db, accountId: number, symbol: string): Promise<Gap | undefined> {
  const row = await db
    .selectFrom('book_gaps')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .where('state', 'in', ['open', 'ignored'])
    .executeTakeFirst()
  return row && toGap(row)
}

/**
 * Have all looks at an account found the symbol without a difference for so many milliseconds, the last one at their end? They count
 * from `from` on, and anew from the end of each difference.
 */
export async function hasAgreedFor(
  db: Db,
  { accountId, symbol, from, ms }: { accountId: number; symbol: string; from: Date; ms: number },
): Promise<boolean> {
  const { rows } = await sql<{ agrees: boolean }>`
    select not exists (select from book_gaps where account_id = ${accountId} and symbol = ${symbol} and ended_at is null)
      and exists (select from account_looks where account_id = ${accountId} and looked_at >= ${`${ms} milliseconds`}::interval
        + greatest(first_at, ${from}::timestamptz, (select max(ended_at) from book_gaps
          where account_id = ${accountId} and symbol = ${symbol}))) as agrees`.execute(db)
  return rows[0]!.agrees
}

function toGap(row: Selectable<Database['book_gaps']>): Gap {
  return {
    id: row.id,
    accountId: row.account_id,
    symbol: row.symbol,
    gap: new Big(row.gap),
    ledger: new Big(row.ledger_quantity),
    venue: new Big(row.venue_quantity),
    state: row.state,
    isSplitLike: row.is_split_like,
    seenAt: row.seen_at,
    openedAt: row.opened_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    explainedBy: row.explained_by ?? undefined,
  }
}
