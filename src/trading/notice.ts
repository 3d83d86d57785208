import type { Action } from '../talk/chat/action.ts'
import type { Columns } from '../talk/chat/columns.ts'
import type { KeptPicture } from '../talk/chat/reply.ts'
import type { Tone } from '../talk/chat/tone.ts'
import type { AccountNotice } from './accounts/notices.ts'
import type { CorporateActionNotice } from './corporate-actions/notices.ts'
import type { EventNotice } from './events/notices.ts'
import type { OrderNotice } from './orders/notices.ts'
import type { PositionNotice } from './positions/notices.ts'
import type { PriceAlertNotice } from './price-alerts/notices.ts'
import type { ProtectionNotice } from './protection/notices.ts'
import type { ReconcileNotice } from './reconcile/notices.ts'
import type { ScaleoutNotice } from './scaleouts/notices.ts'
import type { ScheduleNotice } from './schedule/notices.ts'

/**
 * Facts of something that an act has done or found. Each thing of trading lists its own in its `notices.ts`; `talk/wording`
 * makes the sentences, once for every door.
 */
export type Notice =
  | AccountNotice
  | CorporateActionNotice
  | EventNotice
  | OrderNotice
  | PositionNotice
  | PriceAlertNotice
  | ProtectionNotice
  | ReconcileNotice
  | ScaleoutNotice
  | ScheduleNotice

/** The sentences of a notice. */
export interface Sentences {
  text: string
  /** In a channel, the post starts a thread with this name. */
  thread?: string
  /** The list in the text, for places that show columns. */
  columns?: Columns
  /** Buttons for what comes next. */
  actions?: Action[][]
  tone?: Tone
  /** A picture that the desk keeps, which is posted with the text. */
  kept?: KeptPicture
  /** In a place that several people share, the message also names the member, as in `Reply`. */
  ofMember?: 'always' | 'later'
}

/** Makes the sentences of notices. Pure. */
export type Wording = (notice: Notice) => Sentences

/**
 * A notice and its outbox row. The outbox posts the row unless the door that asked says `delivered`. Without a row only that
 * door says it.
 */
export interface QueuedNotice<One extends { kind: string } = Notice> {
  notice: One
  row?: number
}
