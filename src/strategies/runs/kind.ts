import type { z } from 'zod'
import type { Parts } from '../../trading/parts.ts'
import type { BarSource } from '../engine/bar-source.ts'
import type { Fixed } from './rows/claims.ts'
import type { Run, RunKindName } from './rules/run.ts'

/** A strategy that can be run, as far as the queue needs to know it. */
export interface Runnable {
  /** `bullish_breakout` */
  name: string
  /** Names, types, ranges, defaults and descriptions of its parameters. */
  parameters: z.ZodObject
  /** The steps of a run, in their order. */
  stages: readonly string[]
  /** A sentence about parameters that do not go together; undefined when they do. */
  refuses?(parameters: Record<string, unknown>): string | undefined
}

/** Tells how far the work on a run is. */
export interface WorkProgress {
  /** A stage begins, of so many symbols. */
  stage(stage: string, of: number): void
  /** A symbol of the stage is through, as the `completed`th of it. */
  at(symbol: string, completed: number): void
  /** Results were kept. */
  noted(): void
}

/** The parts of the desk that the work on a run needs. */
export interface WorkParts extends Pick<Parts, 'db' | 'log'> {
  runs: { bars: BarSource; isSimulated: boolean }
}

/** The work on a run whose symbols and day are fixed. */
export interface Work {
  parts: WorkParts
  run: Run
  fixed: Fixed
  progress: WorkProgress
  /** Aborted with a `RunStopped` when the work is wanted no more. */
  signal: AbortSignal
  /** Waits for the database; its failure says nothing about the run. */
  ours<Value>(asked: Promise<Value>): Promise<Value>
}

/** A kind of runs: its strategies, and the work on one. All else of a run is the same for all kinds: the queue, its progress, its end. */
export interface RunKind {
  name: RunKindName
  /** How people call a strategy of this kind: `screener`. */
  noun: string
  strategies: readonly Runnable[]
  /** The strategy of a name or alias, in any letter case. */
  named(name: string): Runnable | undefined
  /**
   * Works on a run until all is kept, and goes on after what earlier attempts have kept. Throws `RunStopped`, `RunFailed`, and the reason
   * of the signal.
   */
  work(work: Work): Promise<void>
}

/** The strategy of a run; undefined when this version of the desk has it no more. */
export function strategyOf(
  { kinds }: { kinds: Record<RunKindName, RunKind> },
  { kind, strategy }: Pick<Run, 'kind' | 'strategy'>,
): Runnable | undefined {
  return kinds[kind].named(strategy)
}
