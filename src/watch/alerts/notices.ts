import type { Big } from '../../base/amounts.ts'
import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'
import type { Held } from '../../trading/positions/rules/describe.ts'

/** A time span; `until` is excluded. */
export interface Span {
  from: Date
  until: Date
}

/** An event that waits for the table. `whose` names the account when the conversation hears several. */
export interface HeldEvent {
  event: StoredEvent
  positionId?: number
  whose?: string
}

/** The desk's trades because of a touched level, or of the breaker. Money in dollars. */
export interface Ended {
  side: 'sell' | 'buy'
  quantity: Big
  value: Big
  realizedPnl: Big
  /** The number of positions that it traded. */
  positions: number
  /** The quantity of the event's position that is still open. */
  open: Big
}

/** A notice of the alerts. */
export type AlertNotice =
  | { kind: 'event.alerted'; event: StoredEvent; whose?: string; isDirect?: boolean }
  /** How a touched level or the breaker ended, for a channel that was alerted to it. */
  | { kind: 'event.ended'; event: StoredEvent; whose?: string; ended: Ended }
  /**
   * A repeat: `alert` is the posted text, `count` the number of events so far, `lastPrice` the price of the last one. `now` is the
   * present position, where it takes the place of details and of a question that are old by now.
   */
  | { kind: 'event.repeated'; alert: string; count: number; lastPrice?: string; now?: Held }
  /** The events that were held back in a minute, the most urgent first. */
  | { kind: 'events.held'; held: HeldEvent[] }
  /** The LOW events: the last of each type and symbol, with the count. Times are in `zone`. */
  | { kind: 'events.digested'; span: Span; zone?: string; happened: (StoredEvent & { times: number })[] }
  /** The events that were muted, oldest first. */
  | { kind: 'events.muted'; zone?: string; missed: (StoredEvent & { at: Date })[] }
