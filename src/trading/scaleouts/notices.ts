import type { Big } from '../../base/amounts.ts'
import type { Order } from '../orders/rows/orders.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Chunk } from './rows/chunks.ts'
import type { ScaleoutGroup } from './rows/scaleout-groups.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import type { PlainSpeed } from './rules/scaleout-plan.ts'
import type { SmartPace } from './rules/smart-scaleout.ts'

/** What acts tell of scaleouts. `position` is the position after what is told. */
export type ScaleoutNotice =
  /** The message of this one is kept up to date with the progress. */
  | { kind: 'scaleout.started'; scaleout: Scaleout; position: Position; pace: PlainSpeed | SmartPace }
  /** The new text of the message that announced a scaleout. `announced` is the first text of that message. */
  | { kind: 'scaleout.updated'; scaleout: Scaleout; announced: string }
  | ChunkNotice
  | EndNotice
  | ScaleoutGroupNotice

type ChunkNotice =
  /**
   * A chunk is done, or something of it was traded after that. `leaves` is the quantity that it did not trade, for the
   * chunks behind it. `isLate`: the venue told of it after the end of the order.
   */
  | {
      kind: 'scaleout.chunk_traded'
      scaleout: Scaleout
      position: Position
      chunk: Chunk
      filled: Filled
      leaves?: Big
      isLate: boolean
    }
  /** The order of a chunk of a scaleout that is over has ended without a fill. `words` are the venue's. */
  | { kind: 'scaleout.chunk_untraded'; order: Order; position: Position; words?: string }
  /** A try failed; another follows after `waitMs` planned milliseconds. */
  | { kind: 'scaleout.paused'; scaleout: Scaleout; chunk: Chunk; error: string; waitMs: number }
  /** The market has no price for a chunk: the scaleout goes on by itself when it has one. */
  | { kind: 'scaleout.price_missing'; scaleout: Scaleout; chunk: Chunk; because: string }

type EndNotice =
  /** `filled` is the last chunk. */
  | { kind: 'scaleout.completed'; scaleout: Scaleout; position: Position; filled: Filled }
  /** The tries are used up. `unconfirmed` is the quantity of orders that the venue has not confirmed. */
  | { kind: 'scaleout.stopped'; scaleout: Scaleout; position: Position; error: string; unconfirmed: Big }
  /** It ended before its last chunk. `inFlight` is the quantity that its chunks have at the venue. */
  | { kind: 'scaleout.cancelled'; scaleout: Scaleout; position: Position; because: string; inFlight: Big }

/** What acts tell of scaleouts that were asked for together. */
export type ScaleoutGroupNotice =
  /** The message of this one is kept up to date: it is made again from the scaleouts as they are then. */
  | { kind: 'scaleouts.started'; group: Pick<ScaleoutGroup, 'speed' | 'scaleouts'> }
  /** The progress of all, for where a message cannot be edited. */
  | { kind: 'scaleouts.progressed'; scaleouts: Scaleout[] }
  /** All of them have ended. `isDirect`: it is a direct message to a member who wants to be told. */
  | { kind: 'scaleouts.ended'; scaleouts: Scaleout[]; isDirect?: boolean }
  /** Several are ended at once; `onTheWay` is the quantity that the chunks of one have at the venue. */
  | { kind: 'scaleouts.cancelled'; ended: { scaleout: Scaleout; onTheWay: Big }[] }

/** What a chunk came to, over all of its fills. */
export interface Filled {
  quantity: Big
  /** Dollars exchanged, and locked in. */
  proceeds: Big
  realizedPnl: Big
  /** The price of all of it in dollars, where there was only one. */
  price?: Big
}
