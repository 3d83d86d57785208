import type { z } from 'zod'
import type { Columns } from '../../strategies/screeners/strategy.ts'

/** Levels that protect a position, in dollars a unit or as shares of the entry price. The stop goes before the target. */
export interface Levels {
  stop?: number
  target?: number
  stopShare?: number
  targetShare?: number
  /** The distance of a trailing stop from the best price since the entry, as a share of that price. */
  trailShare?: number
}

/** A wanted order. It works from the next bar on: at the market at its open, else when a limit or a stop is reached. */
export interface Wish {
  side: 'buy' | 'sell'
  /** Whole units; absent: as many as `share` pays for at the fill. */
  quantity?: number
  /** The share of the run's equity; by default an equal part for every symbol of the run. */
  share?: number
  limit?: number
  /** A price that must trade first: above the market for a buyer, below it for a seller. */
  stop?: number
  /** Protects the position as soon as the order is filled, in place of what did before. */
  levels?: Levels
}

/** The desk as a strategy sees it after the close of a bar. */
export interface Trader {
  /** Units held now; negative when short. */
  readonly quantity: number
  /** Dollars: cash and all positions at their last closes. */
  readonly equity: number
  order(wish: Wish): void
  /** Closes the position at the next open, before any order. */
  close(): void
  /** Sells the position in even chunks at the next opens, one a bar. */
  scaleout(chunks: number): void
  /** Replaces the levels of the position. */
  protect(levels: Levels): void
  /** Takes all working orders back. */
  cancel(): void
}

/** A wish of a strategy: the day after whose close it was said. */
export interface Heard {
  day: string
  symbol: string
  does: 'order' | 'close' | 'scaleout' | 'protect' | 'cancel'
  what?: unknown
}

/** A strategy with the bars of one symbol. */
export interface Prepared {
  /** The first bar, from zero, after which it decides: all that it reads is known by then. */
  warmup: number
  /** Its series by their names, as long as the bars; NaN where a value is not known yet. The checks compare them. */
  indicators: Record<string, Float64Array>
  /** Decides after the close of a bar, from the bars up to it. The checks find a strategy that reads later ones. */
  decide(at: number, trader: Trader): void
  /** The state of its last decision by names, for a strategy whose series do not tell it. */
  seen?(): Record<string, number>
}

/** A rule to trade by: one file, and a line in `list.ts`. */
export interface BacktestStrategy<Parameters = Record<string, unknown>> {
  /** `sma-cross` */
  name: string
  /** Other names: `cross`. */
  aliases: readonly string[]
  /** `SMA cross` */
  title: string
  summary: string
  /** Names, types, ranges, defaults and descriptions of its parameters. */
  parameters: z.ZodObject
  /** A sentence about parameters that do not go together; undefined when they do. */
  refuses?(parameters: Parameters): string | undefined
  prepare(bars: Columns, parameters: Parameters, market?: Columns): Prepared
  /** It reads the bars of SPY, the `market` of `prepare`, where there are some. */
  readsMarket?: true
  /** A sentence about a run over these days that is no test of it, because it learned from them. */
  caution?(symbols: readonly string[], from: string): string | undefined
}
