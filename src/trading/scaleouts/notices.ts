import type { Big } from '../../base/amounts.ts'
import type { Order } from '../orders/rows/orders.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Chunk } from './rows/chunks.ts'
import type { ScaleoutGroup } from './rows/scaleout-groups.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import type { PlannedPace } from './rules/own-plan.ts'

/** Notices about scaleouts. `position` is the position after the change. */
export type ScaleoutNotice =
  /** The message of this notice is kept up to date with the progress. */
  | { kind: 'scaleout.started'; scaleout: Scaleout; position: Position; pace: PlannedPace }
  /** The new text of the message that announced a scaleout; `announced` is its first text. */
  | { kind: 'scaleout.updated'; scaleout: Scaleout; announced: string }
  | ChunkNotice
  | EndNotice
  | ScaleoutGroupNotice

type ChunkNotice =
  /**
   * A chunk is done, or was traded later. `leaves` is its unsold quantity, which later chunks take. `isLate`: the venue
   * reported the fill after the end of the order.
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
  /** The order of a chunk ended without a fill, after its scaleout was over. `words` are the venue's. */
  | { kind: 'scaleout.chunk_untraded'; order: Order; position: Position; words?: string }
  /** An attempt failed; another follows after `waitMs` planned milliseconds. */
  | { kind: 'scaleout.paused'; scaleout: Scaleout; chunk: Chunk; error: string; waitMs: number }
  /** The market has no price for a chunk. The scaleout continues by itself when there is one. */
  | {
      kind: 'scaleout.price_missing'
      scaleout: Scaleout
      chunk: Chunk
      because: string
      isFrozen?: boolean
      isClosed?: boolean
    }

  /** The price is beyond the scaleout's floor or cap: the chunk waits. It is said once for a scaleout. */
  | { kind: 'scaleout.beyond_bound'; scaleout: Scaleout; chunk: Chunk; price: Big }

type EndNotice =
  /** `filled` is the sum of the last chunk's fills. */
  | { kind: 'scaleout.completed'; scaleout: Scaleout; position: Position; filled: Filled }
  /** All attempts failed. `unconfirmed` is the quantity of orders that the venue has not confirmed. */
  | { kind: 'scaleout.stopped'; scaleout: Scaleout; position: Position; error: string; unconfirmed: Big }
  /** It ended before its last chunk. `inFlight` is the quantity of its chunks at the venue. */
  | { kind: 'scaleout.cancelled'; scaleout: Scaleout; position: Position; because: string; inFlight: Big }

/** Notices about a group of scaleouts, which were asked for together. */
export type ScaleoutGroupNotice =
  /** The message of this notice is kept up to date, written again from the present scaleouts. */
  | { kind: 'scaleouts.started'; group: Pick<ScaleoutGroup, 'speed' | 'lengthMs' | 'scaleouts'> }
  /** The progress of all scaleouts, for platforms where a message cannot be edited. */
  | { kind: 'scaleouts.progressed'; scaleouts: Scaleout[] }
  /** All of them have ended. `isDirect`: it is a direct message to a member who wants them. */
  | { kind: 'scaleouts.ended'; scaleouts: Scaleout[]; isDirect?: boolean }
  /** Several were ended at once; `onTheWay` is the quantity of a scaleout's chunks at the venue. */
  | { kind: 'scaleouts.cancelled'; ended: { scaleout: Scaleout; onTheWay: Big }[] }

/** The sum of a chunk's fills. */
export interface Filled {
  quantity: Big
  /** Dollars exchanged; realized P&L in dollars. */
  proceeds: Big
  realizedPnl: Big
  /** The price in dollars when all of it has the same one. */
  price?: Big
}
