import { dayAfter, weekdayOf } from '../../base/zone.ts'
import { nyse } from '../../market/calendar.ts'
import type { Columns } from './strategy.ts'

/** More sessions than this without a bar, of a hundred, make averages of days into something else. */
const mostMissing = 5
/** A last bar that is more sessions older than the day of a run says nothing about that day. */
const mostSessionsLate = 3
/** News moves a price overnight by less than this, almost always; a split of 2 for 1 moves it further. */
const [leastOvernight, mostOvernight] = [0.53, 1.9]
/** The calendar is right from here on. */
const calendarFrom = '2013-01-01'

/** The faults of bars: the reason to skip the symbol, or what is lacking, in words. */
export interface Soundness {
  skip?: string
  lacking: string[]
}

/**
 * Looks at the last `count` bars, of which there are so many: prices that are no prices, days out of order, sessions without
 * a bar, prices that leap as at a split, bars without volume.
 */
export function soundnessOf(bars: Columns, count: number): Soundness {
  const from = bars.days.length - count
  const broken = brokenBar(bars, from)
  if (broken) return { skip: broken, lacking: [] }
  const lacking: string[] = []
  const missing = missingSessions(bars.days, from)
  if (missing.length > 0) {
    const text = `${missing.length} of ${count + missing.length} sessions without a bar since ${bars.days[from]}`
    if (missing.length * 100 > mostMissing * (count + missing.length)) return { skip: text, lacking }
    lacking.push(`bars: ${text} (${missing.length > 3 ? `the first ${missing[0]}` : missing.join(', ')})`)
  }
  const leaps = overnightLeaps(bars, from)
  if (leaps.length > 0) {
    const more = leaps.length > 1 ? `, and ${leaps.length - 1} more` : ''
    lacking.push(`prices: ${leaps[0]}, as after a split that is not adjusted for${more}`)
  }
  let silent = 0
  for (let at = from; at < bars.days.length; at++) if (bars.volume[at] === 0) silent++
  if (silent > 0) lacking.push(`volume: none in ${silent} of ${count} bars`)
  return { lacking }
}

/** The first fault of a bar; undefined when all are sound. */
function brokenBar({ days, open, high, low, close, volume }: Columns, from: number): string | undefined {
  for (let at = from; at < days.length; at++) {
    const day = days[at]!
    if (at > from && day <= days[at - 1]!) return `${day} comes after ${days[at - 1]}`
    if (!(open[at]! > 0 && high[at]! > 0 && low[at]! > 0 && close[at]! > 0)) return `${day} has no price`
    if (!(high[at]! < Number.POSITIVE_INFINITY)) return `${day} has no finite price`
    if (high[at]! < Math.max(open[at]!, close[at]!) || low[at]! > Math.min(open[at]!, close[at]!)) {
      return `${day} has open or close outside of its high and low`
    }
    if (!(volume[at]! >= 0 && volume[at]! < Number.POSITIVE_INFINITY)) return `${day} has no volume`
  }
  return undefined
}

/** The days that opened at about half of the close before, or twice of it, or beyond. */
function overnightLeaps({ days, open, close }: Columns, from: number): string[] {
  const leaps: string[] = []
  for (let at = from + 1; at < days.length; at++) {
    const ratio = open[at]! / close[at - 1]!
    if (ratio < leastOvernight || ratio > mostOvernight) {
      leaps.push(`${days[at]} opened at ${ratio.toFixed(2)} × the close before`)
    }
  }
  return leaps
}

/** The sessions between the bars that have none. Bars on a weekend are of something that trades every day. */
function missingSessions(days: readonly string[], from: number): string[] {
  const [first, last] = [days[from]!, days.at(-1)!]
  if (first >= calendarFrom && numberOf(last) - numberOf(first) === days.length - 1 - from) return []
  const isEveryDay = days.slice(from, from + 7).some((day) => [0, 6].includes(weekdayOf(day)))
  const missing: string[] = []
  for (let at = from + 1; at < days.length; at++) {
    for (let day = dayAfter(days[at - 1]!, 1); day < days[at]!; day = dayAfter(day, 1)) {
      if (day >= calendarFrom && (isEveryDay || nyse.sessionOf(day))) missing.push(day)
    }
  }
  return missing
}

const numbers = new Map<string, number>()
let numberedUntil = dayAfter(calendarFrom, -1)

/** The number of a session, counted from where the calendar is right; not a number for other days. Kept, for its cost. */
function numberOf(day: string): number {
  while (numberedUntil < day) {
    numberedUntil = dayAfter(numberedUntil, 1)
    if (nyse.sessionOf(numberedUntil)) numbers.set(numberedUntil, numbers.size)
  }
  return numbers.get(day) ?? Number.NaN
}

/** Is the last bar too old for the day of a run? */
export function isLate(last: string, asOf: string): boolean {
  let sessions = 0
  let day = last
  while (day < asOf && sessions <= mostSessionsLate) {
    day = dayAfter(day, 1)
    if (nyse.sessionOf(day)) sessions++
  }
  return sessions > mostSessionsLate
}
