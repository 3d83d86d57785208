import path from 'node:path'
import { type Recorded, readRecording } from '../../../market/feeds/replay/replay-folder.ts'
import type { MarketLog } from '../../../market/log.ts'
import { MarketError } from '../../../market/spec.ts'
import { mostDecimals } from '../../../market/symbol.ts'
import type { Columns } from '../../screeners/strategy.ts'
import { type BarSource, NoBars } from '../bar-source.ts'
import { dayMs, dayOfHalf, dayOfNumber } from './days.ts'
import { shareColumns } from './packed.ts'
import { lastBars } from './slice.ts'

/**
 * The bars of a folder of SYMBOL.csv, read as `MARKET=replay` reads it: the same files, rows and prices. All of its bars are
 * finished. Throws `MarketError` when the folder cannot be used, or has bars of minutes.
 */
export async function folderBars(folder: string, log?: MarketLog): Promise<BarSource> {
  const { bySymbol, minutes } = await readRecording(folder, log)
  const name = `replay:${path.basename(path.resolve(folder))}`
  if (minutes !== 1440) throw new MarketError(`${folder} has bars of ${minutes} minutes; screeners need bars of days`)
  const known = new Map<string, Columns>()

  return {
    name,
    symbols: () => [...bySymbol.keys()],
    lastDay: async () => {
      const day = dayOfHalf([...bySymbol.values()].map(({ times }) => dayOfNumber(times.at(-1)! / dayMs)))
      if (day === undefined) throw new NoBars(`${name} has no bars.`)
      return day
    },
    daily: async (symbol, count, asOf) => {
      const recorded = bySymbol.get(symbol)
      if (!recorded) return undefined
      const columns = known.get(symbol) ?? shareColumns(columnsOf(recorded))
      known.set(symbol, columns)
      return lastBars(columns, count, asOf)
    },
  }
}

function columnsOf(recorded: Recorded): Columns {
  // The market shows no more decimals than these, and a folder has the same prices in both.
  const isLong = recorded.decimals >= mostDecimals
  const prices = (column: Float64Array) =>
    isLong ? column.map((price) => Number(price.toFixed(mostDecimals))) : column
  return {
    days: Array.from(recorded.times, (time) => dayOfNumber(time / dayMs)),
    open: prices(recorded.open),
    high: prices(recorded.high),
    low: prices(recorded.low),
    close: prices(recorded.close),
    volume: recorded.volume.map((units) => Number(units.toFixed(mostDecimals))),
  }
}
