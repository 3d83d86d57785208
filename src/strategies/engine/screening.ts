import type { Stage } from '../screeners/strategy.ts'
import type { WrittenResult } from '../screeners/written-result.ts'

/** The work of a screen, and how far an earlier attempt came. */
export interface Screening {
  /** Its name in the list of strategies. */
  strategy: string
  /** As its schema has read them. */
  parameters: Record<string, unknown>
  /** The universe, each symbol once. */
  symbols: readonly string[]
  /** The day of the last bars that count. */
  asOf: string
  /** The strengths that an earlier attempt told; without them they are computed. */
  strengths?: Readonly<Record<string, number>>
  /** Symbols whose results are kept already. */
  done: ReadonlySet<string>
}

/** Listeners of a screening while it goes on. It waits for each of them, and ends with what they throw. */
export interface ScreenHooks {
  /**
   * A stage begins, of so many symbols: in `data_download` and `strength` those that this attempt needs, in `analysis` and
   * `ranking` all.
   */
  stage(stage: Stage, of: number): Promise<void> | void
  /** The strengths of the universe, to be kept before any result, so that another attempt compares with the same ones. */
  strengths?(known: Record<string, number>): Promise<void> | void
  /** Results to be kept. The thread that they come from gets its next symbols afterwards. Never two at a time. */
  results(batch: WrittenResult[]): Promise<void> | void
  /** A symbol of the stage is through, as the `completed`th of it. */
  at?(symbol: string, completed: number): void
}

/** Settings of a screening. */
export interface ScreenOptions {
  /** Threads at once. The results are the same with any number. */
  threads: number
  signal?: AbortSignal
  log?: { warn(fields: object, message: string): void }
}
