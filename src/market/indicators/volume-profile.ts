import type { Bar } from '../market.ts'
import { candle } from './candle.ts'

/** A range of prices in dollars, and the units that traded there. */
export interface ProfileRow {
  low: number
  high: number
  volume: number
}

/** The distribution of volume over prices. */
export interface VolumeProfile {
  /** Lowest first, all of one height. */
  rows: ProfileRow[]
  /** Point of control: the middle of the row with the most volume, in dollars. */
  pointOfControl: number
  /** The value area, in dollars, and its share of all volume: 0.7, or as little more as whole rows allow. */
  valueArea: { low: number; high: number; share: number }
  volume: number
}

const mostRows = 24
const valueShare = 0.7

/**
 * The volume profile of bars: the volume of each bar is spread evenly over its range, in up to 24 rows whose height is a
 * whole number of ticks. The value area grows from the point of control: the pair of rows above or below with more volume
 * joins (the pair above when they are equal), until it holds 70% of the volume (CBOT, "Market Profile", 1984; J. Dalton,
 * "Mind over Markets", 1990). Among rows of equal volume, the one nearest to the middle is the point of control. When
 * everything traded at one price, that is the only row. Undefined without volume. `tick` is in dollars.
 */
export function volumeProfile(bars: Bar[], tick: number): VolumeProfile | undefined {
  const candles = bars.map(candle).filter((one) => one.volume > 0)
  if (candles.length === 0) return undefined
  const rows = emptyRows(candles, tick)
  const { low: bottom, high: top } = { low: rows[0]!.low, high: rows.at(-1)!.high }
  const height = (top - bottom) / rows.length
  for (const { low, high, volume } of candles) {
    const rowOf = (price: number) =>
      height > 0 ? Math.min(rows.length - 1, Math.max(0, Math.floor((price - bottom) / height + 1e-9))) : 0
    const [from, to] = [rowOf(low), rowOf(high)]
    for (let row = from; row <= to; row++) {
      const overlap = Math.min(high, rows[row]!.high) - Math.max(low, rows[row]!.low)
      rows[row]!.volume += from === to ? volume : volume * (Math.max(0, overlap) / (high - low))
    }
  }
  const volume = rows.reduce((total, row) => total + row.volume, 0)
  const control = rowOfControl(rows)
  const [from, to] = valueRows(rows, control, volume * valueShare)
  const inside = rows.slice(from, to + 1).reduce((total, row) => total + row.volume, 0)
  return {
    rows,
    pointOfControl: (rows[control]!.low + rows[control]!.high) / 2,
    valueArea: { low: rows[from]!.low, high: rows[to]!.high, share: inside / volume },
    volume,
  }
}

function emptyRows(candles: { low: number; high: number }[], tick: number): ProfileRow[] {
  const low = candles.reduce((least, one) => Math.min(least, one.low), Number.POSITIVE_INFINITY)
  const high = candles.reduce((most, one) => Math.max(most, one.high), 0)
  // In ticks, which are whole numbers: sums of floats would give rows of uneven height.
  const [first, last] = [Math.floor(low / tick + 1e-6), Math.ceil(high / tick - 1e-6)]
  // All at one price: a wider row would have its middle beside that price.
  if (last <= first) return [{ low, high, volume: 0 }]
  const step = Math.ceil((last - first) / mostRows)
  const count = Math.ceil((last - first) / step)
  return Array.from({ length: count }, (_, row) => ({
    low: (first + row * step) * tick,
    high: (first + (row + 1) * step) * tick,
    volume: 0,
  }))
}

function rowOfControl(rows: ProfileRow[]): number {
  const middle = (rows.length - 1) / 2
  let best = 0
  for (const [index, { volume }] of rows.entries()) {
    const most = rows[best]!.volume
    if (volume > most || (volume === most && Math.abs(index - middle) < Math.abs(best - middle))) best = index
  }
  return best
}

function valueRows(rows: ProfileRow[], control: number, wanted: number): [from: number, to: number] {
  let [from, to, inside] = [control, control, rows[control]!.volume]
  const pair = (start: number) => (rows[start]?.volume ?? 0) + (rows[start + 1]?.volume ?? 0)
  while (inside < wanted && (from > 0 || to < rows.length - 1)) {
    const above = to < rows.length - 1 ? pair(to + 1) : -1
    const below = from > 1 ? pair(from - 2) : from > 0 ? rows[0]!.volume : -1
    if (above >= below) to = Math.min(rows.length - 1, to + 2)
    else from = Math.max(0, from - 2)
    inside += Math.max(above, below)
  }
  return [from, to]
}
