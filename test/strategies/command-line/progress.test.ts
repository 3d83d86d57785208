import { afterAll, expect, test } from 'vitest'
import { csvText } from '../../../src/base/csv-text.ts'
import { barLine } from '../../../src/strategies/command-line/progress/bar.ts'
import { createTracker, type Progress } from '../../../src/strategies/command-line/progress/tracker.ts'
import { Interrupted } from '../../../src/strategies/command-line/run-screen.ts'
import { restScreening } from '../../../src/strategies/engine/screen.ts'
import { stages } from '../../../src/strategies/screeners/strategy.ts'
import fc from '../../support/fast-check.ts'
import { madeBars, madeFolder, sessionsFrom } from '../made-bars.ts'
import { typed } from './terminal.ts'

afterAll(restScreening)

const days = sessionsFrom('2015-01-02', 280)
const symbols = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE']
const bars = ['--bars', madeFolder(Object.fromEntries(symbols.map((symbol, at) => [symbol, madeBars(days, at)])))]

const progress: Progress = {
  ...{ stage: 'analysis', done: 163, of: 244, symbol: 'NVDA', percent: 67, scored: 163, passed: 12 },
  ...{ perSecond: 4100.4, remainingMs: 900 },
}

test('a bar shows the share, the symbol, the count, hits, rate and rest', () => {
  expect(barLine(progress, 100)).toBe(
    '▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱   67%  Scoring: NVDA  163/244  12 hits  4,100/s  00:00:01 left',
  )
  expect(barLine({ ...progress, percent: 0, perSecond: undefined, remainingMs: undefined }, 50)).toBe(
    '▱▱▱▱▱▱▱▱▱▱▱▱    0%  Scoring: NVDA  163/244',
  )
})

test('a bar fits into every width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 100 }), (columns, percent) => {
      expect(barLine({ ...progress, percent }, columns).length).toBeLessThan(columns)
    }),
  )
})

test('progress never goes back, whatever is told', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...stages), fc.nat(30), fc.nat(30)), { maxLength: 20 }), (steps) => {
      const percents: number[] = []
      const tracker = createTracker(
        stages,
        () => percents.length,
        () => percents.push(tracker.now.percent),
      )
      for (const [stage, of, done] of steps) {
        tracker.stage(stage, of)
        tracker.at('AMD', done)
      }
      expect(percents).toEqual(percents.toSorted((a, b) => a - b))
      expect(percents.every((percent) => percent >= 0 && percent < 100)).toBe(true)
    }),
  )
})

test('a text that begins like a formula is made harmless in CSV, and a number is not', () => {
  const rows = [['=1+2', '+3 a', '-4%', '@x', -4.5, '-4.5', 'a,"b"', undefined, null, '\tx']]
  expect(csvText(['a', 'b'], rows)).toBe(`a,b\r\n'=1+2,'+3 a,'-4%,'@x,-4.5,-4.5,"a,""b""",,,'\tx\r\n`)
})

test('progress as lines never goes back, has every step, ends at 100, and the results come after it', async () => {
  const { code, printed } = await typed(['breakout', ...bars, '--progress', 'json', '--json'])
  expect(code).toBe(0)
  const lines = printed.split('\n').filter((line) => line.startsWith('PROGRESS:'))
  const events = lines.map((line) => JSON.parse(line.slice('PROGRESS:'.length)) as Record<string, unknown>)
  expect(printed.startsWith('PROGRESS:')).toBe(true)
  const after = printed.slice(printed.lastIndexOf('PROGRESS:'))
  expect(JSON.parse(after.slice(after.indexOf('\n')))).toMatchObject({ strategy: 'bullish_breakout' })

  const percents = events.map((event) => event.progress_percent as number)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents.filter((percent) => percent === 100)).toEqual([percents.at(-1)])
  const types = events.map((event) => event.event_type)
  expect([types[0], types.at(-1)]).toEqual(['started', 'completed'])
  expect(types.filter((type) => type === 'stage_completed').length).toBe(4)
  const scored = events.filter((event) => event.event_type === 'ticker_completed')
  expect(scored.map((event) => event.current_item).sort()).toEqual(symbols)
  for (const event of events) {
    expect(event).toMatchObject({ run_id: 'a-run', message: expect.any(String), metrics: expect.any(Object) })
    expect(new Date(String(event.timestamp)).toJSON()).toBe(event.timestamp)
    expect(event.progress).toBe(event.progress_percent)
  }
  const figures = { total_items: 5, completed_items: 5, metrics: { processed_tickers: 5 } }
  expect(events.at(-1)).toMatchObject({ stage: 'ranking', ...figures })
})

test('a folder that cannot be read is the end of the progress, too', async () => {
  const { code, printed } = await typed(['breakout', '--bars', 'nowhere', '--progress', 'json'])
  expect(code).toBe(1)
  expect(printed.match(/"event_type":"\w+"/g)).toEqual(['"event_type":"started"', '"event_type":"error"'])
})

test('a bar is drawn on a terminal, and taken away', async () => {
  let now = 0
  const clock = () => {
    now += 60
    return now
  }
  const { printed, noted } = await typed(['breakout', ...bars], { columns: () => 60, clock })
  const frames = noted.split('\r\x1b[2K')
  expect(frames.length).toBeGreaterThan(5)
  expect(frames.at(-1)).toBe('')
  for (const frame of frames) expect(frame.length).toBeLessThan(60)
  expect(frames.some((frame) => frame.includes('Scoring: '))).toBe(true)
  expect(printed).toContain('of 5 symbols')
  expect((await typed(['breakout', ...bars])).noted).toBe('')
})

test('an interrupt says how far it got, wherever it comes', async () => {
  for (const [word, sentence] of [
    ['"event_type":"started"', /^Interrupted while .+ was read\. Nothing was kept\.\n$/],
    ['"total_items":5', /^Interrupted before any score, at \d of 5 symbols\. Nothing was kept\.\n$/],
    ['"event_type":"ticker_completed"', /^Interrupted after 5 of 5 symbols; \d passed\. Nothing was kept\.\n$/],
  ] as const) {
    const { code, printed, noted } = await typed(['breakout', ...bars, '--progress', 'json'], {
      listen: (text, interrupt) => text.includes(word) && interrupt(new Interrupted(130)),
    })
    expect(noted).toMatch(sentence)
    expect(code).toBe(130)
    expect(printed).toContain('"event_type":"cancelled"')
    expect(printed).not.toContain('"event_type":"completed"')
  }
})

test('an interrupt while the folder is read does not wait for the rest of it', async () => {
  const { code, printed, noted } = await typed(['breakout', ...bars], {
    columns: () => 80,
    listen: (text, interrupt) => text.startsWith('Reading ') && interrupt(new Interrupted(130)),
  })
  expect(noted).toMatch(/Interrupted while .* was read\. Nothing was kept\.\n$/)
  expect({ code, printed }).toEqual({ code: 130, printed: '' })
})
