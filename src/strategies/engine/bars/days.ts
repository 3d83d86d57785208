/** Milliseconds of a day. */
export const dayMs = 24 * 60 * 60_000

/** Days recur in the bars of every symbol, and parsing one takes longer than finding it here. A century has 36,500. */
const mostKnown = 40_000
const numbers = new Map<string, number>()
const texts = new Map<number, string>()

/** The number of a day since 1970-01-01, which is 0. */
export function numberOfDay(day: string): number {
  const known = numbers.get(day)
  if (known !== undefined) return known
  const number = Math.round(Date.parse(day) / dayMs)
  if (numbers.size < mostKnown) numbers.set(day, number)
  return number
}

/** The day of a number since 1970-01-01: `2026-11-30`. */
export function dayOfNumber(number: number): string {
  const known = texts.get(number)
  if (known !== undefined) return known
  const day = new Date(number * dayMs).toISOString().slice(0, 10)
  if (texts.size < mostKnown) texts.set(number, day)
  return day
}

/** The number of days from one to another: 1 from `2026-11-29` to `2026-11-30`. */
export function daysBetween(from: string, to: string): number {
  return numberOfDay(to) - numberOfDay(from)
}

/** The day that half of some days have reached; undefined of none. */
export function dayOfHalf(days: readonly string[]): string | undefined {
  return days.toSorted().at(Math.floor(days.length / 2))
}
