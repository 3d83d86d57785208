import type { StoredEvent } from './rules/stored-event.ts'

/** The measure taken about an event whose data cannot be read. */
export type Unread =
  | { done: 'told' }
  /** The guardian made no proposal. */
  | { done: 'told as it is' }
  | { done: 'account closed' }
  | { done: 'position closed'; symbol?: string }

/** The outage of a source. `alone`: open positions that nothing else serves; `replaced`: those that another source serves. */
export interface OutageFacts {
  source: string
  since: Date
  alone: number
  replaced: number
}

/** A problem that only the owners can look after. */
export type OwnerNotice =
  | ({ kind: 'event.unreadable'; id: number; type: string } & Unread)
  /** A critical event of another version of the desk, or one that names no position. */
  | { kind: 'event.unknown'; id: number; type: string }
  | { kind: 'job.unreadable'; queue: string; job?: string }
  | { kind: 'reply.unreadable'; row: number }
  | ({ kind: 'source.lost'; because: string } & OutageFacts)
  | ({ kind: 'source.back'; until: Date } & OutageFacts)
  /** A part of the desk is down; `stops` says what stops because of it. */
  | { kind: 'health.down'; check: string; words: string; stops: string; since: Date }
  /** It is not down any more. */
  | { kind: 'health.back'; check: string; words: string; since: Date; until: Date }
  /** A model was switched off by what the desk saw of it. */
  | { kind: 'model.off'; model: string; code: string; because: string }

/** Notices about events. */
export type EventNotice =
  /** For a conversation that follows the event's symbol. */
  | { kind: 'event.followed'; event: StoredEvent }
  /** For a list of recent events. */
  | { kind: 'event.listed'; event: StoredEvent }
  /** For a direct message to a member: a background task has ended. */
  | { kind: 'task.ended'; event: StoredEvent }
  /** For a direct message to an owner. */
  | { kind: 'owners.alarmed'; about: OwnerNotice }
  | OwnerNotice
