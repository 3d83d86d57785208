import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { MarketLog } from '../../log.ts'
import { MarketError } from '../../spec.ts'
import { symbolOf } from '../../symbol.ts'
import { readSeries, type Series } from './replay-csv.ts'

/** The bars of a symbol, and their slots in the timeline of the folder. */
export interface Recorded extends Series {
  symbol: string
  /** The slot of each bar, ascending. */
  slots: Int32Array
}

/** A folder of recorded bars on one timeline: slot k is the k-th time at which any symbol has a bar. */
export interface Recording {
  bySymbol: Map<string, Recorded>
  /** The moment of each slot in the exchange's time, in milliseconds since the epoch. */
  timeline: Float64Array
  /** The number of slots. */
  length: number
  /** The length of a bar in minutes, the same in every file. */
  minutes: number
}

/** Reads every SYMBOL.csv of a folder, and logs what it leaves out. Throws `MarketError` when nothing usable is left. */
export async function readRecording(folder: string, log?: MarketLog): Promise<Recording> {
  const all = new Map<string, Series>()
  for (const name of await filesOf(folder)) {
    const file = path.join(folder, name)
    const symbol = symbolOf(name.slice(0, -'.csv'.length))
    if (!symbol || all.has(symbol)) {
      log?.warn({ file }, `replay: left out, ${symbol ? `${symbol} has another file` : 'its name is not a symbol'}`)
      continue
    }
    try {
      const series = readSeries(await readFile(file, 'utf8'))
      if (series.skipped.length > 0) {
        log?.warn(
          { file, rows: series.skipped.length, first: series.skipped.slice(0, 3) },
          `replay: ${series.skipped.length} of ${series.skipped.length + series.times.length} rows left out`,
        )
      }
      if (series.times.length > 0) all.set(symbol, series)
    } catch (error) {
      log?.warn({ file }, `replay: left out, ${whyUnread(error)}`)
    }
  }
  if (all.size === 0) throw new MarketError(`MARKET=replay: no file in ${folder} has bars that can be used`)
  return merged(all, intervalOf(all, folder), log)
}

const unreadReasons: Record<string, string> = {
  EISDIR: 'it is a folder',
  ENOENT: 'it is not there (a link to nowhere?)',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
}

/** The reason why a file was not read, in words: a fault of the system, or of its contents. */
function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === undefined ? message : (unreadReasons[code] ?? `it cannot be read (${code})`)
}

async function filesOf(folder: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const why = missing ? 'there is no folder' : 'this is not a folder that can be read:'
    throw new MarketError(`MARKET=replay: ${why} ${path.resolve(folder)}`, { cause })
  }
  const files = names.filter((name) => name.toLowerCase().endsWith('.csv')).sort()
  if (files.length === 0) throw new MarketError(`MARKET=replay: there is no SYMBOL.csv in ${path.resolve(folder)}`)
  return files
}

/** The shortest bar length of the folder: a symbol that trades seldom has longer steps. Days and minutes cannot be mixed. */
function intervalOf(all: Map<string, Series>, folder: string): number {
  const known = [...all].flatMap(([symbol, { minutes }]) => (minutes === undefined ? [] : { symbol, minutes }))
  known.sort((a, b) => a.minutes - b.minutes)
  const [shortest, longest] = [known[0], known.at(-1)]
  if (!shortest || !longest) throw new MarketError(`MARKET=replay: no file in ${folder} has two bars`)
  if (!Number.isInteger(shortest.minutes)) {
    throw new MarketError(`MARKET=replay: the bars of ${shortest.symbol} in ${folder} are not whole minutes`)
  }
  if (shortest.minutes < 1440 && longest.minutes >= 1440) {
    const mixed = `bars of ${shortest.minutes} minutes (${shortest.symbol}) and ${longest.minutes} (${longest.symbol})`
    throw new MarketError(`MARKET=replay: ${folder} mixes ${mixed}`)
  }
  return shortest.minutes
}

function merged(all: Map<string, Series>, minutes: number, log?: MarketLog): Recording {
  const instants = new Set<number>()
  for (const { times } of all.values()) for (const time of times) instants.add(time)
  const timeline = Float64Array.from(instants).sort()
  const slotOf = new Map<number, number>()
  for (const [slot, time] of timeline.entries()) slotOf.set(time, slot)

  const bySymbol = new Map<string, Recorded>()
  let bars = 0
  let gaps = 0
  for (const [symbol, series] of all) {
    const slots = Int32Array.from(series.times, (time) => slotOf.get(time)!)
    bySymbol.set(symbol, { ...series, symbol, slots })
    bars += slots.length
    gaps += slots.at(-1)! - slots[0]! + 1 - slots.length
  }
  log?.info(
    {
      symbols: bySymbol.size,
      bars,
      gaps,
      minutes,
      from: new Date(timeline[0]!).toISOString(),
      to: new Date(timeline.at(-1)!).toISOString(),
    },
    'replay: the recording is read',
  )
  return { bySymbol, timeline, length: timeline.length, minutes }
}
