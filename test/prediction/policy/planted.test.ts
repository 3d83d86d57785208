import { describe, expect, test } from 'vitest'
import { courseOf, joined, policyWay, sharpeOf } from '../../../models/policy/judge.ts'
import { lessonsOf } from '../../../models/policy/lessons.ts'
import { type Lesson, marketWorld } from '../../../models/policy/market-world.ts'
import { trainPolicy, usualRecipe } from '../../../models/policy/ppo.ts'
import { actorOf } from '../../../models/policy/school.ts'
import { chanceOf } from '../../../models/random.ts'
import { deskGate } from '../../../src/backtest/engine/gate.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { defaultLimits } from '../../../src/trading/accounts/rules/limits.ts'
import { normal } from '../forecaster/planted.ts'
import { someBaseline } from './some-baseline.ts'

const count = 800
const [learnedTo, testedFrom] = [600, 605]

/**
 * Daily bars whose volume tells of the next day: after much of it the price rises, after little it falls. With `shuffled` the volumes look the
 * same and tell nothing.
 */
function tellingBars(seed: number, shuffled: boolean): Columns {
  const chance = chanceOf(seed)
  const column = () => new Float64Array(count)
  const bars: Columns = {
    days: Array.from({ length: count }, (_, at) => new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10)),
    ...{ open: column(), high: column(), low: column(), close: column(), volume: column() },
  }
  let price = 50
  for (let at = 0; at < count; at++) {
    const told = at === 0 ? 0 : Math.log(bars.volume[at - 1]! / 1000)
    bars.open[at] = price
    price *= Math.exp(0.01 * (told + 0.7 * normal(chance.next)))
    bars.close[at] = price
    bars.high[at] = Math.max(price, bars.open[at]!) * 1.001
    bars.low[at] = Math.min(price, bars.open[at]!) * 0.999
    bars.volume[at] = 1000 * Math.exp(chance.is(0.5) ? 1 : -1)
  }
  if (shuffled) for (let at = 0; at < count; at++) bars.volume[at] = 1000 * Math.exp(chance.is(0.5) ? 1 : -1)
  return bars
}

/** The ratio of return and volatility on later days of a policy that learned from these bars. */
async function learned(shuffled: boolean): Promise<number> {
  const symbols = ['A', 'B', 'C', 'D', 'E', 'F']
  const bars = new Map(symbols.map((symbol, nth) => [symbol, tellingBars(nth + 1, shuffled)]))
  const { days } = bars.get('A')!
  const lessons = (from: number | undefined, before: number | undefined): Lesson[] =>
    lessonsOf(
      { bars },
      { symbols, hasRays: false, ...(from && { from: days[from]! }), ...(before && { before: days[before]! }) },
      someBaseline,
      100,
    )
  const gate = deskGate(defaultLimits)
  const world = marketWorld(lessons(undefined, learnedTo), undefined, gate)
  const recipe = { ...usualRecipe, hidden: [16], seed: 3, lanes: 8, steps: 64, rate: 3e-3, updates: 120 }
  const progress = await trainPolicy(world, recipe)
  const calendar = new Map(days.map((day, at) => [day, at]))
  return sharpeOf(
    joined([courseOf(lessons(testedFrom, undefined), policyWay(actorOf(progress, recipe, world)), gate, calendar)])
      .series,
  )
}

describe('a signal in the bars', () => {
  test('that is planted is learned, and earns on later days', async () => {
    expect(await learned(false)).toBeGreaterThan(3)
  })

  test('that is shuffled is not', async () => {
    expect(Math.abs(await learned(true))).toBeLessThan(2.5)
  })
})
