import type { History } from './history.ts'

/** Some of the features: their names, and the function that writes their values from `at` of `row` on, for one bar. */
export interface Part {
  names: readonly string[]
  /** Reads no bar but the last `barsNeeded` ones up to `bar`. */
  write(history: History, bar: number, row: Float64Array, at: number): void
}
