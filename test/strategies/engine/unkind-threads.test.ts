import { afterAll, afterEach, expect, test } from 'vitest'
import { screen } from '../../../src/strategies/engine/screen.ts'
import { createScorers, type ScorersOptions } from '../../../src/strategies/engine/threads/scorers.ts'
import { strategyNamed } from '../../../src/strategies/screeners/list.ts'
import type { SymbolResult } from '../../../src/strategies/screeners/strategy.ts'
import { readResult } from '../../../src/strategies/screeners/written-result.ts'
import { madeBars, madeSource, sessionsFrom } from '../made-bars.ts'

const breakout = strategyNamed('bullish_breakout')!
const days = sessionsFrom('2015-01-02', 300)
const asOf = days.at(-1)!
const kind = Array.from({ length: 30 }, (_, number) => `S${number}`)

const thread = new URL('./unkind-thread.ts', import.meta.url)
/** A thread takes a while to start: tests that lose none share these. */
const shared = createScorers({ thread, most: 2 })
let scorers = shared
afterEach(async () => {
  if (scorers !== shared) await scorers.rest()
  scorers = shared
})
afterAll(() => shared.rest())

function unkind(options: ScorersOptions) {
  scorers = createScorers({ thread, ...options })
}

interface Unkind {
  failing: string[]
  done: string[]
  throwing: string[]
  strengths: Record<string, number>
}

async function screened(
  symbols: readonly string[],
  { failing = [], done = [], throwing = [], strengths }: Partial<Unkind> = {},
) {
  const bars = new Map(
    symbols.filter((symbol) => !failing.includes(symbol)).map((symbol, at) => [symbol, madeBars(days, at)]),
  )
  for (const symbol of throwing) bars.get(symbol)!.volume[days.length - breakout.barsUsed] = 666
  const results = new Map<string, SymbolResult>()
  const logged: object[] = []
  await screen(
    madeSource(bars, new Set(failing)),
    {
      strategy: breakout.name,
      parameters: breakout.parameters.parse({}),
      symbols,
      asOf,
      done: new Set(done),
      strengths,
    },
    {
      stage: () => {},
      results: (batch) => {
        for (const result of batch) results.set(result.symbol, readResult(result))
      },
    },
    { threads: 2, log: { warn: (fields) => logged.push(fields) } },
    { scorers },
  )
  return { results, logged }
}

const outcomes = (results: Map<string, SymbolResult>, symbols: readonly string[]) =>
  new Set(symbols.map((symbol) => results.get(symbol)!.outcome))

test('a thread that dies is replaced, and only the symbol of which it died is an error', async () => {
  unkind({ most: 2 })
  const { results, logged } = await screened([...kind.slice(0, 7), 'DIES', ...kind.slice(7)])
  expect(results.size).toBe(31)
  expect(results.get('DIES')).toEqual({ symbol: 'DIES', outcome: 'error', reason: 'the screener did not survive it' })
  expect(outcomes(results, kind)).not.toContain('error')
  expect(logged.length).toBeGreaterThan(0)
})

test('a thread that hangs is ended, and the others are scored', async () => {
  unkind({ longestMs: 2_000, most: 1 })
  const { results } = await screened(['HANGS', ...kind.slice(0, 3)], { strengths: {} })
  expect(results.get('HANGS')).toMatchObject({ outcome: 'error' })
  expect(results.size).toBe(4)
  expect(outcomes(results, kind.slice(0, 3))).not.toContain('error')
})

test('a symbol on which the screener throws is an error without its stack', async () => {
  const { results, logged } = await screened(kind, { throwing: ['S3'] })
  expect(results.get('S3')).toEqual({ symbol: 'S3', outcome: 'error', reason: 'the screener failed on its bars' })
  expect(outcomes(results, kind.slice(4))).not.toContain('error')
  expect(JSON.stringify(logged)).toContain('the screener has a bug')
})

test('a symbol whose bars cannot be had is an error without a secret, and the others are scored', async () => {
  const { results } = await screened([...kind, 'REFUSED'], { failing: ['REFUSED'] })
  expect(results.get('REFUSED')).toEqual({ symbol: 'REFUSED', outcome: 'error', reason: 'its bars could not be had' })
  expect(outcomes(results, kind)).not.toContain('error')
})

test('what is done is not scored again', async () => {
  const { results } = await screened(kind, { done: kind.slice(0, 29) })
  expect([...results.keys()]).toEqual(['S29'])
})

test('an abort in the middle of a score ends the thread, and is thrown', async () => {
  unkind({ most: 1 })
  const stop = new AbortController()
  const bars = new Map([['HANGS', madeBars(days, 1)]])
  const whenScoring = Promise.withResolvers<void>()
  const ended = screen(
    madeSource(bars),
    {
      ...{ strategy: breakout.name, parameters: breakout.parameters.parse({}), symbols: ['HANGS'], asOf },
      ...{ done: new Set<string>(), strengths: {} },
    },
    { stage: (stage) => (stage === 'analysis' ? whenScoring.resolve() : undefined), results: () => {} },
    { threads: 1, signal: stop.signal },
    { scorers },
  )
  await whenScoring.promise
  await expect.poll(() => scorers.awake).toBe(1)
  stop.abort(new Error('cancelled by its member'))
  await expect(ended).rejects.toThrow('cancelled by its member')
  expect(scorers.awake).toBe(0)
})

test('what a hook throws ends the screen, and nothing is told afterwards', async () => {
  let told = 0
  const bars = new Map(kind.map((symbol, at) => [symbol, madeBars(days, at)]))
  const ended = screen(
    madeSource(bars),
    { strategy: breakout.name, parameters: breakout.parameters.parse({}), symbols: kind, asOf, done: new Set() },
    {
      stage: () => {},
      results: async () => {
        told++
        throw new Error('another attempt has taken over')
      },
    },
    { threads: 2 },
    { scorers },
  )
  await expect(ended).rejects.toThrow('another attempt has taken over')
  expect(told).toBe(1)
})

test('threads end when they idle', async () => {
  scorers = createScorers({ idleMs: 20 })
  await screened(kind)
  await expect.poll(() => scorers.awake).toBe(0)
})

test('an unknown strategy is thrown', async () => {
  const screening = { strategy: 'none', parameters: {}, symbols: kind, asOf, done: new Set<string>() }
  const hooks = { stage: () => {}, results: () => {} }
  await expect(screen(madeSource(new Map()), screening, hooks, { threads: 1 })).rejects.toThrow('no strategy none')
})
