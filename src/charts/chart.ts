import type { Colour } from './palette.ts'

/** Prices in dollars and volume in units over one interval. */
export interface Candle {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** A value for each column; a gap where there is none. */
export type Values = (number | undefined)[]

/** A horizontal line with its value at the right edge. */
export interface Level {
  value: number
  /** The value as it is written, exactly: `$0.55`. */
  text: string
  /** What it is: `Stop`. */
  name?: string
  colour: Colour
  dash?: number[]
}

/** Something bought or sold in a column; a column may be a fraction, or beyond the last. */
export interface Mark {
  column: number
  value: number
  side: 'buy' | 'sell'
}

/** How much was traded at prices from `low` to `high`. */
export interface Bucket {
  low: number
  high: number
  volume: number
}

/** One thing that is drawn in a panel; later layers lie over earlier ones. */
export type Layer =
  | { kind: 'candles'; candles: Candle[] }
  /** From zero. `isUp` colours each: hollow blue is up, filled orange is down; left out, all look alike. */
  | { kind: 'bars'; values: Values; isUp?: boolean[]; colour?: Colour }
  /** `fill`: the area down to this value is tinted. `step`: the value holds until the next. `text`: its last value, at the edge. */
  | {
      kind: 'line'
      values: Values
      colour: Colour
      name?: string
      dash?: number[]
      fill?: number
      step?: boolean
      text?: string
    }
  /** A tinted zone between two values. */
  | { kind: 'zone'; from: number; to: number; colour: Colour }
  | { kind: 'level'; level: Level }
  | { kind: 'marks'; marks: Mark[] }
  /** Bars that lie on their side, right of the columns; the busiest price and the range of most trades stand out. */
  | { kind: 'profile'; buckets: Bucket[]; pointOfControl: number; valueArea: [low: number, high: number] }

/** One of the drawings that stand over each other on the same time axis. */
export interface Panel {
  /** Height among its neighbours. */
  share: number
  name?: string
  layers: Layer[]
  /** Bottom and top that are shown whatever the data are: `[0, 100]`. */
  range?: [number, number]
  /** Where the grid lines are; round values when left out. */
  ticks?: number[]
  /** `short` writes `1.2M` on the axis. */
  axis?: 'plain' | 'short'
}

/** A whole picture. */
export interface Chart {
  title: string
  /** Written large at the right of the title: the last price, with how it moved. */
  headline?: { text: string; move?: { text: string; isUp: boolean } }
  /** A line under the title: the period, the time zone. */
  note?: string
  /** When each column begins, rising. */
  times: Date[]
  /** Of the labels of the time axis: `America/New_York`. */
  timeZone: string
  /** Columns that are left free at the right, in columns. */
  ahead?: number
  panels: Panel[]
}
