/** How a door of this process stands with its platform. `because` is a few words without a host or a secret. */
export type Connection =
  | { state: 'connected' }
  /** It hears nothing, and tries again. */
  | { state: 'connecting'; since: Date; because: string }
  /** It hears nothing, and will not before somebody puts something right. */
  | { state: 'refused'; since: Date; because: string }

/** What an open door tells of its connection, as that changes. */
export interface ConnectionNews {
  /** The door hears again. */
  connected(): void
  /** The line broke; the door connects again by itself. `because` is a few words without a host or a secret. */
  broken(because: string): void
  /** The platform lets the door in no more. The door tries nothing more by itself: it is to be closed, and opened anew. */
  lost(failure: DoorFailed): void
}

/**
 * A platform does not let the desk in, or is not there. The message is a sentence for whoever runs the desk: what
 * happened and what to do, without a secret.
 */
export class DoorFailed extends Error {
  override name = 'DoorFailed'
  /** `refused`: the same again until somebody puts something right. `unreachable`: it may pass by itself. */
  readonly kind: 'refused' | 'unreachable'
  /** The same in a few words, without a host. */
  readonly because: string

  constructor(kind: 'refused' | 'unreachable', because: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.because = because
  }
}
