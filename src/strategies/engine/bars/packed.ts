import type { Columns } from '../../screeners/strategy.ts'
import { dayOfNumber, numberOfDay } from './days.ts'

/**
 * The bars of several symbols for a thread, by their places in memory that all threads share. Nobody writes there once the bars of a
 * source are in it, so a thread needs no copy of them.
 */
export interface PackedBars {
  /** The block with the bars of each symbol; null for one without columns. */
  blocks: (SharedArrayBuffer | null)[]
  /** The first bar of each within its block, and the number of its bars. */
  from: number[]
  counts: number[]
}

const columnNames = ['open', 'high', 'low', 'close', 'volume'] as const
const columnBytes = Float64Array.BYTES_PER_ELEMENT
/** A block has its columns one after the other, and then the days since 1970. */
const barBytes = columnNames.length * columnBytes + Int32Array.BYTES_PER_ELEMENT

const blocks = new WeakSet<ArrayBufferLike>()

/** The same columns in one block of shared memory. Views of them can be packed without a copy. */
export function shareColumns(columns: Columns): Columns {
  const count = columns.days.length
  const block = new SharedArrayBuffer(count * barBytes)
  blocks.add(block)
  const shared = viewOf(block, 0, count, columns.days)
  for (const name of columnNames) shared[name].set(columns[name])
  const days = daysOf(block, 0, count)
  for (const [at, day] of columns.days.entries()) days[at] = numberOfDay(day)
  return shared
}

/** Columns by their places in shared memory. Those that are not there yet are copied into it. */
export function packBars(all: readonly (Columns | undefined)[]): PackedBars {
  const packed: PackedBars = { blocks: [], from: [], counts: [] }
  for (const columns of all) {
    const shared = columns && (blocks.has(columns.open.buffer) ? columns : shareColumns(columns))
    packed.blocks.push(shared ? (shared.open.buffer as SharedArrayBuffer) : null)
    packed.from.push(shared ? shared.open.byteOffset / columnBytes : 0)
    packed.counts.push(shared ? shared.days.length : 0)
  }
  return packed
}

/** The columns, in the same order; they are views of the shared memory, and those of the same days share their texts. */
export function unpackBars({ blocks, from, counts }: PackedBars): (Columns | undefined)[] {
  let [before, texts]: [Int32Array, string[]] = [new Int32Array(), []]
  return blocks.map((block, at) => {
    if (!block) return undefined
    const own = daysOf(block, from[at]!, counts[at]!)
    if (!isSame(own, before)) texts = Array.from(own, dayOfNumber)
    before = own
    return viewOf(block, from[at]!, counts[at]!, texts)
  })
}

function viewOf(block: SharedArrayBuffer, from: number, count: number, days: string[]): Columns {
  const length = block.byteLength / barBytes
  const column = (nth: number) => new Float64Array(block, (nth * length + from) * columnBytes, count)
  return { days, open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4) }
}

function daysOf(block: SharedArrayBuffer, from: number, count: number): Int32Array {
  const length = block.byteLength / barBytes
  const start = columnNames.length * length * columnBytes + from * Int32Array.BYTES_PER_ELEMENT
  return new Int32Array(block, start, count)
}

function isSame(days: Int32Array, others: Int32Array): boolean {
  if (days.length !== others.length) return false
  for (let at = days.length - 1; at >= 0; at--) if (days[at] !== others[at]) return false
  return true
}
