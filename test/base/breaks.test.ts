import { expect, test } from 'vitest'
import { createBreaks } from '../../src/base/breaks.ts'

test('a break is told at once, and its end; others of the same minute are not', () => {
  let now = 0
  const breaks = createBreaks(() => now)
  expect(breaks.works()).toBe(false)
  expect(breaks.broke()).toBe(true)
  expect(breaks.broke()).toBe(false)
  expect(breaks.works()).toBe(true)
  expect([breaks.broke(), breaks.works(), breaks.works()]).toEqual([false, false, false])
  now = 60_000
  expect([breaks.broke(), breaks.works()]).toEqual([true, true])
})

test('one that lasts is told again each minute, and its end once', () => {
  let now = 0
  const breaks = createBreaks(() => now)
  const told: number[] = []
  for (; now < 180_000; now += 1000) if (breaks.broke()) told.push(now)
  expect(told).toEqual([0, 60_000, 120_000])
  expect([breaks.works(), breaks.works()]).toEqual([true, false])
})
