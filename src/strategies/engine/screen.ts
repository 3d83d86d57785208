import { setImmediate as turn } from 'node:timers/promises'
import { slices } from '../../base/slices.ts'
import { strategyNamed } from '../screeners/list.ts'
import type { OptionChain } from '../screeners/maths/option-chain.ts'
import { strengthsAmong } from '../screeners/maths/relative-strength.ts'
import type { Columns, Strategy } from '../screeners/strategy.ts'
import { type WrittenResult, writeResult } from '../screeners/written-result.ts'
import type { BarSource } from './bar-source.ts'
import { packBars } from './bars/packed.ts'
import { inLanes } from './lanes.ts'
import type { ScreenHooks, Screening, ScreenOptions } from './screening.ts'
import { surroundingsFrom } from './surroundings.ts'
import { askInParts } from './threads/ask-in-parts.ts'
import { createScorers, type Scorers } from './threads/scorers.ts'

export type { ScreenHooks, Screening, ScreenOptions } from './screening.ts'

/**
 * The number of symbols that a thread scores at once, at least and at most, in 1 to 10 ms; a kill loses no more than these. Each
 * batch costs the main thread messages and a write, so it is as large as leaves each thread some.
 */
const batchSize = { least: 20, most: 100 }
const batchesEach = 4

/** Bars from memory are fetched for so long, in milliseconds, before other work gets its turn. */
const longestStretchMs = 1

/** All runs of this process share its threads. */
const shared = createScorers()

/** Ends the threads of this process. */
export const restScreening = (): Promise<void> => shared.rest()

/**
 * Scores the symbols that are not done. The results are the same with any number of threads, and however often it is begun
 * anew with what it told before. Bars are fetched symbol by symbol, and other work gets its turn after a millisecond; scores are
 * computed in threads. A symbol whose bars cannot be had, or over which the threads die, gets an `error`. Throws the reason of
 * the signal, what a hook throws, and when SPY or the VIX cannot be had.
 */
export async function screen(
  source: BarSource,
  screening: Screening,
  hooks: ScreenHooks,
  options: ScreenOptions,
  { scorers = shared, named = strategyNamed }: { scorers?: Scorers; named?: typeof strategyNamed } = {},
): Promise<void> {
  const strategy = named(screening.strategy)
  if (!strategy) throw new Error(`no strategy ${screening.strategy}`)
  const fetched = await fetchBars(source, strategy, screening, hooks, options)
  const figures = await strengthsOf(scorers, strategy, screening, fetched, hooks, options)
  await scoreSymbols(scorers, source, strategy, screening, { fetched, figures }, hooks, options)
  if (strategy.stages.includes('ranking')) await hooks.stage('ranking', screening.symbols.length)
}

/** The bars of each symbol; undefined of an unknown one. */
interface Fetched {
  bars: Map<string, Columns | undefined>
  failed: Set<string>
}

async function fetchBars(
  source: BarSource,
  strategy: Strategy,
  { symbols, asOf, strengths, done }: Screening,
  hooks: ScreenHooks,
  { signal, log }: ScreenOptions,
): Promise<Fetched> {
  const ranks = strategy.stages.includes('strength') && !strengths
  const needed = ranks ? symbols : symbols.filter((symbol) => !done.has(symbol))
  const fetched: Fetched = { bars: new Map(), failed: new Set() }
  signal?.throwIfAborted()
  await hooks.stage('data_download', needed.length)
  let since = performance.now()
  let at = 0
  for (const some of slices(needed, source.atOnce ?? 1)) {
    signal?.throwIfAborted()
    const found = await Promise.allSettled(some.map((symbol) => source.daily(symbol, strategy.barsUsed, asOf)))
    for (const [index, symbol] of some.entries()) {
      const one = found[index]!
      if (one.status === 'fulfilled') fetched.bars.set(symbol, one.value)
      else {
        log?.warn({ symbol, err: one.reason }, 'screening: no bars')
        fetched.failed.add(symbol)
      }
      hooks.at?.(symbol, ++at)
    }
    if (performance.now() - since < longestStretchMs) continue
    await turn()
    since = performance.now()
  }
  return fetched
}

