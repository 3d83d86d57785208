import { expect, test } from 'vitest'
import {
  isActive,
  isEnd,
  type RunState,
  type RunStep,
  runStates,
  stateAfter,
} from '../../../src/strategies/runs/rules/run-state.ts'
import fc from '../../support/fast-check.ts'

const steps: RunStep[] = ['claim', 'begin', 'finish', 'complete', 'cancel', 'stop', 'fail', 'take up']
const anySteps = fc.array(fc.constantFrom(...steps), { maxLength: 40 })

/** The states that a run goes through by steps; those that are not possible change nothing. */
function course(given: readonly RunStep[]): RunState[] {
  const states: RunState[] = ['queued']
  for (const step of given) states.push(stateAfter(states.at(-1)!, step) ?? states.at(-1)!)
  return states
}

test('the first end wins: no step leads out of it', () => {
  fc.assert(
    fc.property(anySteps, (given) => {
      const states = course(given)
      const first = states.findIndex(isEnd)
      if (first < 0) return
      expect(new Set(states.slice(first)).size).toBe(1)
    }),
  )
  for (const state of runStates.filter(isEnd)) {
    for (const step of steps) expect(stateAfter(state, step)).toBeUndefined()
  }
})

test('a cancel that was accepted ends in cancelled, whatever happens after it', () => {
  fc.assert(
    fc.property(anySteps, anySteps, (before, after) => {
      const [was, now] = course([...before, 'cancel']).slice(-2) as [RunState, RunState]
      if (isEnd(was)) return
      expect(['cancelling', 'cancelled']).toContain(now)
      expect(['cancelling', 'cancelled']).toContain(course([...before, 'cancel', ...after]).at(-1))
    }),
  )
})

test('from every state that is no end, some steps lead to one', () => {
  const reaches = (state: RunState, seen: ReadonlySet<RunState> = new Set()): boolean =>
    isEnd(state) ||
    (!seen.has(state) &&
      steps.some((step) => {
        const next = stateAfter(state, step)
        return next !== undefined && next !== state && reaches(next, new Set([...seen, state]))
      }))
  expect(runStates.filter((state) => !reaches(state))).toEqual([])
})

test('every state of a run that nobody works on leads on when another worker takes it up', () => {
  for (const state of runStates.filter(isActive)) {
    expect(stateAfter(state, 'take up')).toBe(state === 'cancelling' ? 'cancelled' : 'starting')
  }
})

test('a run completes only by way of its beginning and all of its symbols', () => {
  fc.assert(
    fc.property(anySteps, (given) => {
      const states = course(given)
      if (states.at(-1) !== 'completed') return
      const order = ['queued', 'starting', 'running', 'completing', 'completed'].map((one) =>
        states.lastIndexOf(one as RunState),
      )
      expect(order.every((at) => at >= 0)).toBe(true)
    }),
  )
})
