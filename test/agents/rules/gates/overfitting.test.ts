import { expect, test } from 'vitest'
import { overfitting } from '../../../../src/agents/rules/gates/overfitting.ts'
import { deviationOf, meanOf } from '../../../../src/backtest/figures/returns.ts'
import { noiseFrom } from './noise.ts'

/** The definition, day by day: slow, and written without sums of parts. */
function byDefinition(trials: number[][]): number {
  const size = trials[0]!.length / 16
  const halves = (from: number, left: number): number[][] =>
    left === 0
      ? [[]]
      : from > 16 - left
        ? []
        : [...halves(from + 1, left - 1).map((rest) => [from, ...rest]), ...halves(from + 1, left)]
  const ratio = (returns: number[]) => meanOf(returns) / deviationOf(returns)
  const logits = halves(0, 8).map((half) => {
    const within = (day: number) => half.includes(Math.floor(day / size))
    const chosen = trials.map((returns) => ratio(returns.filter((_, day) => within(day))))
    const judged = trials.map((returns) => ratio(returns.filter((_, day) => !within(day))))
    const best = chosen.indexOf(Math.max(...chosen))
    const rank = judged.toSorted((a, b) => a - b).indexOf(judged[best]!) + 1
    const omega = rank / (trials.length + 1)
    return Math.log(omega / (1 - omega))
  })
  expect(logits.length).toBe(12_870)
  return logits.filter((one) => one <= 0).length / logits.length
}

const trials = (seed: number, count: number, days: number, edge: (trial: number) => number) => {
  const { normal } = noiseFrom(seed)
  return Array.from({ length: count }, (_, trial) => Array.from({ length: days }, () => normal() + edge(trial)))
}

test('is the share of the 12,870 halves by its definition', () => {
  for (const seed of [1, 2]) {
    const some = trials(seed, 5, 48, (trial) => trial * 0.05)
    const figure = overfitting(some)!
    expect(figure).toBeCloseTo(byDefinition(some), 12)
    expect(figure).toBeGreaterThan(0)
    expect(figure).toBeLessThan(1)
  }
})

test('is nothing when one trial is the best everywhere, and nearly all when every gain is paid back', () => {
  expect(overfitting(trials(3, 10, 320, (trial) => (trial === 4 ? 2 : 0)))).toBe(0)
  // With the same mean over all days, the best in one half is the worst in the other.
  const paid = trials(4, 10, 320, () => 0).map((returns) => returns.map((one) => one - meanOf(returns)))
  expect(overfitting(paid)).toBeGreaterThan(0.95)
})

test('is about a half of trials that are noise', () => {
  const figures = Array.from({ length: 20 }, (_, seed) => overfitting(trials(100 + seed, 12, 160, () => 0))!)
  expect(meanOf(figures)).toBeGreaterThan(0.35)
  expect(meanOf(figures)).toBeLessThan(0.65)
})

test('needs two trials and two days a part, leaves the oldest days out, and survives trials that stand still', () => {
  const some = trials(5, 3, 40, () => 0)
  expect(overfitting(some.slice(0, 1))).toBeUndefined()
  expect(overfitting(some.map((returns) => returns.slice(0, 31)))).toBeUndefined()
  expect(overfitting(some)).toBe(overfitting(some.map((returns) => returns.slice(8))))
  expect(overfitting([])).toBeUndefined()
  expect(overfitting([Array(64).fill(0), Array(64).fill(0)])).toBe(1)
})
