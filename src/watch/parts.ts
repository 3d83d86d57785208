import type { Parts } from '../trading/parts.ts'
import type { WatchWording } from './notices.ts'

/** The parts of the desk with the wording that also knows the notices of the watch. */
export interface WatchParts extends Parts {
  wording: WatchWording
}
