/**
 * Pictures of prices, indicators and money, as PNG, from plain numbers: this folder knows nothing of the desk.
 *
 * Every function takes a `Basis` (title, times, time zone) and its own numbers, one for each of `times`; a value that does
 * not exist yet is `undefined`. Numbers are only drawn. Values that must be exact (a price at the edge, the headline) are
 * passed as the text that the desk writes elsewhere.
 *
 * | function | draws |
 * |---|---|
 * | `drawCandles` | candles and volume; VWAP and other lines; entry, stop and target; fills |
 * | `drawLevels` | candles with support and resistance |
 * | `drawLines` | candles, and under them one or more lines with guides, a zone and a histogram: RSI, MACD, ATR |
 * | `drawBars` | candles, and under them bars: relative volume |
 * | `drawProfile` | candles, and beside them the volume at each price, with point of control and value area |
 * | `drawEquity` | equity, and under it total and realized P&L |
 * | `drawLadder` | a book: what is wanted and offered at each price |
 * | `drawBacktest` | equity of one or more runs, with their trades, and under it their drawdowns |
 *
 * A picture takes about 40 ms in a thread that does nothing else; pictures are drawn one after the other. All functions throw
 * `NoCanvas` on a machine that cannot draw. They throw `NoPicture` when too many pictures wait, one takes too long, or the
 * thread dies.
 */
import type { Candle, Chart, Layer, Level, Mark, Panel, Rung, Values } from './chart.ts'
import { drawChart } from './drawing.ts'
import type { Colour } from './palette.ts'

export { NoCanvas } from './canvas.ts'
export type { Bucket, Candle, Chart, Level, Mark, Rung, Values } from './chart.ts'
export { NoPicture, restDrawing } from './drawing.ts'
export type { Colour } from './palette.ts'

/** The common part of every picture: title, headline, note, and the time axis. */
export type Basis = Pick<Chart, 'title' | 'headline' | 'note' | 'times' | 'timeZone' | 'labels'>

/** A line over candles or in a panel of its own; `text` is its last value as shown. */
export interface NamedLine {
  /** Without one it is not in the legend. */
  name?: string
  values: Values
  colour?: Colour
  dash?: number[]
  text?: string
  /** The columns in which it begins anew. */
  breaks?: number[]
}

/** The usual styles of levels: `{ ...looks.stop, value: 0.55, text: '$0.55' }`. */
export const looks = {
  last: { colour: 'up', dash: [1, 3] },
  entry: { name: 'Entry', colour: 'entry', dash: [2, 3] },
  stop: { name: 'Stop', colour: 'stop', dash: [6, 4] },
  target: { name: 'Target', colour: 'target', dash: [10, 4] },
  order: { colour: 'level', dash: [3, 3] },
  support: { colour: 'target', dash: [10, 4] },
  resistance: { colour: 'stop', dash: [6, 4] },
} as const satisfies Record<string, Partial<Level>>

const lineColours: Colour[] = ['average', 'second', 'target', 'up']

/** Draws candles with volume, lines over them, levels, and marks for fills. */
export function drawCandles(
  basis: Basis & { candles: Candle[]; lines?: NamedLine[]; levels?: Level[]; marks?: Mark[] },
): Promise<Uint8Array> {
  const { candles, lines = [], levels = [], marks = [] } = basis
  const prices: Layer[] = [
    ...levels.map((level): Layer => ({ kind: 'level', level })),
    { kind: 'candles', candles },
    ...lines.map(lineLayer),
    { kind: 'marks', marks },
  ]
  const furthest = Math.max(0, ...marks.map(({ column }) => column + 1 - candles.length))
  // Names begin to the right of the last mark.
  const ahead = furthest + Math.max(1, aheadOf(levels, candles.length))
  return drawChart({ ...basis, ahead, panels: [{ share: 4, layers: prices }, volumePanel(candles)] })
}

/** Draws candles with levels of support and resistance. */
export function drawLevels(basis: Basis & { candles: Candle[]; levels: Level[] }): Promise<Uint8Array> {
  return drawCandles(basis)
}

