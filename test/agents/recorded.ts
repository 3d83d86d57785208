import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { dayAfter, weekdayOf } from '../../src/base/zone.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'

/** Daily bars whose closes swing, so that averages cross often; another `phase` swings at other times. */
export function swingingBars(count: number, phase = 0, from = '2015-01-02'): Columns {
  const days: string[] = []
  for (let day = from; days.length < count; day = dayAfter(day, 1)) if (![0, 6].includes(weekdayOf(day))) days.push(day)
  const close = Float64Array.from(days, (_, at) =>
    cents(100 + 10 * Math.sin((at + phase) / 4) + 4 * Math.sin((at + phase) / 1.7)),
  )
  const open = Float64Array.from(days, (_, at) => close[Math.max(0, at - 1)]!)
  return {
    ...{ days, open, close },
    high: Float64Array.from(days, (_, at) => cents(Math.max(open[at]!, close[at]!) + 0.5)),
    low: Float64Array.from(days, (_, at) => cents(Math.min(open[at]!, close[at]!) - 0.5)),
    volume: Float64Array.from(days, (_, at) => 1_000_000 + 1000 * (at % 7)),
  }
}

const cents = (dollars: number) => Math.round(100 * dollars) / 100

/** The first `count` bars. */
export function upTo(bars: Columns, count: number): Columns {
  const { days, open, high, low, close, volume } = bars
  return {
    days: days.slice(0, count),
    ...{ open: open.subarray(0, count), high: high.subarray(0, count), low: low.subarray(0, count) },
    ...{ close: close.subarray(0, count), volume: volume.subarray(0, count) },
  }
}

/** A folder with the bars of these symbols for `MARKET=replay:`; it goes with the test. */
export function recordedFolder(symbols: Record<string, Columns>): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-agents-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [symbol, { days, open, high, low, close, volume }] of Object.entries(symbols)) {
    const rows = days.map((day, at) => [day, open[at], high[at], low[at], close[at], volume[at]].join())
    writeFileSync(join(folder, `${symbol}.csv`), `date,open,high,low,close,volume\n${rows.join('\n')}\n`)
  }
  return folder
}
