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
  for (const columns of all) {
    if (!columns) continue
    for (const text of columns.days) days[day++] = numberOfDay(text)
    for (const name of columnNames) {
      values.set(columns[name], value)
      value += columns[name].length
    }
  }
  return { counts, days, values }
}

/** The columns, in the same order; they are views of the packed memory. */
export function unpackBars({ counts, days, values }: PackedBars): (Columns | undefined)[] {
  let [day, value] = [0, 0]
  return counts.map((count) => {
    if (count < 0) return undefined
    const own = Array.from(days.subarray(day, day + count), dayOfNumber)
    day += count
    const column = () => {
      value += count
      return values.subarray(value - count, value)
    }
    return { days: own, open: column(), high: column(), low: column(), close: column(), volume: column() }
  })
}
