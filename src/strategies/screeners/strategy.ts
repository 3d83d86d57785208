import type { z } from 'zod'
import type { OptionChain } from './maths/option-chain.ts'

/** Finished daily bars of a symbol as columns of one length, oldest first; prices in dollars, adjusted for splits. */
export interface Columns {
  /** The exchange's day of each bar: `2026-11-30`. */
  days: string[]
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  /** Units traded. */
  volume: Float64Array
}

/** The steps of a run, in their order: bars are fetched, strengths compared, symbols scored, results put in order. */
export const stages = ['data_download', 'strength', 'analysis', 'ranking'] as const
export type Stage = (typeof stages)[number]

/** The strength of a symbol over a year, beside the others of its universe, or beside SPY where these are too few. */
export type Strength = { percentile: number; among: number } | { against: 'SPY'; figure: number; theirs: number }

/** All that a score depends on beside the symbol's own bars and the parameters. Absent parts are lacking. */
export interface Surroundings {
  strength?: Strength
  /** Bars of SPY; later bars than the symbol's last one do not count. */
  index?: Columns
  /** The last value of the VIX by the end of that day. */
  vix?: number
  chain?: OptionChain
}

/** A part of a score. */
export interface Item {
  /** The part of the definition that it belongs to: `trend`. */
  part: string
  /** Its own among all items of the strategy. */
  name: string
  /** 0 to `of`, in whole hundredths. */
  points: number
  of: number
  /** The measure behind the points: `1.80 × its mean of 50 days`. */
  text: string
}

/** A condition without which nothing passes, whatever its score. */
export interface Gate {
  name: string
  passed: boolean
  text: string
}

export interface Scored {
  passed: boolean
  /** 0 to 100, rounded to two decimals: the points of all items in percent of what they could give. */
  score: number
  items: Item[]
  gates: Gate[]
  /** The reasons why it did not pass; none when it passed. */
  reasons: string[]
  /**
   * Data that was lacking, in words, and what stands for it where something does. Parts that cannot be measured are left out of
   * the score, and do not count as zero.
   */
  lacking: string[]
  /** The last close in dollars, rounded as it is shown. */
  price: number
  /** Other figures worth showing, by name. */
  facts: Record<string, number | string>
}

/** A screener: a pure function from the bars of a symbol to a score, and all that a run needs to know about it. */
export interface Strategy<Parameters = Record<string, unknown>> {
  /** `bullish_breakout` */
  name: string
  /** Shorter names: `breakout`. */
  aliases: readonly string[]
  title: string
  summary: string
  /** Names, types, ranges, defaults and descriptions of its parameters. */
  parameters: z.ZodObject
  /** With fewer finished bars a symbol is skipped: `143 of 260 bars`. */
  barsNeeded: number
  /** Only the last so many bars decide, so that a longer history changes nothing, bit for bit. */
  barsUsed: number
  /** Bars after which its past results are looked at. */
  horizon: number
  stages: readonly Stage[]
  /** A chain of options is asked for of the symbols that pass all its gates without one. */
  usesChain?: true
  /** The figure by which the symbols of a universe are compared before they are scored; undefined with too few bars. */
  strength?(bars: Columns): number | undefined
  /** Pure: the same result for the same arguments, on every machine. It gets at least `barsNeeded` bars that are sound. */
  score(bars: Columns, parameters: Parameters, surroundings: Surroundings): Scored
}

/** The result of a symbol in a run. */
export type SymbolResult = { symbol: string } & (
  | ({ outcome: 'passed' | 'failed' } & Omit<Scored, 'passed'>)
  /** Its bars cannot be judged: too few, with gaps, too old, or unknown. */
  | { outcome: 'skipped'; reason: string }
  /** Its bars could not be had. Never a stack, and never a secret. */
  | { outcome: 'error'; reason: string }
)
