import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { folderBars } from '../../src/strategies/engine/bars/folder-bars.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { numberOf } from '../random.ts'

/** Bars to learn from or to judge by. */
export interface BarsFound {
  bars: Map<string, Columns>
  /** SPY, which is the market and no sample. */
  market?: Columns
  /** A hash of the names and bytes of all files. */
  hash: string
  /** The first and the last day, and the number of bars. */
  from: string
  to: string
  count: number
}

/** The symbol whose bars stand for the market. */
const marketSymbol = 'SPY'
/** Fewer bars than these have no day with inputs and a label of each horizon. */
const fewestBars = 400

/**
 * The bars of a folder of SYMBOL.csv, from the day on which half of its symbols have begun. Files named `SYMBOL-long` are second
 * recordings of a symbol, and are left out, as are symbols with few bars.
 */
export async function barsOf(folder: string): Promise<BarsFound> {
  const source = await folderBars(folder)
  const to = await source.lastDay()
  const all = new Map<string, Columns>()
  for (const symbol of source.symbols()) {
    if (/-LONG$/i.test(symbol)) continue
    const columns = await source.daily(symbol, Number.MAX_SAFE_INTEGER, to)
    if (columns && columns.days.length > 0) all.set(symbol, columns)
  }
  const begins = [...all.values()].map(({ days }) => days[0]!).sort()
  const from = begins[Math.floor(begins.length / 2)]!
  const market = all.get(marketSymbol)
  const bars = new Map<string, Columns>()
  for (const [symbol, columns] of all) {
    if (symbol === marketSymbol) continue
    const own = since(columns, from)
    if (own.days.length >= fewestBars) bars.set(symbol, own)
  }
  if (bars.size === 0) throw new Error(`no symbol in ${folder} has ${fewestBars} bars`)
  const count = [...bars.values()].reduce((sum, { days }) => sum + days.length, 0)
  return { bars, market: market && since(market, from), hash: await hashOf(folder), from, to, count }
}

function since(columns: Columns, day: string): Columns {
  const at = columns.days.findIndex((own) => own >= day)
  const from = at < 0 ? columns.days.length : at
  const { days, open, high, low, close, volume } = columns
  return {
    days: days.slice(from),
    open: open.subarray(from),
    high: high.subarray(from),
    low: low.subarray(from),
    close: close.subarray(from),
    volume: volume.subarray(from),
  }
}

async function hashOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.csv')).sort()
  const all = createHash('sha256')
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name))
    all.update(`${name} ${createHash('sha256').update(bytes).digest('hex')}\n`)
  }
  return all.digest('hex')
}

/** One in ten symbols, by a hash of its name, is never learned from; all classes of a share go together. */
export function isHeldOut(symbol: string, groupOf: (symbol: string) => string): boolean {
  return numberOf(groupOf(symbol)) % 10 === 0
}
