import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readSeries } from '../../../src/market/feeds/replay/replay-csv.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { missing, recordedDays } from '../recorded.ts'

/** The symbols of the recording, without SPY and without those of other years. */
export const recordedSymbols = missing
  ? []
  : readdirSync(recordedDays)
      .filter((name) => /^[A-Z.]+\.csv$/.test(name) && name !== 'SPY.csv')
      .map((name) => name.slice(0, -4))
      .sort()

const known = new Map<string, Columns>()

/** All recorded days of a symbol. */
export function recorded(symbol: string): Columns {
  const before = known.get(symbol)
  if (before) return before
  const { times, open, high, low, close, volume } = readSeries(
    readFileSync(path.join(recordedDays, `${symbol}.csv`), 'utf8'),
  )
  const days = [...times].map((time) => new Date(time).toISOString().slice(0, 10))
  const columns = { days, open, high, low, close, volume }
  known.set(symbol, columns)
  return columns
}

/** The bars from one place of the columns until before another. */
export function part({ days, open, high, low, close, volume }: Columns, from: number, to: number): Columns {
  return {
    days: days.slice(from, to),
    open: open.slice(from, to),
    high: high.slice(from, to),
    low: low.slice(from, to),
    close: close.slice(from, to),
    volume: volume.slice(from, to),
  }
}
