import type { Position } from '../positions/rows/positions.ts'
import type { Scaleout } from './rows/scaleouts.ts'

/** What acts tell of scaleouts. */
export type ScaleoutNotice =
  /** The message of this one is kept up to date with the progress. `pace` is how long it takes, in words. */
  { kind: 'scaleout.started'; scaleout: Scaleout; position: Position; pace: string }
