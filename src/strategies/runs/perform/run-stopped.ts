import type { RunState } from '../rules/run-state.ts'

/** The reason why an attempt stops before its end. */
export type StopReason =
  /** Its member wants it no more. */
  | 'cancelled'
  /** Another attempt has begun, or the run has ended. */
  | 'superseded'
  | 'time limit'
  /** This process ends; another goes on. */
  | 'closing'

/** An attempt stops before its end. */
export class RunStopped extends Error {
  override name = 'RunStopped'
  readonly reason: StopReason
  constructor(reason: StopReason) {
    super(`the run stops: ${reason}`)
    this.reason = reason
  }
}

/** Throws `RunStopped` when what was found was not kept: the run was cancelled, or is no longer this attempt's. */
export function elseStopped(state: RunState | undefined): void {
  if (state === undefined) throw new RunStopped('superseded')
  if (state === 'cancelling') throw new RunStopped('cancelled')
}