/** Draws candles, and under them lines in a panel of their own. */
export function drawLines(
  basis: Basis & {
    /** When absent, only the lines are drawn. */
    candles?: Candle[]
    /** The name of the panel: `RSI 14`. */
    name: string
    lines: NamedLine[]
    /** Bars from zero behind the lines: MACD's histogram. */
    histogram?: Values
    /** Horizontal lines at these values: 30 and 70. The axis shows the values. */
    guides?: number[]
    /** A tinted zone: from 30 to 70. */
    zone?: { from: number; to: number }
    /** The values shown, whatever the data: `[0, 100]`. */
    range?: [number, number]
  },
): Promise<Uint8Array> {
  const { candles, name, lines, histogram, guides, zone, range } = basis
  const layers: Layer[] = [
    ...(zone ? [{ kind: 'zone', colour: 'quiet', ...zone } as const] : []),
    ...(histogram
      ? [{ kind: 'bars', values: histogram, isUp: histogram.map((value) => (value ?? 0) >= 0) } as const]
      : []),
    ...lines.map(lineLayer),
  ]
  const panel: Panel = { share: 2, name, layers, range, ticks: guides }
  return drawChart({ ...basis, ahead: 1, panels: [...pricePanel(candles), panel] })
}

/** Draws candles, and under them bars from zero in a panel of their own, with a horizontal line at `guide`. */
export function drawBars(
  basis: Basis & {
    candles?: Candle[]
    name: string
    bars: Values
    /** Colours each bar; without it all look alike. */
    isUp?: boolean[]
    guide?: Level
  },
): Promise<Uint8Array> {
  const { candles, name, bars, isUp, guide } = basis
  const layers: Layer[] = [
    { kind: 'bars', values: bars, isUp },
    ...(guide ? [{ kind: 'level', level: guide } as const] : []),
  ]
  return drawChart({ ...basis, ahead: 1, panels: [...pricePanel(candles), { share: 2, name, layers, axis: 'short' }] })
}

/** Draws candles, and beside them the volume at each price. */
export function drawProfile(
  basis: Basis & {
    candles: Candle[]
    /** From low to high, without gaps. */
    buckets: { low: number; high: number; volume: number }[]
    /** The price with the most volume, with its text. */
    pointOfControl: Level | { value: number; text: string }
    valueArea: { low: { value: number; text: string }; high: { value: number; text: string } }
    levels?: Level[]
  },
): Promise<Uint8Array> {
  const { candles, buckets, pointOfControl, valueArea, levels = [] } = basis
  const edges: Level[] = [
    { name: 'POC', colour: 'average', dash: [2, 3], ...pointOfControl },
    { name: 'VAH', colour: 'up', dash: [6, 4], ...valueArea.high },
    { name: 'VAL', colour: 'up', dash: [6, 4], ...valueArea.low },
    ...levels,
  ]
  const area: [number, number] = [valueArea.low.value, valueArea.high.value]
  const layers: Layer[] = [
    { kind: 'zone', from: area[0], to: area[1], colour: 'up' },
    { kind: 'candles', candles },
    { kind: 'profile', buckets, pointOfControl: pointOfControl.value, valueArea: area },
    ...edges.map((level): Layer => ({ kind: 'level', level })),
  ]
  return drawChart({ ...basis, ahead: Math.max(1, candles.length * 0.75), panels: [{ share: 1, layers }] })
}

/** Draws equity over time, and under it total and realized P&L. */
export function drawEquity(
  basis: Basis & {
    /** Dollars. */
    equity: { values: number[]; text: string }
    /** The equity at the beginning. */
    start: { value: number; text: string }
    total: { values: number[]; text: string }
    realized: { values: number[]; text: string }
  },
): Promise<Uint8Array> {
  const { equity, start, total, realized } = basis
  const isUp = (total.values.at(-1) ?? 0) >= 0
  const begin: Level = { value: start.value, text: start.text, name: 'Start', colour: 'axis', dash: [2, 3] }
  return drawChart({
    ...basis,
    ahead: aheadOf([begin], basis.times.length),
    panels: [
      {
        share: 3,
        name: 'Equity',
        layers: [
          { kind: 'level', level: begin },
          { kind: 'line', values: equity.values, colour: 'up', fill: start.value, text: equity.text },
        ],
      },
      {
        share: 2,
        name: 'P&L',
        layers: [
          {
            kind: 'line',
            values: total.values,
            colour: isUp ? 'target' : 'stop',
            name: 'Total',
            fill: 0,
            text: total.text,
          },
          { kind: 'line', values: realized.values, colour: 'second', name: 'Realized', dash: [5, 3], step: true },
        ],
      },
    ],
  })
}

