import type { Big } from '../../base/amounts.ts'
import type { Explanation } from '../../infra/db/reconcile-tables.ts'
import type { PriceTaken } from '../positions/notices.ts'
import type { Holding } from '../positions/rules/position.ts'
import type { Gap } from './rows/gaps.ts'

/** The numbers of a difference that a notice tells. */
export type ToldGap = Pick<Gap, 'accountId' | 'symbol' | 'gap' | 'ledger' | 'venue' | 'isSplitLike'>

/** Notices about the books of linked accounts. Quantities are units, negative when short. */
export type ReconcileNotice =
  /** The venue shows another quantity than the desk, and nothing explains it. `external` is not the desk's. */
  | { kind: 'books.mismatch'; gap: ToldGap; external: Big }
  /** A difference that was told is over. */
  | { kind: 'books.agree'; gap: ToldGap; explainedBy: Explanation }
  /** The broker's quantity was taken over; `gone`: units that left, and what they locked in. Dollars. */
  | {
      kind: 'books.adopted'
      position: Holding & { symbol: string }
      before: Holding & { symbol: string }
      gap: ToldGap
      as: 'adopted' | 'done'
      gone?: { quantity: Big; realizedPnl: Big }
      price?: Big
      /** The price of units that came, which the member did not name. */
      came?: { price: Big; from: PriceTaken }
    }
  /** A member leaves a difference. `isFrozen`: the broker shows fewer units, which nobody may sell. */
  | { kind: 'books.ignored'; gap: ToldGap; isFrozen: boolean }
  /** Something was opened at the venue, and not by the desk. */
  | { kind: 'books.external'; accountId: number; symbol: string; signedQuantity: Big }
  /**
   * A dividend, cash for a fraction, or another action that changes no quantity of the desk. `cash` in dollars. `booked`: the fraction
   * was paid out by a split of the desk before, and its P&L is realized now.
   */
  | {
      kind: 'books.action'
      symbol: string
      what: 'dividend' | 'cash_in_lieu' | 'other'
      cash?: Big
      words?: string
      booked?: { fraction: Big; before: Big; realizedPnl: Big }
    }
