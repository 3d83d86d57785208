import type { Selectable } from 'kysely'
import { Big, sum, zero } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type Position, toPosition } from '../../positions/rows/positions.ts'

/** An account as it is booked at one moment. */
export interface AccountBook {
  /** The starting balance in dollars. */
  start: Big
  /** Realized P&L of all positions, open and closed, after commissions; dollars. */
  realized: Big
  /** Open positions, sorted by symbol. */
  open: Position[]
}

/** The book of an account at one moment; empty for account 0. */
export async function bookOf(db: Db, accountId: number): Promise<AccountBook> {
  const rows = await db
    .selectFrom('accounts as a')
    .leftJoin('positions as p', (join) => join.onRef('p.account_id', '=', 'a.id').on('p.closed_at', 'is', null))
    .where('a.id', '=', accountId)
    .selectAll('p')
    .select((eb) => [
      'a.starting_balance',
      eb
        .selectFrom('positions as every')
        .whereRef('every.account_id', '=', 'a.id')
        .select((sub) => sub.fn.sum<string | null>('every.realized_pnl').as('sum'))
        .as('realized'),
    ])
    .orderBy('p.symbol')
    .execute()
  const open = rows.filter((row): row is typeof row & Selectable<Database['positions']> => row.id !== null)
  const [first] = rows
  return {
    start: first ? new Big(first.starting_balance) : zero,
    realized: new Big(first?.realized ?? 0),
    open: open.map(toPosition),
  }
}

/**
 * Cash of an account in dollars: the starting balance, less the cost of purchases, plus the proceeds of sales, after
 * commissions. A recorded position counts as traded at its recorded price.
 */
export function cashOf({ start, realized, open }: AccountBook): Big {
  const paid = open.map(({ signedQuantity, openCost }) => (signedQuantity.gt(0) ? openCost : openCost.neg()))
  return start.plus(realized).minus(sum(paid))
}
