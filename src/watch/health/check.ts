import type { Config } from '../../config.ts'
import type { Parts } from '../../trading/parts.ts'
import type { Seen } from './rules/follow.ts'

/** A model of the desk as health sees it: `fault` is the reason why it is refused, `off` why it is switched off. */
export interface ModelSeen {
  name: string
  fault?: string
  off?: string
}

/** What checks look at. */
export interface HealthParts extends Parts {
  config: Config
  models(): Promise<ModelSeen[]>
  machine: Machine
}

/** The machine of this process. */
export interface Machine {
  host: string
  /** Its clock, in milliseconds. */
  now(): number
  /** Folders on whose disks the desk writes. */
  folders: string[]
}

/** A part of the desk that can fail. Each has a file of its own in `checks`, and a line in `table.ts`. */
export interface Check {
  name: string
  /** `desk`: one worker looks for all. `machine`: each looks at its own machine. */
  of: 'desk' | 'machine'
  /** The sentence that says what stops while it is down. */
  stops: string
  /** Another part of the desk tells people of its failures, so that they are told once. */
  isToldElsewhere?: true
  /** One look is enough to be sure. */
  isCertain?: true
  /** A real test. It may throw, and it may take too long: both are `down`. */
  look(parts: HealthParts): Promise<Seen>
}

export const ok = (words: string): Seen => ({ state: 'ok', words })
export const warn = (words: string): Seen => ({ state: 'warn', words })
export const down = (words: string): Seen => ({ state: 'down', words })
