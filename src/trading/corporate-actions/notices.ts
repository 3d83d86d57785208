import type { Change } from './change.ts'
import type { CorporateAction, MovedCounts } from './rows/corporate-actions.ts'
import type { InTheWay } from './rows/in-the-way.ts'

/** What acts tell of corporate actions. */
export type CorporateActionNotice =
  /** What it has changed of an account, for one of its threads. */
  | { kind: 'corporate_action.moved'; action: CorporateAction; changes: Change[] }
  | { kind: 'corporate_action.done'; action: CorporateAction; counts: MovedCounts }
  /** It is not done in every account yet: `left` is in the way. The desk goes on by itself. */
  | { kind: 'corporate_action.unfinished'; action: CorporateAction; left: InTheWay[] }
  /** It waits for a market that has its symbol; `market` is the name of the one in use. */
  | { kind: 'corporate_action.suspended'; action: CorporateAction; market: string }
  /** The action says why. */
  | { kind: 'corporate_action.refused'; action: CorporateAction }
