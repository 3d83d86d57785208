import { expect, test } from 'vitest'
import { restMs } from '../../../src/strategies/runs/rules/progress.ts'
import { expectedRest, inOrder, turns, type WaitingRun } from '../../../src/strategies/runs/rules/queue-order.ts'
import { priorities } from '../../../src/strategies/runs/rules/run.ts'
import fc from '../../support/fast-check.ts'

const runs = fc
  .array(fc.record({ memberId: fc.integer({ min: 1, max: 4 }), priority: fc.constantFrom(...priorities) }), {
    maxLength: 12,
  })
  .map((all) => all.map((one, index): WaitingRun => ({ ...one, id: index + 1, takesMs: 1000 })))
const active = fc.array(
  fc.record({ memberId: fc.integer({ min: 1, max: 4 }), leftMs: fc.integer({ min: 0, max: 9000 }) }),
  {
    maxLength: 3,
  },
)

const ids = (all: readonly { id: number }[]) => all.map(({ id }) => id)

test('one member’s runs go in the order in which they were asked for', () => {
  const waiting = [3, 1, 2].map((id) => ({ id, memberId: 1, priority: 'normal' as const }))
  expect(ids(inOrder(waiting, []))).toEqual([1, 2, 3])
})

test('members take turns, however many runs one of them has asked for before', () => {
  const of = (id: number, memberId: number) => ({ id, memberId, priority: 'normal' as const })
  const waiting = [of(1, 1), of(2, 1), of(3, 1), of(4, 2), of(5, 3)]
  expect(ids(inOrder(waiting, []))).toEqual([1, 4, 5, 2, 3])
  // Member 1 has a run that is worked on already.
  expect(ids(inOrder(waiting, [{ memberId: 1 }]))).toEqual([4, 5, 1, 2, 3])
})

test('a higher priority goes first, whoever asked for it and when', () => {
  const waiting = [
    { id: 1, memberId: 1, priority: 'low' as const },
    { id: 2, memberId: 1, priority: 'normal' as const },
    { id: 3, memberId: 2, priority: 'high' as const },
  ]
  expect(ids(inOrder(waiting, [{ memberId: 2 }]))).toEqual([3, 2, 1])
})

test('the order has every run once, by priority, and no member gets two turns ahead of one who waits as long', () => {
  fc.assert(
    fc.property(runs, active, (waiting, underWay) => {
      const ordered = inOrder(waiting, underWay)
      expect(ids(ordered).toSorted((a, b) => a - b)).toEqual(ids(waiting))
      const ranks = ordered.map(({ priority }) => priorities.indexOf(priority))
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
      const ahead = new Map<number, number>()
      for (const { memberId } of underWay) ahead.set(memberId, (ahead.get(memberId) ?? 0) + 1)
      for (const [index, { memberId, priority }] of ordered.entries()) {
        const others = ordered.slice(index).filter((one) => one.priority === priority)
        const least = Math.min(...others.map((one) => ahead.get(one.memberId) ?? 0))
        expect(ahead.get(memberId) ?? 0).toBe(least)
        ahead.set(memberId, (ahead.get(memberId) ?? 0) + 1)
      }
    }),
  )
})

test('free places start at once; the others wait for a place, the earlier in the order the shorter', () => {
  fc.assert(
    fc.property(runs, active, fc.integer({ min: 1, max: 4 }), (waiting, underWay, places) => {
      const all = turns(waiting, underWay, places)
      const free = Math.max(0, places - underWay.length)
      expect(all.filter(({ position }) => position === 0)).toHaveLength(Math.min(free, waiting.length))
      expect(all.slice(0, free).every(({ waitMs }) => waitMs === 0)).toBe(true)
      expect(all.slice(free).map(({ position }) => position)).toEqual(all.slice(free).map((_, index) => index + 1))
      const waits = all.map(({ waitMs }) => waitMs)
      expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    }),
  )
})

test('two places, one of them busy for 4 s: the first starts now, the next when it ends after 1 s, the third then', () => {
  const waiting = [1, 2, 3].map((id) => ({ id, memberId: id, priority: 'normal' as const, takesMs: 1000 }))
  expect(turns(waiting, [{ memberId: 9, leftMs: 4000 }], 2)).toEqual([
    { id: 1, position: 0, waitMs: 0 },
    { id: 2, position: 1, waitMs: 1000 },
    { id: 3, position: 2, waitMs: 2000 },
  ])
})

test('the rest of a run follows its progress, and before that what such runs usually take', () => {
  expect(expectedRest(50, 10_000, 99_000)).toBe(10_000)
  expect(expectedRest(1, 4000, 10_000)).toBe(6000)
  expect(expectedRest(0, 9900, 10_000)).toBe(1000)
  // The queue says no other time than the run, and nothing that ends at once where nothing has come of it.
  expect(expectedRest(3, 3000, 800)).toBe(restMs(3, 3000))
  expect(expectedRest(0, 60_000, 10_000)).toBe(60_000)
})
