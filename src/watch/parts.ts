import type { Parts } from '../trading/parts.ts'
import type { WatchWording } from './notices.ts'

/** What everything that watches, and whoever hears of it, stands on. */
export interface WatchParts extends Parts {
  wording: WatchWording
}
