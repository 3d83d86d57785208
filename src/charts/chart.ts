import type { Colour } from './palette.ts'

/** Prices in dollars and volume in units over one interval. */
export interface Candle {
  open: number
  high: number
  low: number
  close: number
  volume: number
  /** The interval is not over: it is drawn with dashes. */
  isUnfinished?: boolean
}

/** A value for each column; undefined is a gap. */
export type Values = (number | undefined)[]

/** A horizontal line with its value at the right edge. */
export interface Level {
  value: number
  /** The value exactly as shown: `$0.55`. */
  text: string
  /** Its name: `Stop`. */
  name?: string
  colour: Colour
  dash?: number[]
}

/** A purchase or sale in a column; the column may be a fraction, or beyond the last one. */
export interface Mark {
  column: number
  value: number
  side: 'buy' | 'sell'
}

/** The volume at prices from `low` to `high`. */
export interface Bucket {
  low: number
  high: number
  volume: number
}

/** A price of a book: a row with a bar as long as its size. */
export interface Rung {
  /** `buy`: wanted there; `sell`: offered there. */
  side: 'buy' | 'sell'
  size: number
  /** The price and the size exactly as shown. */
  price: string
  text: string
}

/** One drawing in a panel; later layers cover earlier ones. */
export type Layer =
  | { kind: 'candles'; candles: Candle[] }
  /** Bars from zero. `isUp` colours each: hollow blue is up, filled orange is down; without it all look alike. `unfinished`: the
   * column of a bar that is not over.
   */
  | { kind: 'bars'; values: Values; isUp?: boolean[]; colour?: Colour; unfinished?: number }
  /**
   * `fill`: the area down to this value is tinted. `step`: each value holds until the next. `text`: the last value, at the
   * edge.
   */
  | {
      kind: 'line'
      values: Values
      colour: Colour
      name?: string
      dash?: number[]
      fill?: number
      step?: boolean
      text?: string
      /** The line begins anew in these columns, without a stroke from the column before. */
      breaks?: number[]
    }
  /** A tinted zone between two values. */
  | { kind: 'zone'; from: number; to: number; colour: Colour }
  | { kind: 'level'; level: Level }
  /** A book, the highest price first, in rows of one height: the row of the first is the highest value, that of the last 1. */
  | { kind: 'ladder'; rungs: Rung[] }
  /** `isSmall`: dots, where arrows would cover each other. */
  | { kind: 'marks'; marks: Mark[]; isSmall?: true }
  /** Horizontal bars to the right of the columns; the busiest price and the value area stand out. */
  | { kind: 'profile'; buckets: Bucket[]; pointOfControl: number; valueArea: [low: number, high: number] }

/** One of the drawings that are stacked on the same time axis. */
export interface Panel {
  /** Its height, relative to the other panels. */
  share: number
  name?: string
  layers: Layer[]
  /** The lowest and highest value shown, whatever the data: `[0, 100]`. */
  range?: [number, number]
  /** The values of the grid lines; round values when absent. */
  ticks?: number[]
  /** `short` writes `1.2M` on the axis. */
  axis?: 'plain' | 'short'
}

/** A whole picture. */
export interface Chart {
  title: string
  /** Large text to the right of the title: the last price, with its move. */
  headline?: { text: string; move?: { text: string; isUp: boolean } }
  /** A line under the title: the period, the time zone. */
  note?: string
  /** The beginning of each column, ascending. */
  times: Date[]
  /** The time zone of the axis labels: `America/New_York`. */
  timeZone: string
  /** Labels of some columns, where these are no times: then `times` only tells how many there are. */
  labels?: { index: number; text: string }[]
  /** Free room at the right, in columns. */
  ahead?: number
  panels: Panel[]
}
