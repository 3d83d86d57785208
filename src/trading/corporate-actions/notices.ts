import type { Change } from './change.ts'
import type { CorporateAction, MovedCounts } from './rows/corporate-actions.ts'
import type { InTheWay } from './rows/in-the-way.ts'

/** Notices about corporate actions. */
export type CorporateActionNotice =
  /** The changes in an account, for one of its threads. */
  | { kind: 'corporate_action.moved'; action: CorporateAction; changes: Change[] }
  | { kind: 'corporate_action.done'; action: CorporateAction; counts: MovedCounts }
  /** The action is not done in every account yet: `left` is in the way. The desk continues by itself. */
  | { kind: 'corporate_action.unfinished'; action: CorporateAction; left: InTheWay[] }
  /** The action waits for a market that has its symbol; `market` is the name of the present one. */
  | { kind: 'corporate_action.suspended'; action: CorporateAction; market: string }
  /** The action itself holds the reason. */
  | { kind: 'corporate_action.refused'; action: CorporateAction }
