import type { Selectable } from 'kysely'
import { Big, sum, zero } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type Position, toPosition } from '../../positions/rows/positions.ts'

/** An account as it is booked at one moment. */
export interface AccountBook {
  /** Dollars that it began with. */
  start: Big
  /** What all its positions, open and closed, have locked in, their commissions taken off; dollars. */
  realized: Big
  /** By symbol. */
  open: Position[]
}

/** What is booked for an account, as of one moment; nothing for account 0. */
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
 * Dollars in an account that are in no position: its starting balance, less what purchases have cost and with what sales
 * have brought, commissions included. What is only recorded counts as traded at the price that was recorded.
 */
export function cashOf({ start, realized, open }: AccountBook): Big {
  const paid = open.map(({ signedQuantity, openCost }) => (signedQuantity.gt(0) ? openCost : openCost.neg()))
  return start.plus(realized).minus(sum(paid))
}
