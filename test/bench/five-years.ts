import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../src/setup/folders.mjs'
import type { BarSource } from '../../src/strategies/engine/bar-source.ts'
import { folderBars } from '../../src/strategies/engine/bars/folder-bars.ts'
import { shareColumns } from '../../src/strategies/engine/bars/packed.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { madeBars, sessionsFrom } from '../strategies/made-bars.ts'
import { barsEach, symbolCount } from './screen-work.ts'

export const recorded = join(root, '../shared/data/daily')
export const isRecorded = existsSync(recorded)

/** The universe of the benches by symbol: recorded bars, or made ones where those are missing. */
export async function fiveYears(): Promise<Map<string, Columns>> {
  return isRecorded ? fromFolder(await folderBars(recorded)) : fromNothing()
}

/** The recorded symbols with five years, repeated under other names up to the number of the bench, and SPY. */
async function fromFolder(source: BarSource): Promise<Map<string, Columns>> {
  const asOf = await source.lastDay()
  const long: Columns[] = []
  for (const symbol of source.symbols()) {
    const bars = await source.daily(symbol, barsEach, asOf)
    if (bars && bars.days.length >= barsEach - 10 && bars.days.at(-1) === asOf) long.push(bars)
  }
  const repeated = Array.from({ length: symbolCount }, (_, at) => [`S${at}`, long[at % long.length]!] as const)
  return new Map([...repeated, ['SPY', (await source.daily('SPY', barsEach, asOf))!]])
}

function fromNothing(): Map<string, Columns> {
  const sessions = sessionsFrom('2013-01-02', barsEach)
  const names = [...Array.from({ length: symbolCount }, (_, at) => `S${at}`), 'SPY']
  return new Map(names.map((name, at) => [name, shareColumns(madeBars(sessions, at))]))
}
