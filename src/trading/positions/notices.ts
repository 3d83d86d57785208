import type { Big } from '../../base/amounts.ts'
import type { Protection } from '../protection/rows/protective-orders.ts'
import type { Position } from './rows/positions.ts'

/** The protection of a position before and after it was recorded anew; absent when nothing was open. */
interface Protected {
  protection?: { before: Protection; after: Protection }
}

/** The price of a recording without one: the market's last, or the broker's average entry price. */
export type PriceTaken = 'at market' | 'at cost'

/** Notices about the positions of a member. */
export type PositionNotice =
  /** `priced`: the member named no price, and this one was taken. */
  | ({ kind: 'position.recorded'; position: Position; priced?: PriceTaken } & Protected)
  /** An old position ended at a price, and a new one began. Dollars. */
  | ({
      kind: 'position.replaced'
      position: Position
      before: Position
      endedAt: Big
      realizedPnl: Big
    } & Protected)
  /** The recorded quantity was added to an open position, or netted with it; `realizedPnl` in dollars. */
  | ({
      kind: 'position.added'
      position: Position
      isNetted: boolean
      quantity: Big
      price: Big
      priced?: PriceTaken
      realizedPnl: Big
    } & Protected)
  | ({ kind: 'position.corrected'; position: Position; before: Position } & Protected)
  /**
   * The last act of a member was undone. `what` describes that act; `price` is the present price, for the P&L of the position.
   */
  | { kind: 'position.undone'; what: string; position: Position; protection: Protection; price?: Big }
