import { expect, test } from 'vitest'
import { boundOn } from '../../../../src/agents/rules/gates/anytime.ts'
import { cautious, deviationsAbove, shapeOf } from '../../../../src/agents/rules/gates/sharpe.ts'
import {
  gateToLive,
  type PaperEvidence,
  statedError,
  type ToLiveLine,
} from '../../../../src/agents/rules/gates/to-live.ts'
import { noiseFrom, returnsOf } from './noise.ts'

/** Time on paper in which everything but luck is as good as it can be: nothing was tried before, and nothing went wrong. */
const onPaper = (returns: number[], won: number): PaperEvidence => ({
  ...{ days: returns.length * 1.4, returns, trades: { count: 50, won, notLogged: 0 } },
  ...{ trials: { count: 1, sharpes: [], returns: [] }, parity: { nights: returns.length } },
})

/** The readings of 1,000 agents after so many sessions. */
const readingsOf = (sessions: number, sharpe: number, seed: number) => {
  const { heavy, uniform } = noiseFrom(seed)
  return Array.from({ length: 1000 }, () => {
    const won = Array.from({ length: 50 }, uniform).filter((one) => one < 0.52).length
    return gateToLive(onPaper(returnsOf(sessions, sharpe, heavy), won))
  })
}
const passing = (all: ReturnType<typeof readingsOf>, names: ToLiveLine[]) =>
  all.filter(({ lines }) => lines.filter(({ name }) => names.includes(name)).every(({ verdict }) => verdict === 'PASS'))
    .length

test('of 1,000 agents without an edge, the gate passes no more after a fortnight than the stated error; the four criteria are a coin', () => {
  const all = readingsOf(10, 0, 17)
  expect(passing(all, ['RETURN', 'SHARPE', 'DRAWDOWN', 'WIN_RATE'])).toBeGreaterThan(300)
  expect(passing(all, ['PSR'])).toBeLessThanOrEqual(1000 * statedError)
  expect(all.filter(({ verdict }) => verdict === 'PASS').length).toBeLessThanOrEqual(1000 * statedError)
})

test('an edge that is large enough is passed', () => {
  const passed = readingsOf(63, 10, 18).filter(({ verdict }) => verdict === 'PASS').length
  // Some fail the line of the win rate by chance: 45 of 100, of 50 trades that are won 52 times of 100.
  expect(passed).toBeGreaterThan(700)
})

test('looked at every day for two years, no more agents without an edge ever pass than the stated error, whatever the shape', () => {
  const { heavy, normal, uniform } = noiseFrom(19)
  // Small gains, and large losses: a skewness of −2.
  const skewed = () => 1 + Math.log(1 - uniform())
  for (const draw of [heavy, normal, skewed]) {
    const agents = 300
    const passed = Array.from({ length: agents }, () => lookedAtDaily(returnsOf(504, 0, draw)))
    expect(passed.filter(({ bound }) => bound).length).toBeLessThanOrEqual(agents * statedError)
    // One look at a chance of 5% is no look a day.
    expect(passed.filter(({ once }) => once).length).toBeGreaterThan(agents * 0.15)
  }
})

/** Whether an agent passes the line ANYTIME on any day from the tenth, and whether it passes 95% by one look on any. */
function lookedAtDaily(returns: number[]): { bound: boolean; once: boolean } {
  const powers = [0, 0, 0, 0]
  let [bound, once] = [false, false]
  for (const [at, one] of returns.entries()) {
    for (const power of powers.keys()) powers[power]! += one ** (power + 1)
    const count = at + 1
    if (count < 10) continue
    const [m1, m2, m3, m4] = powers.map((sum) => sum / count) as [number, number, number, number]
    const variance = m2 - m1 ** 2
    const shape = {
      ...{ count, sharpe: m1 / Math.sqrt((variance * count) / (count - 1)) },
      skewness: (m3 - 3 * m1 * m2 + 2 * m1 ** 3) / variance ** 1.5,
      kurtosis: (m4 - 4 * m1 * m3 + 6 * m1 ** 2 * m2 - 3 * m1 ** 4) / variance ** 2,
    }
    if (count % 100 === 0) expect(shape.kurtosis).toBeCloseTo(shapeOf(returns.slice(0, count))!.kurtosis, 6)
    const above = deviationsAbove(cautious(shape))
    bound ||= above >= boundOn(count)
    once ||= above >= 1.645
  }
  return { bound, once }
}
