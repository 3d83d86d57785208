import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSeries } from '../../market/feeds/replay/replay-csv.ts'
import type { Columns } from '../screeners/strategy.ts'
import type { Recording } from './study.ts'

/** Reads a folder of daily bars, a file a symbol. Files such as `ORCL-long.csv` are of other years, and are left out. */
export async function readRecording(folder: string): Promise<Recording> {
  const names = (await readdir(folder)).filter((name) => /^[A-Z.]+\.csv$/.test(name)).sort()
  const stocks = new Map<string, Columns>()
  for (const name of names) stocks.set(name.slice(0, -4), columnsOf(await readFile(join(folder, name), 'utf8')))
  const spy = stocks.get('SPY')
  if (!spy) throw new Error(`${folder} has no SPY.csv, with which stocks are compared`)
  stocks.delete('SPY')
  return { stocks, spy }
}

function columnsOf(text: string): Columns {
  const { times, open, high, low, close, volume } = readSeries(text)
  return { days: [...times].map((time) => new Date(time).toISOString().slice(0, 10)), open, high, low, close, volume }
}