/** The figures of the universe by which its symbols are compared; undefined when the strategy compares none. */
async function strengthsOf(
  scorers: Scorers,
  strategy: Strategy,
  { strengths, asOf }: Screening,
  { bars }: Fetched,
  hooks: ScreenHooks,
  { threads, signal, log }: ScreenOptions,
): Promise<Readonly<Record<string, number>> | undefined> {
  if (!strategy.stages.includes('strength')) return undefined
  if (strengths) return strengths
  const found = new Map<string, number>()
  let completed = 0
  await hooks.stage('strength', bars.size)
  await inLanes(batchesOf([...bars.keys()], threads), { lanes: threads, signal }, async (symbols, stopped) => {
    const taskOf = (some: readonly string[]) => ({
      ...{ kind: 'strength' as const, strategy: strategy.name, asOf, symbols: some },
      bars: packBars(some.map((symbol) => bars.get(symbol))),
    })
    const answer = await askInParts(scorers, symbols, taskOf, { signal: stopped, log })
    for (const [symbol, figure] of Object.entries(answer.strengths)) found.set(symbol, figure)
    for (const symbol of symbols) hooks.at?.(symbol, ++completed)
  })
  // In the order of the universe, whichever thread was first.
  const known = Object.fromEntries(
    [...bars.keys()].flatMap((symbol) => (found.has(symbol) ? [[symbol, found.get(symbol)!]] : [])),
  )
  await hooks.strengths?.(known)
  return known
}

async function scoreSymbols(
  scorers: Scorers,
  source: BarSource,
  strategy: Strategy,
  { symbols, asOf, parameters, done }: Screening,
  { fetched, figures }: { fetched: Fetched; figures: Readonly<Record<string, number>> | undefined },
  hooks: ScreenHooks,
  { threads, signal, log }: ScreenOptions,
): Promise<void> {
  const { index, vix } = await surroundingsFrom(source, strategy, asOf)
  const strengthOf = figures ? strengthsAmong(figures, index && strategy.strength?.(index)) : () => undefined
  const left = symbols.filter((symbol) => !done.has(symbol))
  let completed = symbols.length - left.length
  await hooks.stage('analysis', symbols.length)
  await inLanes(batchesOf(left, threads), { lanes: threads, signal }, async (batch, stopped, oneByOne) => {
    const scored = batch.filter((symbol) => !fetched.failed.has(symbol))
    const chains = new Map<string, OptionChain>()
    const taskOf = (some: readonly string[]) => ({
      ...{ kind: 'score' as const, strategy: strategy.name, asOf, parameters, vix, symbols: some },
      bars: packBars([...some.map((symbol) => fetched.bars.get(symbol)), index]),
      strengths: some.map(strengthOf),
      ...(chains.size > 0 && { chains: some.map((symbol) => chains.get(symbol)) }),
    })
    const answer = await askInParts(scorers, scored, taskOf, { signal: stopped, log })
    const bySymbol = new Map(answer.results.map((result) => [result.symbol, result]))
    for (const symbol of answer.forChain) {
      stopped.throwIfAborted()
      const chain = await source.chain?.(symbol, asOf).catch((cause) => {
        log?.warn({ symbol, err: cause }, 'screening: no option chain, so the share alone is scored')
        return undefined
      })
      if (chain) chains.set(symbol, chain)
    }
    const withChains = await askInParts(scorers, [...chains.keys()], taskOf, { signal: stopped, log })
    for (const result of withChains.results) bySymbol.set(result.symbol, result)
    const results = batch.map((symbol): WrittenResult => bySymbol.get(symbol) ?? failedResult(symbol, fetched))
    await oneByOne(async () => {
      await hooks.results(results)
      for (const symbol of batch) hooks.at?.(symbol, ++completed)
    })
  })
}

function batchesOf(symbols: readonly string[], threads: number): string[][] {
  const even = Math.ceil(symbols.length / (threads * batchesEach))
  return [...slices(symbols, Math.min(batchSize.most, Math.max(batchSize.least, even)))]
}

/** The result of a symbol without bars, or over which two threads died. The log has the cause. */
function failedResult(symbol: string, { failed }: Fetched): WrittenResult {
  const reason = failed.has(symbol) ? 'its bars could not be had' : 'the screener did not survive it'
  return writeResult({ symbol, outcome: 'error', reason })
}
