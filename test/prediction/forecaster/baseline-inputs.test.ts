import { describe, expect, test } from 'vitest'
import { barsNeeded, baselineInputs, baselineRows } from '../../../src/prediction/forecaster/baseline/inputs.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import fc from '../../support/fast-check.ts'
import { walkingBars } from './walking-bars.ts'

const bars = walkingBars(420, 1)
const market = walkingBars(420, 2)
const width = baselineInputs.length

const part = ({ days, open, high, low, close, volume }: Columns, from: number, to: number): Columns => ({
  days: days.slice(from, to),
  open: open.slice(from, to),
  high: high.slice(from, to),
  low: low.slice(from, to),
  close: close.slice(from, to),
  volume: volume.slice(from, to),
})

describe('the inputs of the baseline', () => {
  test('of a day are the same without the days after it, and without those before its history, bit for bit', () => {
    const whole = baselineRows(bars, market)
    fc.assert(
      fc.property(fc.integer({ min: barsNeeded - 1, max: 419 }), fc.integer({ min: 0, max: 200 }), (at, later) => {
        const from = Math.max(0, at + 1 - barsNeeded - (later % 40))
        const cut = baselineRows(part(bars, from, at + 1), part(market, from, Math.min(420, at + 1 + later)))
        const row = at - whole.first
        expect(cut.values.slice(-width)).toEqual(whole.values.slice(row * width, (row + 1) * width))
      }),
      { numRuns: Number(process.env.RUNS ?? 20) },
    )
  })

  test('know nothing of SPY when it is missing or a week behind, and say so', () => {
    const alone = baselineRows(bars, undefined)
    expect(alone.withoutMarket).toBe(alone.rows)
    expect([...alone.values.slice(0, width)].map(Number.isNaN)).toEqual([false, false, false, false, true, true, false])
    expect(baselineRows(bars, part(market, 0, 410)).withoutMarket).toBe(5)
  })

  test('are finite for prices that stand still', () => {
    const still = part(bars, 0, 300)
    for (const column of [still.open, still.high, still.low, still.close]) column.fill(20)
    expect(baselineRows(still, still).values.every(Number.isFinite)).toBe(true)
  })

  test('are none with too short a history', () => {
    expect(baselineRows(part(bars, 0, barsNeeded - 1), market).rows).toBe(0)
    expect(baselineRows(part(bars, 0, barsNeeded), part(market, 0, barsNeeded)).rows).toBe(1)
  })

  test('follow the definition', () => {
    const { values, first } = baselineRows(bars, market)
    const at = 400
    const r = (day: number) => Math.log(bars.close[day]! / bars.close[day - 1]!)
    let [sum, weights] = [0, 0]
    for (let age = 0; age < 252; age++) {
      sum += 0.94 ** age * r(at - age) ** 2
      weights += 0.94 ** age
    }
    expect(values[(at - first) * width]).toBeCloseTo(Math.log(sum / weights), 10)
  })
})
