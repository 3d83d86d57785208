import type { Big } from '../../base/amounts.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { PartLevel } from '../protection/rows/part-levels.ts'
import type { ProtectiveOrder } from '../protection/rows/protective-orders.ts'
import type { Account, LinkedBefore } from './rows/accounts.ts'

/** Notices about accounts at brokers. */
export type AccountNotice =
  /** Somebody gave credentials on a member's page; the member is asked. `worth` is in dollars. */
  | {
      kind: 'link.given'
      requestId: number
      venue: string
      mode: 'paper' | 'live'
      maskedNumber: string
      worth: Big
      /** The reason why the account may not trade now, in the venue's words. */
      blocked?: string
      /** The member linked it before, or has it linked. */
      before?: LinkedBefore
    }
  /** The levels of a position ended, because its account was unlinked. */
  | {
      kind: 'account.unprotected'
      account: Account
      position: Position
      ended: (ProtectiveOrder | PartLevel)[]
      /** An order that protects the position rests at the broker, and stays there. */
      isResting: boolean
    }
  /** The venue refuses the credentials of an account, in these words. */
  | { kind: 'account.refused'; account: Account; because: string }
