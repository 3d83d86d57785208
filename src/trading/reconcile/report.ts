import { Big } from '../../base/amounts.ts'
import type { Parts } from '../parts.ts'
import { type InDoubt, ordersInDoubt } from './doubt.ts'
import { externalHoldings } from './rows/books.ts'
import { endedGaps, type Gap, unexplainedGaps } from './rows/gaps.ts'
import { type LastLook, lastLook } from './rows/looks.ts'
import { latestActions, type VenueAction } from './rows/venue-actions.ts'

/** The books of a linked account beside its broker's, as the last look found them. */
export interface BooksReport {
  /** Absent before the first look. */
  looked?: LastLook
  /** Differences that nothing explains, by symbol. */
  gaps: Gap[]
  /** Differences of the last day that are over. */
  ended: Gap[]
  external: { symbol: string; signedQuantity: Big; since: Date }[]
  actions: VenueAction[]
  inDoubt: InDoubt[]
  /** Dollars, as the broker told them last. */
  balance?: { cash: Big; equity?: Big; blocked?: string }
  /** Both show the same: nothing is unexplained or in doubt, and the last look got through. */
  agree: boolean
}

const dayMs = 86_400_000

/** Reads the books of a linked account. */
export async function booksReport({ db, clock }: Pick<Parts, 'db' | 'clock'>, accountId: number): Promise<BooksReport> {
  const now = clock.now()
  const [looked, gaps, ended, external, actions, inDoubt, balance] = await Promise.all([
    lastLook(db, accountId),
    unexplainedGaps(db, accountId),
    endedGaps(db, accountId, new Date(now.getTime() - dayMs)),
    externalHoldings(db, accountId),
    latestActions(db, accountId),
    ordersInDoubt(db, accountId, now),
    db.selectFrom('venue_balances').selectAll().where('account_id', '=', accountId).executeTakeFirst(),
  ])
  return {
    looked,
    gaps: [...gaps.values()],
    ended,
    external,
    actions,
    inDoubt,
    ...(balance && {
      balance: {
        cash: new Big(balance.cash),
        equity: balance.equity === null ? undefined : new Big(balance.equity),
        blocked: balance.blocked_because ?? undefined,
      },
    }),
    agree: looked !== undefined && !looked.failed && gaps.size === 0 && inDoubt.length === 0,
  }
}
