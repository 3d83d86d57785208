import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'

/** The balance of a linked account, as its broker told it last; dollars. */
export interface ToldBalance {
  cash: Big
  /** Absent when the broker does not say it. */
  equity?: Big
  /** Absent when the broker does not say it. */
  buyingPower?: Big
  /** The reason why the account may not trade, in the broker's words. */
  blocked?: string
  at: Date
}

/** A linked account at its broker. */
export interface AtBroker {
  venue: string
  /** Absent until the broker has told a balance. */
  balance?: ToldBalance
}

/** What the broker of an account told of it; undefined for accounts of the desk's own, and for account 0. */
export async function toldBalanceOf(db: Db, accountId: number): Promise<AtBroker | undefined> {
  const row = await db
    .selectFrom('accounts as a')
    .leftJoin('venue_balances as b', 'b.account_id', 'a.id')
    .select(['a.venue', 'b.cash', 'b.equity', 'b.buying_power', 'b.blocked_because', 'b.at'])
    .where('a.id', '=', accountId)
    .where('a.venue', '<>', 'paper')
    .executeTakeFirst()
  if (!row) return undefined
  if (row.cash === null || row.at === null) return { venue: row.venue }
  return {
    venue: row.venue,
    balance: {
      cash: new Big(row.cash),
      ...(row.equity !== null && { equity: new Big(row.equity) }),
      ...(row.buying_power !== null && { buyingPower: new Big(row.buying_power) }),
      ...(row.blocked_because !== null && { blocked: row.blocked_because }),
      at: row.at,
    },
  }
}
