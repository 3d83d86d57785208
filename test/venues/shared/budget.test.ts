import { describe, expect, test } from 'vitest'
import {
  answered,
  type Budget,
  exhausted,
  fullBudget,
  refilled,
  type Share,
  take,
} from '../../../src/venues/shared/budget.ts'
import { createBudgets } from '../../../src/venues/shared/budgets.ts'
import fc from '../../support/fast-check.ts'

const limit = { of: 200, perMs: 60_000 }

/** Takes until the share gets no more, and returns how often it did. */
function drain(start: Budget, share: Share, now: number): { budget: Budget; taken: number } {
  let budget = start
  for (let taken = 0; ; taken++) {
    const next = take(budget, share, now)
    if (next.waitMs > 0) return { budget, taken }
    budget = next.budget
  }
}

describe('the budget of requests', () => {
  test('leaves a part to entries and a part to exits', () => {
    const looks = drain(fullBudget(0, limit), 'look', 0)
    expect(looks.taken).toBe(150)
    const entries = drain(looks.budget, 'entry', 0)
    expect(entries.taken).toBe(30)
    expect(drain(entries.budget, 'exit', 0).taken).toBe(20)
  })

  test('comes back evenly, and never to more than the whole', () => {
    const { budget } = drain(fullBudget(0, limit), 'exit', 0)
    expect(refilled(budget, 30_000).left).toBeCloseTo(100)
    expect(refilled(budget, 600_000).left).toBe(200)
    expect(take(budget, 'exit', 0).waitMs).toBe(300)
  })

  test('believes the venue when that says less, since other processes use it, too', () => {
    const sent = take(fullBudget(0, limit), 'look', 0).budget
    expect(answered(sent, { limit: 200, remaining: 12 }, 0).left).toBe(12)
    expect(answered(sent, { limit: 200, remaining: 200 }, 0).left).toBe(199)
    expect(answered(sent, { limit: 60, remaining: 59 }, 0)).toMatchObject({ of: 60, left: 59 })
    expect(answered(sent, {}, 0).left).toBe(199)
  })

  test('subtracts requests that are under way from what the venue says is left', () => {
    let budget = fullBudget(0, limit)
    for (let n = 0; n < 5; n++) budget = take(budget, 'look', 0).budget
    expect(answered(budget, { remaining: 20 }, 0)).toMatchObject({ left: 16, underway: 4 })
  })

  test('is shut after a refusal until the venue takes requests again, at most for a minute', () => {
    expect(take(exhausted(fullBudget(0, limit), 7000, 0), 'exit', 0).waitMs).toBe(7000)
    expect(take(exhausted(fullBudget(0, limit), 7000, 0), 'exit', 7000).waitMs).toBe(0)
    expect(take(exhausted(fullBudget(0, limit), 9e9, 0), 'exit', 0).waitMs).toBe(60_000)
  })

  test('never lets more through in a minute than twice its size, whatever comes when', () => {
    const shares = fc.constantFrom<Share>('exit', 'entry', 'look')
    fc.assert(
      fc.property(fc.array(fc.tuple(shares, fc.nat(2000)), { maxLength: 600 }), (wanted) => {
        let budget = fullBudget(0, { ...limit, of: 20 })
        let now = 0
        const at: number[] = []
        for (const [share, ms] of wanted) {
          now += ms
          const next = take(budget, share, now)
          budget = next.budget
          if (next.waitMs === 0) at.push(now)
          expect(budget.left).toBeGreaterThanOrEqual(0)
        }
        for (const [index, first] of at.entries()) {
          expect(at.filter((time, other) => other >= index && time < first + 60_000).length).toBeLessThanOrEqual(40)
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 30) },
    )
  })
})

describe('the budgets of a process', () => {
  test('let an exit through when a look gets nothing', async () => {
    const budgets = createBudgets(limit, () => 0)
    budgets.exhausted('one', 30_000)
    expect(await budgets.take('one', 'look', 0)).toBe(false)
    expect(await budgets.take('one', 'entry', 0)).toBe(false)
    expect(await budgets.take('one', 'exit', 0)).toBe(true)
    expect(await budgets.take('other', 'look', 0)).toBe(true)
    expect(budgets.of('one')).toEqual({ left: 0, of: 200, perMs: 60_000 })
  })
})
