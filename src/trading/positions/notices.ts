import type { Big } from '../../base/amounts.ts'
import type { Protection } from '../protection/rows/protective-orders.ts'
import type { Position } from './rows/positions.ts'

/** What protected a position before it was recorded anew, and what does after it; absent when nothing was open. */
interface Protected {
  protection?: { before: Protection; after: Protection }
}

/** What is told of positions that a member holds. */
export type PositionNotice =
  | ({ kind: 'position.recorded'; position: Position } & Protected)
  /** An old position has ended at a price, and a new one has begun. Dollars. */
  | ({
      kind: 'position.replaced'
      position: Position
      before: Position
      endedAt: Big
      realizedPnl: Big
    } & Protected)
  /** What was held came to an open position, or was netted with it; `realizedPnl` in dollars. */
  | ({
      kind: 'position.added'
      position: Position
      isNetted: boolean
      quantity: Big
      price: Big
      realizedPnl: Big
    } & Protected)
  | ({ kind: 'position.corrected'; position: Position; before: Position } & Protected)
  /** What a member did last is undone: `what` it was, in their words, and how the position stands at a price. */
  | { kind: 'position.undone'; what: string; position: Position; protection: Protection; price?: Big }
