import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dayAfter } from '../../src/base/zone.ts'
import { nyse } from '../../src/market/calendar.ts'
import type { BarSource } from '../../src/strategies/engine/bar-source.ts'
import { lastBars } from '../../src/strategies/engine/bars/slice.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'

/** The sessions of New York from a day on. */
export function sessionsFrom(day: string, count: number): string[] {
  const days: string[] = []
  for (let at = day; days.length < count; at = dayAfter(at, 1)) if (nyse.sessionOf(at)) days.push(at)
  return days
}

/** Bars that wander, the same for the same seed: a close moves by at most 2% a day. */
export function madeBars(days: readonly string[], seed: number): Columns {
  let state = seed * 2_654_435_761 + 12_345
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const column = () => new Float64Array(days.length)
  const bars: Columns = {
    days: [...days],
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  }
  let price = 20 + 80 * chance()
  const cents = (dollars: number) => Math.round(dollars * 100) / 100
  for (let at = 0; at < days.length; at++) {
    const open = cents(price)
    price *= 1 + 0.04 * (chance() - 0.48)
    const close = cents(price)
    bars.open[at] = open
    bars.close[at] = close
    bars.high[at] = cents(Math.max(open, close) * (1 + 0.01 * chance()))
    bars.low[at] = cents(Math.min(open, close) * (1 - 0.01 * chance()))
    bars.volume[at] = Math.round(1e6 * (0.5 + chance()))
  }
  return bars
}

/** A source in memory. `failing` symbols are known, and their bars cannot be had. */
export function madeSource(bars: ReadonlyMap<string, Columns>, failing: ReadonlySet<string> = new Set()): BarSource {
  return {
    name: 'made',
    symbols: () => [...bars.keys(), ...failing],
    lastDay: async () => [...bars.values()][0]!.days.at(-1)!,
    daily: async (symbol, count, asOf) => {
      if (failing.has(symbol)) throw new Error('token=secret is refused')
      const columns = bars.get(symbol)
      return columns && lastBars(columns, count, asOf)
    },
  }
}

/** A folder with a file for each symbol; a text is the file as it is. */
export function madeFolder(files: Record<string, Columns | string>): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'bars-')), 'made')
  mkdirSync(folder)
  for (const [symbol, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, `${symbol}.csv`), typeof content === 'string' ? content : csvOf(content))
  }
  return folder
}

function csvOf({ days, open, high, low, close, volume }: Columns): string {
  const rows = days.map((day, at) => [day, open[at], high[at], low[at], close[at], volume[at]].join(','))
  return `date,open,high,low,close,volume\n${rows.join('\n')}\n`
}
