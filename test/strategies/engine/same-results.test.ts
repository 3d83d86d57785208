import { afterAll, describe, expect, test } from 'vitest'
import type { BarSource } from '../../../src/strategies/engine/bar-source.ts'
import { folderBars } from '../../../src/strategies/engine/bars/folder-bars.ts'
import { screen } from '../../../src/strategies/engine/screen.ts'
import { createScorers } from '../../../src/strategies/engine/threads/scorers.ts'
import { strategies } from '../../../src/strategies/screeners/list.ts'
import { rank } from '../../../src/strategies/screeners/rank.ts'
import type { Strategy, SymbolResult } from '../../../src/strategies/screeners/strategy.ts'
import { readResult } from '../../../src/strategies/screeners/written-result.ts'
import fc from '../../support/fast-check.ts'
import { missing, recordedSymbols } from '../recorded.ts'

const scorers = createScorers({ most: 4 })
afterAll(() => scorers.rest())

/** The findings that a run keeps, as rows of a database would: they survive every attempt. */
interface Kept {
  strengths?: Record<string, number>
  results: Map<string, SymbolResult>
}

class Killed extends Error {}

/**
 * One attempt at a screen, killed at its `steps`th step. Its findings before are kept; a result is kept once, else this throws.
 * Returns true when it came to its end.
 */
async function attempt(
  source: BarSource,
  strategy: Strategy,
  { symbols, asOf, threads, steps }: { symbols: readonly string[]; asOf: string; threads: number; steps: number },
  kept: Kept,
): Promise<boolean> {
  const stop = new AbortController()
  let left = steps
  const step = () => {
    if (left-- <= 0) stop.abort(new Killed())
    if (stop.signal.aborted) throw new Killed()
  }
  const { results, strengths } = kept
  try {
    await screen(
      source,
      {
        ...{ strategy: strategy.name, parameters: strategy.parameters.parse({}), symbols, asOf },
        // As they come back from a database.
        ...(strengths && { strengths: JSON.parse(JSON.stringify(strengths)) as Record<string, number> }),
        done: new Set(results.keys()),
      },
      {
        stage: step,
        strengths: async (known) => {
          step()
          kept.strengths = known
        },
        results: async (batch) => {
          step()
          for (const result of batch) {
            if (results.has(result.symbol)) throw new Error(`${result.symbol} has two results`)
            results.set(result.symbol, readResult(result))
          }
        },
        at: () => {
          if (left-- <= 0) stop.abort(new Killed())
        },
      },
      { threads, signal: stop.signal },
      { scorers },
    )
    return true
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    return false
  }
}

async function screenedAtOnce(source: BarSource, strategy: Strategy, symbols: readonly string[], asOf: string) {
  const kept: Kept = { results: new Map() }
  const steps = Number.POSITIVE_INFINITY
  expect(await attempt(source, strategy, { symbols, asOf, threads: 1, steps }, kept)).toBe(true)
  return JSON.stringify(rank([...kept.results.values()]))
}

describe.skipIf(missing)(`a screen of recorded bars${missing}`, async () => {
  const source = missing ? undefined! : await folderBars(recordedSymbols(3))
  const days = missing ? [] : (await source.daily('SPY', 1000, '2017-12-01'))!.days

  test.each(strategies.map((strategy) => [strategy.name, strategy] as const))(
    '%s gives the same, bit for bit, with any number of threads and however often it is killed',
    async (_, strategy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...days),
          fc.uniqueArray(fc.constantFrom(...source.symbols()), { minLength: 1, maxLength: 90 }),
          fc.constantFrom(1, 2, 4),
          fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 4 }),
          async (asOf, symbols, threads, kills) => {
            const whole = await screenedAtOnce(source, strategy, symbols, asOf)
            const kept: Kept = { results: new Map() }
            let isDone = false
            for (const steps of [...kills, Number.POSITIVE_INFINITY]) {
              isDone = await attempt(source, strategy, { symbols, asOf, threads, steps }, kept)
              if (isDone) break
            }
            expect(isDone).toBe(true)
            expect(JSON.stringify(rank([...kept.results.values()]))).toBe(whole)
          },
        ),
        { numRuns: 15 },
      )
    },
  )

  test('every symbol has one result, of each kind', async () => {
    const symbols = [...source.symbols(), 'NONE']
    const all = JSON.parse(await screenedAtOnce(source, strategies[0]!, symbols, '2014-01-10')) as SymbolResult[]
    expect(all.map(({ symbol }) => symbol).sort()).toEqual(symbols.sort())
    expect(all.find(({ symbol }) => symbol === 'NONE')).toEqual({
      symbol: 'NONE',
      outcome: 'skipped',
      reason: 'unknown symbol',
    })
    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(new Set(['passed', 'failed', 'skipped']))
  })
})
