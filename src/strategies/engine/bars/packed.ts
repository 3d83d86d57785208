import type { Columns } from '../../screeners/strategy.ts'
import { dayOfNumber, numberOfDay } from './days.ts'

/** The bars of several symbols in two blocks of memory, which a thread takes over without a copy. */
export interface PackedBars {
  /** The number of bars of each; -1 for one without columns. */
  counts: number[]
  /** Days since 1970, one symbol after the other. */
  days: Int32Array<ArrayBuffer>
  /** Open, high, low, close and volume of each symbol, one column after the other. */
  values: Float64Array<ArrayBuffer>
}

const columnNames = ['open', 'high', 'low', 'close', 'volume'] as const

/** Copies columns into blocks of memory. */
export function packBars(all: readonly (Columns | undefined)[]): PackedBars {
  const counts = all.map((columns) => columns?.days.length ?? -1)
  const total = counts.reduce((sum, count) => sum + Math.max(0, count), 0)
  const days = new Int32Array(total)
  const values = new Float64Array(total * columnNames.length)
  let [day, value] = [0, 0]
  let before: readonly string[] = []
  for (const columns of all) {
    if (!columns) continue
    // Most symbols have bars on the same days, and copying their numbers is faster than finding them.
    if (isSame(columns.days, before)) {
      days.copyWithin(day, day - before.length, day)
      day += before.length
    } else {
      before = columns.days
      for (const text of before) days[day++] = numberOfDay(text)
    }
    for (const name of columnNames) {
      values.set(columns[name], value)
      value += columns[name].length
    }
  }
  return { counts, days, values }
}

/** The columns, in the same order; they are views of the packed memory, and those of the same days share them. */
export function unpackBars({ counts, days, values }: PackedBars): (Columns | undefined)[] {
  let [day, value] = [0, 0]
  let [before, texts]: [Int32Array, string[]] = [new Int32Array(), []]
  return counts.map((count) => {
    if (count < 0) return undefined
    const own = days.subarray(day, day + count)
    if (!isSame(own, before)) texts = Array.from(own, dayOfNumber)
    before = own
    day += count
    const column = () => {
      value += count
      return values.subarray(value - count, value)
    }
    return { days: texts, open: column(), high: column(), low: column(), close: column(), volume: column() }
  })
}

function isSame<Day>(days: ArrayLike<Day>, others: ArrayLike<Day>): boolean {
  if (days.length !== others.length) return false
  for (let at = days.length - 1; at >= 0; at--) if (days[at] !== others[at]) return false
  return true
}
