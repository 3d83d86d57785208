import type { Trx } from '../../infra/db/client.ts'
import { lockAccountRow } from '../orders/rows/working-orders.ts'
import type { Parts } from '../parts.ts'
import { type AccountLease, holdsLease } from './rows/leases.ts'

/** Another process looks after the account by now: nothing was written. */
export class LeaseLost extends Error {
  constructor(accountId: number) {
    super(`account ${accountId} is looked after by another process now`)
    this.name = 'LeaseLost'
  }
}

/** An account to look at. Without a lease it is a look that a member asked for. */
export interface LookedAt {
  accountId: number
  lease?: AccountLease
}

/** Runs a transaction that has locked the account. With a lease that no longer holds it throws `LeaseLost`. */
export async function fenced<Result>(
  { db }: Pick<Parts, 'db'>,
  { accountId, lease }: LookedAt,
  act: (trx: Trx) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    if (lease && !(await holdsLease(trx, lease))) throw new LeaseLost(accountId)
    await lockAccountRow(trx, accountId)
    return act(trx)
  })
}
