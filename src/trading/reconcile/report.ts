import type { Big } from '../../base/amounts.ts'
import { type ToldBalance, toldBalanceOf } from '../accounts/rows/told-balance.ts'
import { type OrderOfOthers, ordersOfOthers } from '../orders/rows/orders-of-others.ts'
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
  /** Orders that are open at the broker and not the desk's. */
  others: OrderOfOthers[]
  external: { symbol: string; signedQuantity: Big; since: Date }[]
  actions: VenueAction[]
  inDoubt: InDoubt[]
  /** Absent until the broker has told one. */
  balance?: ToldBalance
  /** Both show the same: nothing is unexplained or in doubt, and the last look got through. */
  agree: boolean
}

const dayMs = 86_400_000

/** Reads the books of a linked account. */
export async function booksReport({ db, clock }: Pick<Parts, 'db' | 'clock'>, accountId: number): Promise<BooksReport> {
  const now = clock.now()
  const [looked, gaps, ended, external, actions, inDoubt, broker, others] = await Promise.all([
    lastLook(db, accountId),
    unexplainedGaps(db, accountId),
    endedGaps(db, accountId, new Date(now.getTime() - dayMs)),
    externalHoldings(db, accountId),
    latestActions(db, accountId),
    ordersInDoubt(db, accountId, now),
    toldBalanceOf(db, accountId),
    ordersOfOthers(db, accountId),
  ])
  return {
    looked,
    gaps: [...gaps.values()],
    ended,
    others,
    external,
    actions,
    inDoubt,
    ...(broker?.balance && { balance: broker.balance }),
    agree: looked !== undefined && !looked.failed && gaps.size === 0 && inDoubt.length === 0,
  }
}
