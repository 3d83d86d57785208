import { describe, expect, test } from 'vitest'
import { featureWriter } from '../../../src/prediction/features/features.ts'
import { barsNeeded } from '../../../src/prediction/features/history.ts'
import { blocks, featureCount, featureNames } from '../../../src/prediction/features/layout.ts'
import { folderBars } from '../../../src/strategies/engine/bars/folder-bars.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { madeBars, sessionsFrom } from '../../strategies/made-bars.ts'
import { missing, recordedSymbols } from '../../strategies/recorded.ts'
import { type Candle, technicalOracle } from './technical-oracle.ts'

const { from, to } = blocks.technical
const names = featureNames.slice(from, to)

describe('the technical features', () => {
  const folder = recordedSymbols(80)

  test.skipIf(missing)(`are each what another implementation says, on recorded bars${missing}`, async () => {
    const source = await folderBars(folder)
    let [rows, largest] = [0, 0]
    for (const symbol of source.symbols()) {
      const bars = (await source.daily(symbol, 1500, '2017-12-31'))!
      for (let bar = barsNeeded - 1; bar < bars.days.length; bar += 197) {
        largest = Math.max(largest, compare(bars, bar, symbol))
        rows++
      }
    }
    expect(rows).toBeGreaterThan(15)
    expect(largest).toBeLessThan(1e-7)
  })

  test('are each what another implementation says, on made bars', () => {
    const bars = madeBars(sessionsFrom('2020-01-02', 400), 7)
    for (let bar = barsNeeded - 1; bar < 400; bar += 40) expect(compare(bars, bar, 'made')).toBeLessThan(1e-7)
  })
})

/** The largest difference between the two; a failed name is in the message. */
function compare(bars: Columns, bar: number, symbol: string): number {
  const row = new Float64Array(featureCount)
  featureWriter({ symbol, bars })(bar, row)
  const wanted = technicalOracle(candlesOf(bars, bar))
  expect(Object.keys(wanted)).toEqual(names)
  const differences = names.map((name, nth) => Math.abs(row[from + nth]! - clipped(wanted[name]!)))
  const worst = differences.findIndex((difference) => !(difference < 1e-7))
  expect(
    worst < 0 ? '' : `${symbol} ${bars.days[bar]} ${names[worst]}: ${row[from + worst]} ≠ ${wanted[names[worst]!]}`,
  ).toBe('')
  return Math.max(...differences)
}

const clipped = (value: number) => Math.max(-10, Math.min(10, value))

function candlesOf(bars: Columns, bar: number): Candle[] {
  return Array.from({ length: barsNeeded }, (_, nth) => {
    const at = bar - barsNeeded + 1 + nth
    return {
      open: bars.open[at]!,
      high: bars.high[at]!,
      low: bars.low[at]!,
      close: bars.close[at]!,
      volume: bars.volume[at]!,
    }
  })
}
