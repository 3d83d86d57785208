import type { Big } from '../../base/amounts.ts'
import type { Explanation } from '../../infra/db/reconcile-tables.ts'
import type { Gap } from './rows/gaps.ts'

/** The numbers of a difference that a notice tells. */
export type ToldGap = Pick<Gap, 'accountId' | 'symbol' | 'gap' | 'ledger' | 'venue' | 'isSplitLike'>

/** Notices about the books of linked accounts. Quantities are units, negative when short. */
export type ReconcileNotice =
  /** The venue shows another quantity than the desk, and nothing explains it. `external` is not the desk's. */
  | { kind: 'books.mismatch'; gap: ToldGap; external: Big }
  /** A difference that was told is over. */
  | { kind: 'books.agree'; gap: ToldGap; explainedBy: Explanation }
  /** Something was opened at the venue, and not by the desk. */
  | { kind: 'books.external'; accountId: number; symbol: string; signedQuantity: Big }
  /** A dividend, cash for a fraction, or another action that changes no quantity of the desk. `cash` in dollars. */
  | { kind: 'books.action'; symbol: string; what: 'dividend' | 'cash_in_lieu' | 'other'; cash?: Big; words?: string }
