import { expect, test } from 'vitest'
import {
  clockText,
  eventNow,
  eventsBetween,
  percentAt,
  remainingMs,
} from '../../../src/strategies/runs/rules/progress.ts'
import type { Run } from '../../../src/strategies/runs/rules/run.ts'
import { stages } from '../../../src/strategies/screeners/strategy.ts'
import fc from '../../support/fast-check.ts'

const at = new Date('2026-11-30T15:00:00Z')
const run: Run = {
  ...{ id: 1, runId: 'f3a0c1de-0000-4000-8000-000000000001', memberId: 1, number: 12, requestId: 'r', origin: 'chat' },
  ...{
    kind: 'screen',
    strategy: 'bullish_breakout',
    parameters: {},
    priority: 'normal',
    state: 'queued',
    leftOut: 0,
    unknown: [],
    stageDone: 0,
  },
  ...{ progressPercent: 0, completedItems: 0, passedCount: 0, skippedCount: 0, errorCount: 0, message: 'waits' },
  ...{ attempt: 0, workedMs: 0, timeLimitMs: 60_000, notify: [], askedAt: at, updatedAt: at },
}

test('progress through the stages never goes back, and only the end is 100%', () => {
  const some = fc.subarray([...stages], { minLength: 1 })
  fc.assert(
    fc.property(some, fc.array(fc.nat({ max: 500 }), { minLength: 4, maxLength: 4 }), (its, sizes) => {
      const percents = its.flatMap((stage, index) =>
        Array.from({ length: sizes[index]! + 1 }, (_, done) => percentAt(its, stage, done, sizes[index]!)),
      )
      expect(percents).toEqual(percents.toSorted((a, b) => a - b))
      expect(percents.every((percent) => percent >= 0 && percent < 100)).toBe(true)
    }),
  )
})

test('an event has the fields that programs know', () => {
  const running: Run = {
    ...{ ...run, state: 'running', stage: 'data_download', stageDone: 227, stageOf: 500, progressPercent: 45.51 },
    ...{
      currentItem: 'AAPL',
      totalItems: 500,
      workedMs: 277_000,
      tickersPerSecond: 2.34,
      message: 'fetches bars: AAPL',
    },
  }
  expect(eventNow(running)).toEqual({
    event_type: 'progress',
    timestamp: '2026-11-30T15:00:00.000Z',
    run_id: run.runId,
    stage: 'data_download',
    progress_percent: 45.5,
    current_item: 'AAPL',
    total_items: 500,
    completed_items: 227,
    message: 'fetches bars: AAPL',
    metrics: { tickers_per_second: 2.3, estimated_remaining: '00:05:32', processed_tickers: 0, passed_count: 0 },
  })
})

const types = (before: Run, after: Run) => eventsBetween(before, after, stages).map(({ event_type }) => event_type)

test('the events of a run come in order: its start, its stages and symbols, its end, and nothing after that', () => {
  const begun: Run = { ...run, state: 'running', startedAt: at, stage: 'data_download', progressPercent: 1 }
  const scoring: Run = { ...begun, stage: 'analysis', progressPercent: 60, completedItems: 20 }
  const done: Run = { ...scoring, state: 'completed', progressPercent: 100, completedItems: 100, endedAt: at }
  expect(types(run, run)).toEqual([])
  expect(types(run, begun)).toEqual(['started', 'progress'])
  expect(types(begun, scoring)).toEqual(['stage_completed', 'stage_completed', 'ticker_completed', 'progress'])
  expect(types(scoring, done)).toEqual(['ticker_completed', 'stage_completed', 'stage_completed', 'completed'])
  expect(types(done, done)).toEqual([])
  expect(types(scoring, { ...scoring, state: 'cancelled', endedAt: at })).toEqual(['cancelled'])
  expect(types(run, { ...run, state: 'error', endedAt: at })).toEqual(['error'])
})

test('a message says the counts of its event', () => {
  const begun: Run = { ...run, state: 'running', startedAt: at, stage: 'strength', stageDone: 40, stageOf: 244 }
  const after: Run = {
    ...{ ...begun, stage: 'ranking', stageDone: 0, stageOf: 244, totalItems: 244, completedItems: 244 },
    message: 'puts its list in order: 0 of 244',
  }
  const told = eventsBetween(begun, after, stages).map((event) => {
    const { event_type, stage, completed_items, total_items, message } = event
    return [event_type, stage, completed_items, total_items, message]
  })
  expect(told).toEqual([
    ['stage_completed', 'strength', 244, 244, 'strength is done'],
    ['ticker_completed', 'analysis', 244, 244, 'scored 244 of 244 symbols'],
    ['stage_completed', 'analysis', 244, 244, 'analysis is done'],
    ['progress', 'ranking', 0, 244, 'puts its list in order: 0 of 244'],
  ])
  const ended: Run = {
    ...after,
    state: 'cancelled',
    completedItems: 120,
    endedAt: at,
    message: 'cancelled after 120 of 244',
  }
  expect(eventNow(ended)).toMatchObject({ completed_items: 120, total_items: 244 })
})

test('a late reader of an ended run gets its end at once', () => {
  const ended: Run = { ...run, state: 'completed', progressPercent: 100, endedAt: at }
  expect(eventsBetween(undefined, ended, stages)).toMatchObject([{ event_type: 'completed', progress_percent: 100 }])
})

test('the rest is told as soon as progress tells something, and as a clock', () => {
  expect(remainingMs({ ...run, state: 'running', progressPercent: 1, workedMs: 9000 })).toBeUndefined()
  expect(remainingMs({ ...run, state: 'running', progressPercent: 25, workedMs: 9000 })).toBe(27_000)
  expect(remainingMs({ ...run, state: 'error', progressPercent: 25, workedMs: 9000 })).toBeUndefined()
  expect(remainingMs({ ...run, state: 'completed', progressPercent: 100, workedMs: 9000 })).toBe(0)
  expect([0, 999, 332_000, 3_600_000, 1e12].map(clockText)).toEqual([
    ...['00:00:00', '00:00:01', '00:05:32', '01:00:00', '99:59:59'],
  ])
})
