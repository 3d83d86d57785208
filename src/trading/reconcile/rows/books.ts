import { type RawBuilder, sql } from 'kysely'
import { Big, zero } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'

/** The ledger of an account at one moment. */
export interface Books {
  /** The desk's open positions by symbol. */
  positions: Map<string, BookedPosition>
  /** Units that are not the desk's, by symbol; negative when short. */
  external: Map<string, Big>
  /** Units that orders without an outcome may have bought and sold, by symbol. */
  underWay: Map<string, { buys: Big; sells: Big }>
}

/** An open position, as far as it is compared. */
export interface BookedPosition {
  id: number
  version: number
  signedQuantity: Big
  missingQuantity: Big
  workingQuantity: Big
  openedAt: Date
}

/** Reads the ledger of an account in one statement. */
export async function readBooks(db: Db, accountId: number): Promise<Books> {
  const { rows } = await sql<{
    positions: {
      id: number
      symbol: string
      version: number
      quantity: string
      missing: string
      working: string
      opened: string
    }[]
    external: { symbol: string; quantity: string }[]
    under_way: { symbol: string; side: 'buy' | 'sell'; left: string }[]
  }>`select
    ${listOf(sql`select id, symbol, version, signed_quantity::text as quantity, missing_quantity::text as missing,
        working_quantity::text as working, opened_at as opened
      from positions where account_id = ${accountId} and closed_at is null`)} as positions,
    ${listOf(sql`select symbol, signed_quantity::text as quantity from external_holdings where account_id = ${accountId}`)} as external,
    ${listOf(sql`select symbol, side, sum(quantity - filled_quantity)::text as left from orders
      where account_id = ${accountId} and state = any(${[...liveStates]}::text[])
        and (venue_order_id is null or missing_since is not null) group by symbol, side`)} as under_way
  `.execute(db)
  const { positions, external, under_way } = rows[0]!
  const underWay: Books['underWay'] = new Map()
  for (const { symbol, side, left } of under_way) {
    const of = underWay.get(symbol) ?? { buys: zero, sells: zero }
    underWay.set(symbol, side === 'buy' ? { ...of, buys: new Big(left) } : { ...of, sells: new Big(left) })
  }
  return {
    positions: new Map(
      positions.map((row) => [
        row.symbol,
        {
          id: row.id,
          version: row.version,
          signedQuantity: new Big(row.quantity),
          missingQuantity: new Big(row.missing),
          workingQuantity: new Big(row.working),
          openedAt: new Date(row.opened),
        },
      ]),
    ),
    external: new Map(external.map(({ symbol, quantity }) => [symbol, new Big(quantity)])),
    underWay,
  }
}

const listOf = (rows: RawBuilder<unknown>) => sql`(select coalesce(jsonb_agg(to_jsonb(r)), '[]') from (${rows}) r)`

/** Has no position and nothing external changed between two readings? */
export function isUnchanged(before: Books, after: Books): boolean {
  const text = ({ positions, external }: Books) =>
    JSON.stringify([
      [...positions].map(([symbol, { id, version }]) => [symbol, id, version]).sort(),
      [...external].map(([symbol, quantity]) => [symbol, quantity.toFixed()]).sort(),
    ])
  return text(before) === text(after)
}

/** The units of a locked account in a symbol that are not the desk's; negative when short. */
export async function externalIn(db: Db, accountId: number, symbol: string): Promise<Big> {
  const row = await db
    .selectFrom('external_holdings')
    .select('signed_quantity')
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .executeTakeFirst()
  return new Big(row?.signed_quantity ?? 0)
}

/** Sets the external units of a locked account in a symbol. */
export async function setExternal(
  trx: Trx,
  accountId: number,
  symbol: string,
  signedQuantity: Big,
  at: Date,
): Promise<void> {
  if (signedQuantity.eq(0)) {
    await trx.deleteFrom('external_holdings').where('account_id', '=', accountId).where('symbol', '=', symbol).execute()
    return
  }
  await trx
    .insertInto('external_holdings')
    .values({ account_id: accountId, symbol, signed_quantity: signedQuantity.toFixed(), since: at })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'symbol']).doUpdateSet({ signed_quantity: signedQuantity.toFixed() }),
    )
    .execute()
}

/** All external units of an account, by symbol. */
export async function externalHoldings(
  db: Db,
  accountId: number,
): Promise<{ symbol: string; signedQuantity: Big; since: Date }[]> {
  const rows = await db
    .selectFrom('external_holdings')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('symbol')
    .execute()
  return rows.map((row) => ({
    symbol: row.symbol,
    signedQuantity: new Big(row.signed_quantity),
    since: row.since,
  }))
}

/** Sets the units of an open position that its venue does not show. Its version goes up, so that nobody acts on the old number. */
export async function setMissing(trx: Trx, positionId: number, missing: Big): Promise<void> {
  await sql`update positions set missing_quantity = ${missing.toFixed()}, version = version + 1
    where id = ${positionId} and missing_quantity <> ${missing.toFixed()}::numeric`.execute(trx)
}
