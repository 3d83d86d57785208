import { exchangeZone, momentOn } from '../../../base/zone.ts'
import { MarketError } from '../../spec.ts'
import type { Recording } from './replay-folder.ts'

/** A little over a year, so that the 260 bars of screeners, and all indicators of a year, are there from the first day. */
const historyMs = 400 * 24 * 60 * 60_000
const dayMinutes = 1440

/** The first slot on or after a day. Throws `MarketError` when the recording has no bar from then on. */
export function startOn({ timeline, minutes }: Recording, day: string, folder: string): number {
  const from = minutes >= dayMinutes ? Date.parse(day) : momentOn(day, '00:00', exchangeZone).getTime()
  const slot = timeline.findIndex((time) => time >= from)
  if (slot >= 0) return slot
  const last = new Date(timeline.at(-1)!).toISOString().slice(0, 10)
  throw new MarketError(`MARKET=replay: ${folder} has no bars from ${day} on; its last are of ${last}`)
}

/**
 * The first slot of a replay that names no day. In a recording of days it is the first day on which half of the files have 400
 * days behind them: files begin in different decades, and before that most symbols have no price. A recording of minutes, or of
 * less than 400 days, begins with its first bar.
 */
export function usualStart({ bySymbol, timeline, minutes }: Recording): number {
  if (minutes < dayMinutes) return 0
  const begins = [...bySymbol.values()].map(({ times }) => times[0]!).sort((a, b) => a - b)
  const half = begins[Math.ceil(begins.length / 2) - 1]! + historyMs
  return Math.max(
    0,
    timeline.findIndex((time) => time >= half),
  )
}
