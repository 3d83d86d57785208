import { expect, vi } from 'vitest'
import { resultsOf } from '../../../src/strategies/runs/rows/results.ts'
import { deskTest } from '../../support/desk-test.ts'
import { ask, known, untilEnd } from './asking.ts'
import { madeBars } from './made-bars.ts'

const bars = madeBars(30)
const { test, desk } = deskTest({ runs: { bars } })

test('a run goes over all of its symbols, each once, and tells its list in its thread', async ({ alice }) => {
  const { parts } = desk.desk
  const who = await known(desk.desk, alice)
  const { run, position, told } = await ask(parts, who.memberId, who)
  expect(position).toBe(0)
  expect(told).toHaveLength(1)
  const ended = await untilEnd(parts, run.id)
  expect(ended).toMatchObject({ state: 'completed', progressPercent: 100, completedItems: 31, asOf: '2026-11-27' })
  const results = await resultsOf(parts.db, run.id, { most: 100 })
  expect(results.map(({ symbol }) => symbol).sort()).toEqual(bars.symbols().toSorted())
  expect(results.map(({ rank }) => rank)).toEqual(results.map((_, index) => index + 1))
  await vi.waitFor(() => expect(desk.posted.at(-1)?.text).toContain('has completed'))
})
