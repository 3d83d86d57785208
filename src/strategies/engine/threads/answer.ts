import type { OptionChain } from '../../screeners/maths/option-chain.ts'
import { judgementOf, resultOf } from '../../screeners/result.ts'
import type { Strategy, Strength, Surroundings } from '../../screeners/strategy.ts'
import { type WrittenResult, writeResult } from '../../screeners/written-result.ts'
import { type PackedBars, unpackBars } from '../bars/packed.ts'

/** Work for a thread: a few symbols with everything that their results depend on. */
export type Task =
  | { kind: 'strength'; strategy: string; asOf: string; symbols: readonly string[]; bars: PackedBars }
  | {
      kind: 'score'
      strategy: string
      asOf: string
      parameters: Record<string, unknown>
      symbols: readonly string[]
      /** Of each symbol, and then of SPY. */
      bars: PackedBars
      strengths: readonly (Strength | undefined)[]
      vix?: number
      /** Of each symbol, where they were asked for. */
      chains?: readonly (OptionChain | undefined)[]
    }

/** The answer to a task, with the symbols on which the screener failed. */
export interface Answer {
  /** Of those symbols that can be judged. */
  strengths: Record<string, number>
  results: WrittenResult[]
  /** The symbols that pass all gates of a screener of options without a chain, so that theirs are asked for. */
  forChain: string[]
  faults: { symbol: string; cause: string }[]
}

/** Carries out a task. Pure; throws only when there is no such strategy. */
export function answerTo(task: Task, strategyNamed: (name: string) => Strategy | undefined): Answer {
  const strategy = strategyNamed(task.strategy)
  if (!strategy) throw new Error(`no strategy ${task.strategy}`)
  const answer: Answer = { strengths: {}, results: [], forChain: [], faults: [] }
  const bars = unpackBars(task.bars)
  const index = task.kind === 'score' ? bars[task.symbols.length] : undefined
  for (const [at, symbol] of task.symbols.entries()) {
    try {
      if (task.kind === 'score') {
        const { asOf, parameters, vix } = task
        const surroundings: Surroundings = {
          ...(task.strengths[at] && { strength: task.strengths[at] }),
          ...(index && { index }),
          ...(vix !== undefined && { vix }),
          ...(task.chains?.[at] && { chain: task.chains[at] }),
        }
        const result = resultOf(strategy, symbol, bars[at], asOf, parameters, surroundings)
        answer.results.push(writeResult(result))
        const isOpen = 'gates' in result && result.gates.every(({ passed }) => passed)
        if (strategy.usesChain && !surroundings.chain && isOpen) answer.forChain.push(symbol)
      } else {
        const columns = bars[at]
        if (!columns || judgementOf(strategy, columns, task.asOf).skip) continue
        const figure = strategy.strength?.(columns)
        if (figure !== undefined && Number.isFinite(figure)) answer.strengths[symbol] = figure
      }
    } catch (cause) {
      answer.faults.push({ symbol, cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
      if (task.kind === 'score')
        answer.results.push(writeResult({ symbol, outcome: 'error', reason: 'the screener failed on its bars' }))
    }
  }
  return answer
}
