import type { Big } from '../../base/amounts.ts'
import type { Position } from '../positions/rows/positions.ts'
import type { Scaleout } from './rows/scaleouts.ts'

/** What acts tell of scaleouts. */
export type ScaleoutNotice =
  /** The message of this one is kept up to date with the progress. `pace` is how long it takes, in words. */
  | { kind: 'scaleout.started'; scaleout: Scaleout; position: Position; pace: string }
  /** It ended before its last chunk. `inFlight` is the quantity that its chunks have at the venue. */
  | { kind: 'scaleout.cancelled'; scaleout: Scaleout; position: Position; because: string; inFlight: Big }
