import { readCells } from '../../csv.ts'
import { decimalsOf, mostDecimals } from '../../symbol.ts'

/** The bars of one file, oldest first, as columns; prices in dollars. */
export interface Series {
  /** The beginning of each bar, in milliseconds since the epoch. */
  times: Float64Array
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
  /** The most decimals among the prices. */
  decimals: number
  /** The length of a bar in minutes: 1440 for days, else the most common step; undefined with fewer than two bars. */
  minutes: number | undefined
  /** Rows that are not used, such as `line 12: zero volume`. */
  skipped: string[]
}

type Column = 'time' | 'open' | 'high' | 'low' | 'close' | 'volume'

/** A lower price would be zero in the decimals that are kept. */
const leastPrice = 10 ** -mostDecimals

const day = /^\d{4}-\d\d-\d\d$/
const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/

/** Reads `date` or `time` (with an offset), `open`, `high`, `low`, `close`, `volume`. Throws when the file has no such columns. */
export function readSeries(text: string): Series {
  const [head, ...rows] = readCells(text)
  const { columns, daily } = columnsOf(head ?? [])
  const bars = new Float64Array(rows.length * 6)
  const skipped: string[] = []
  let count = 0
  let decimals = 0
  let before = Number.NEGATIVE_INFINITY

  for (const [index, row] of rows.entries()) {
    if (row.length === 1 && row[0] === '') continue
    const written = row[columns.time] ?? ''
    const time = (daily ? day : zoned).test(written) ? Date.parse(written) : Number.NaN
    const [open, high, low, close, volume] = [
      amount(row[columns.open]),
      amount(row[columns.high]),
      amount(row[columns.low]),
      amount(row[columns.close]),
      amount(row[columns.volume]),
    ]
    const fault = faultOf(time, before, open, high, low, close, volume)
    if (fault) {
      skipped.push(`line ${index + 2}: ${fault}`)
      continue
    }
    bars.set([time, open, high, low, close, volume], count * 6)
    for (const column of ['open', 'high', 'low', 'close'] as const) {
      decimals = Math.max(decimals, decimalsOf(row[columns[column]]!))
    }
    before = time
    count++
  }

  const column = (offset: number) => Float64Array.from({ length: count }, (_, bar) => bars[bar * 6 + offset]!)
  const times = column(0)
  return {
    times,
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    decimals: Math.min(decimals, mostDecimals),
    minutes: count < 2 ? undefined : daily ? 1440 : commonStep(times) / 60_000,
    skipped,
  }
}

function columnsOf(head: string[]): { columns: Record<Column, number>; daily: boolean } {
  const names = head.map((name) => name.toLowerCase())
  const daily = !names.includes('time')
  const find = (name: string) => {
    const at = names.indexOf(name)
    if (at < 0) throw new Error(`its first line names no column ${name === 'date' ? 'date or time' : name}`)
    return at
  }
  return {
    daily,
    columns: {
      time: find(daily ? 'date' : 'time'),
      open: find('open'),
      high: find('high'),
      low: find('low'),
      close: find('close'),
      volume: find('volume'),
    },
  }
}

function amount(text: string | undefined): number {
  return text ? Number(text) : Number.NaN
}

function faultOf(
  time: number,
  before: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
): string | undefined {
  if (Number.isNaN(time)) return 'no time (a date, or a time with its offset)'
  if (time <= before) return 'not later than the row before it'
  if (!(Math.min(open, high, low, close) >= leastPrice)) return 'a price is missing or not positive'
  if (!Number.isFinite(open + high + low + close)) return 'a price is not finite'
  if (high < Math.max(open, close)) return 'high is below open or close'
  if (low > Math.min(open, close)) return 'low is above open or close'
  if (!(volume >= 0 && Number.isFinite(volume))) return 'volume is missing or not a number'
  if (volume === 0) return 'zero volume'
  return undefined
}

function commonStep(times: Float64Array): number {
  const counts = new Map<number, number>()
  for (let index = 1; index < times.length; index++) {
    const step = times[index]! - times[index - 1]!
    counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0]
}
