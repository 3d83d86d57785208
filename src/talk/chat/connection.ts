/** The connection of a door to its platform. `because` is a few words without a host or a secret. */
export type Connection =
  | { state: 'connected' }
  /** The door hears nothing and tries again. */
  | { state: 'connecting'; since: Date; because: string }
  /** The door hears nothing until somebody corrects the cause. */
  | { state: 'refused'; since: Date; because: string }

/** The callbacks of an open door for changes of its connection. */
export interface ConnectionNews {
  /** The door hears again. */
  connected(): void
  /** The connection broke; the door reconnects by itself. `because` is a few words without a host or a secret. */
  broken(because: string): void
  /** The platform rejects the door. The door does not reconnect by itself: the caller closes it and opens a new one. */
  lost(failure: DoorFailed): void
}

/**
 * A platform refuses the desk or cannot be reached. The message tells the operator what happened and what to do, without
 * a secret.
 */
export class DoorFailed extends Error {
  override name = 'DoorFailed'
  /** `refused`: every attempt fails until somebody corrects the cause. `unreachable`: a later attempt may work. */
  readonly kind: 'refused' | 'unreachable'
  /** The cause in a few words, without a host. */
  readonly because: string

  constructor(kind: 'refused' | 'unreachable', because: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.because = because
  }
}
