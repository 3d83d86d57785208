import type { BarsRoom } from '../../market/market.ts'
import type { OptionChain } from '../screeners/maths/option-chain.ts'
import type { Columns } from '../screeners/strategy.ts'

/** A place where the finished daily bars of symbols come from. Past days do not change. */
export interface BarSource {
  /** `replay:daily` */
  name: string
  /** All symbols that it knows, in their own order. */
  symbols(): string[]
  /** The bars of so many symbols are best asked for at the same time; absent: one after the other. */
  atOnce?: number
  /** The bars that its market would have to ask for, and how many it can now; absent where it can ask for all. */
  room?(symbols: string[]): Promise<BarsRoom>
  /** The last day that half of its symbols with bars have finished: `2026-11-30`. Throws `NoBars` when there is none. */
  lastDay(): Promise<string>
  /**
   * At most the last `count` finished bars up to and with the day `asOf`; undefined when it does not know the symbol. Throws
   * when it cannot answer. The columns may be views of its cache: read them, and change nothing.
   */
  daily(symbol: string, count: number, asOf: string): Promise<Columns | undefined>
  /**
   * The calls on a symbol that run for a year or longer, of now; undefined when it has none, and for another day than the last one.
   * Absent for a source without options. Throws when it cannot answer.
   */
  chain?(symbol: string, asOf: string): Promise<OptionChain | undefined>
}

/** There are no daily bars at all; the message is a sentence. */
export class NoBars extends Error {
  override name = 'NoBars'
}
