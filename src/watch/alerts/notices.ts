import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'

/** From when until when; the last moment is out. */
export interface Span {
  from: Date
  until: Date
}

/** An event that a conversation did not hear at once; `whose` names the account where several are heard. */
export interface HeldEvent {
  event: StoredEvent
  positionId?: number
  whose?: string
}

/** What is told of events that somebody wants to hear of. */
export type AlertNotice =
  | { kind: 'event.alerted'; event: StoredEvent; whose?: string }
  /** The same came again: `alert` is what was said, `count` how often it came by now, `lastPrice` where it did last. */
  | { kind: 'event.repeated'; alert: string; count: number; lastPrice?: string }
  /** What was held back in a minute, in the order of its weight. */
  | { kind: 'events.held'; held: HeldEvent[] }
  /** What was not worth an alert: the last of each type and symbol, and how many there were. Times are by the clocks of `zone`. */
  | { kind: 'events.digested'; span: Span; zone?: string; happened: (StoredEvent & { times: number })[] }
  /** What was not told since it was muted, oldest first. */
  | { kind: 'events.muted'; zone?: string; missed: (StoredEvent & { at: Date })[] }
