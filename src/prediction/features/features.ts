import type { Columns } from '../../strategies/screeners/strategy.ts'
import { barsPart } from './bars-part.ts'
import type { CrossSection } from './cross-section.ts'
import { barsNeeded, hasRow, historyOf } from './history.ts'
import { blocks, featureCount } from './layout.ts'
import { type OptionFigures, writeOptions } from './options.ts'
import { writeSector } from './sector-part.ts'
import { technicalParts } from './technical/parts.ts'

/** No feature is further from 0. */
const mostFeature = 10

/** The data from which features come; each may be lacking on its own. */
export const dataNames = ['bars', 'news', 'reddit', 'x', 'sector', 'market', 'spy', 'options'] as const
export type DataName = (typeof dataNames)[number]

/** A symbol's bars, and what else is known. */
export interface FeatureInput {
  symbol: string
  bars: Columns
  cross?: CrossSection
  /** Bars of SPY. */
  spy?: Columns
  /** The 72 values of sentiment as they were known after the close of a day. */
  sentimentOn?(day: string): ArrayLike<number> | undefined
  optionsOn?(day: string): OptionFigures | undefined
}

/** Features of a symbol on successive days. */
export interface FeatureRows {
  /** The day of each row. */
  days: string[]
  /** The index of the bar of the first row. */
  first: number
  /** Rows of `featureCount` values, one after the other, each within ±10; a lacking one is 0. */
  values: Float32Array
  /** Rows of a flag for each of `dataNames`: 1 when it was there. A row whose bars were not is 0 throughout. */
  available: Uint8Array
}

/**
 * The features after the close of each day from bar `from` to before `to`, by default all days that have enough bars. They are known
 * at that close: no later bar or item changes them, nor does a longer history.
 */
export function featuresOf(input: FeatureInput, { from = 0, to = input.bars.days.length } = {}): FeatureRows {
  const first = Math.max(from, barsNeeded - 1)
  const rows = Math.max(0, Math.min(to, input.bars.days.length) - first)
  const write = featureWriter(input)
  const out: FeatureRows = {
    days: input.bars.days.slice(first, first + rows),
    first,
    values: new Float32Array(rows * featureCount),
    available: new Uint8Array(rows * dataNames.length),
  }
  const row = new Float64Array(featureCount)
  for (let nth = 0; nth < rows; nth++) {
    out.available.set(write(first + nth, row), nth * dataNames.length)
    out.values.set(row, nth * featureCount)
  }
  return out
}

/** The function that writes the row of one bar in full precision, and returns a flag for each of `dataNames`. */
export function featureWriter(input: FeatureInput): (bar: number, row: Float64Array) => number[] {
  const history = historyOf(input.bars)
  const spy = input.spy && {
    history: historyOf(input.spy),
    at: new Map(input.spy.days.map((day, index) => [day, index])),
  }
  return (bar, row) => {
    row.fill(0)
    if (!hasRow(history, bar)) return dataNames.map(() => 0)
    const day = input.bars.days[bar]!
    barsPart.write(history, bar, row, blocks.bars.from)
    let at = blocks.technical.from
    for (const part of technicalParts) {
      part.write(history, bar, row, at)
      at += part.names.length
    }
    const surroundings = { cross: input.cross, spy }
    const known = writeSector(input.symbol, history, surroundings, bar, row, blocks.sector.from)
    const hasOptions = writeOptions(input.optionsOn?.(day), history.returns, bar, row, blocks.options.from)
    const sentiment = input.sentimentOn?.(day)
    if (sentiment) row.set(sentiment, blocks.sentiment.from)
    for (let nth = 0; nth < row.length; nth++) row[nth] = Math.max(-mostFeature, Math.min(mostFeature, row[nth]!))
    const has = (source: number) => row[blocks.sentiment.from + 18 * source]!
    return [1, has(0), has(1), has(2), known.sector, known.market, known.spy, hasOptions].map(Number)
  }
}

/** The data that a row lacks. */
export function lackingIn({ available }: FeatureRows, row: number): DataName[] {
  return dataNames.filter((_, nth) => available[row * dataNames.length + nth] !== 1)
}