/** Draws a book: its prices one below the other, the highest first, each with a bar as long as its size. */
export function drawLadder(basis: Pick<Chart, 'title' | 'headline' | 'note'> & { rungs: Rung[] }): Promise<Uint8Array> {
  const { rungs, ...header } = basis
  const panel: Panel = { share: 1, layers: [{ kind: 'ladder', rungs }], range: [0.5, rungs.length + 0.5], ticks: [] }
  return drawChart({ ...header, times: [], timeZone: 'UTC', panels: [panel] })
}

/** With more marks than this they are dots, and with more than the second number they would cover the curve. */
const [mostArrows, mostDots] = [30, 400]

/** Draws the equity of backtests, with their trades, and under it how far they were below their peaks. */
export function drawBacktest(
  basis: Basis & {
    /** Equity, or its return in percent. */
    lines: (NamedLine & { text: string })[]
    /** The value at the beginning. */
    start: { value: number; text: string }
    /** Percent, 0 or negative; `text` stands at the value `at`, the lowest. */
    drawdowns: { values: Values; colour: Colour; text: string; at: number | null }[]
    marks: Mark[]
  },
): Promise<Uint8Array> {
  const { lines, start, drawdowns, marks } = basis
  const begin: Level = { value: start.value, text: start.text, name: 'Start', colour: 'axis', dash: [2, 3] }
  const isSmall = marks.length > mostArrows
  const shown = marks.length > mostDots ? [] : marks
  return drawChart({
    ...basis,
    ahead: aheadOf([begin], basis.times.length),
    panels: [
      {
        share: 5,
        name: 'Equity',
        layers: [
          { kind: 'level', level: begin },
          ...lines.map(lineLayer).toReversed(),
          { kind: 'marks', marks: shown, ...(isSmall && { isSmall }) },
        ],
      },
      {
        share: 2,
        name: 'Drawdown in percent',
        layers: drawdowns.flatMap(({ values, colour, text, at }): Layer[] => [
          { kind: 'line', values, colour, fill: 0 },
          ...(at === null || at === 0
            ? []
            : [{ kind: 'level', level: { value: at, text, colour, dash: [2, 4] } } satisfies Layer]),
        ]),
      },
    ],
  })
}

/**
 * The number of columns that the longest name of a level needs, so that it does not cover the latest candles; widths in
 * points.
 */
function aheadOf(levels: Level[], columns: number): number {
  const longest = Math.max(0, ...levels.map(({ name = '' }) => name.length))
  const room = longest * 7.5 + 16
  return longest > 0 ? (columns * room) / (430 - room) : 1
}

function lineLayer({ name, values, colour, dash, text, breaks }: NamedLine, index: number): Layer {
  return { kind: 'line', values, name, dash, text, breaks, colour: colour ?? lineColours[index % lineColours.length]! }
}

function pricePanel(candles: Candle[] | undefined): Panel[] {
  return candles ? [{ share: 3, layers: [{ kind: 'candles', candles }] }] : []
}

function volumePanel(candles: Candle[]): Panel {
  const isUp = candles.map(({ open, close }) => close >= open)
  const values = candles.map(({ volume }) => volume)
  const at = candles.findIndex(({ isUnfinished }) => isUnfinished)
  const unfinished = at < 0 ? undefined : at
  return { share: 1, name: 'Volume', axis: 'short', layers: [{ kind: 'bars', values, isUp, unfinished }] }
}
