import type { StoredEvent } from './rules/stored-event.ts'

/** What was done about an event whose data cannot be read. */
export type Unread =
  | { done: 'told' }
  /** The guardian proposed nothing. */
  | { done: 'told as it is' }
  | { done: 'account closed' }
  | { done: 'position closed'; symbol?: string }

/** Something that only the owners can look after. */
export type OwnerNotice =
  | ({ kind: 'event.unreadable'; id: number; type: string } & Unread)
  /** A critical event of another version of the desk, or one that names no position. */
  | { kind: 'event.unknown'; id: number; type: string }
  | { kind: 'job.unreadable'; queue: string; job?: string }
  | { kind: 'reply.unreadable'; row: number }

/** What is told of events. */
export type EventNotice =
  /** For a conversation that follows the event's symbol. */
  | { kind: 'event.followed'; event: StoredEvent }
  /** For a list of what has happened. */
  | { kind: 'event.listed'; event: StoredEvent }
  /** For the direct messages of a member: something that ran in the background has ended. */
  | { kind: 'task.ended'; event: StoredEvent }
  /** For the direct messages of an owner. */
  | { kind: 'owners.alarmed'; about: OwnerNotice }
  | OwnerNotice
