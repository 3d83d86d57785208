import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'

/** The open difference between the desk and the venue of an account in a symbol, in signed units, and what is not the desk's there. */
export async function frozenIn(
  db: Db,
  accountId: number,
  symbol: string,
): Promise<{ gap?: { ledger: Big; venue: Big }; external?: Big }> {
  const { rows } = await sql<{ ledger: string | null; venue: string | null; external: string | null }>`
    select g.ledger_quantity as ledger, g.venue_quantity as venue, e.signed_quantity as external
    from (select) one
    left join book_gaps g on g.account_id = ${accountId} and g.symbol = ${symbol} and g.state in ('open', 'ignored')
    left join external_holdings e on e.account_id = ${accountId} and e.symbol = ${symbol}`.execute(db)
  const { ledger, venue, external } = rows[0]!
  return {
    ...(ledger !== null && { gap: { ledger: new Big(ledger), venue: new Big(venue!) } }),
    ...(external !== null && { external: new Big(external) }),
  }
}
