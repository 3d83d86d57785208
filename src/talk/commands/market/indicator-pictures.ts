import { Big } from '../../../base/amounts.ts'
import { percentText } from '../../../base/format.ts'
import {
  type Basis,
  drawBars,
  drawCandles,
  drawLevels,
  drawLines,
  drawProfile,
  type Level,
  looks,
  type Values,
} from '../../../charts/index.ts'
import type { FloorPivots, Level as Turned } from '../../../market/indicators/levels.ts'
import type { Macd } from '../../../market/indicators/macd.ts'
import { dollars, quoted, signed } from '../../../market/indicators/meaning.ts'
import { mergedBar, sessionStarts } from '../../../market/indicators/sessions.ts'
import type { VolumeProfile } from '../../../market/indicators/volume-profile.ts'
import type { Bar } from '../../../market/market.ts'
import { axisOf, spanText } from '../picture.ts'
import type { Studied } from './studied.ts'

/** A picture that is not drawn yet: its alternative text, its course of closes, and the drawing function. */
export interface Drawing {
  alt: string
  /** Closes in dollars, oldest first. */
  course: number[]
  draw(): Promise<Uint8Array>
}

/** The most candles that a phone shows clearly. */
const mostColumns = 66
const dayMinutes = 1440

type Drawn = Basis & Pick<Parameters<typeof drawCandles>[0], 'candles'>

/** The common parts of all indicator pictures: the last bars, the title, the price, and the time span. */
function basisOf(studied: Studied, name: string, bars = studied.bars.slice(-mostColumns)): Drawn {
  const { instrument, minutes, length, price, zone } = studied
  const axis = axisOf(bars, minutes, instrument, zone)
  return {
    ...axis,
    title: `${instrument.symbol} · ${name} · ${length}`,
    headline: { text: quoted(price) },
    note: spanText(axis.times[0]!, axis.times.at(-1)!, axis.timeZone, minutes < dayMinutes),
  }
}

function drawing(basis: Drawn, what: string, draw: () => Promise<Uint8Array>): Drawing {
  const { title, note, candles } = basis
  return { alt: `${title}: ${what}. ${note}.`, course: candles.map(({ close }) => close), draw }
}

/** The values of the shown columns. */
const shown = (basis: Drawn, values: Values) => values.slice(-basis.candles.length)

const lastLevel = (price: number): Level => ({ ...looks.last, value: price, text: quoted(price) })

/** Candles with the VWAP line over them. */
export function vwapPicture(studied: Studied, values: Values): Drawing {
  const basis = basisOf(studied, 'VWAP')
  const last = values.findLast((value) => value !== undefined)
  const breaks = sessionStarts(studied.bars.slice(-basis.candles.length), studied.calendar)
  const lines = [
    { name: 'VWAP', values: shown(basis, values), breaks, text: last === undefined ? undefined : dollars(last) },
  ]
  return drawing(basis, 'candles and volume with the VWAP of the session', () =>
    drawCandles({ ...basis, lines, levels: [lastLevel(studied.price)] }),
  )
}

/** Candles over the relative volume of each bar: its volume against the usual volume at that time. */
export function rvolPicture(studied: Studied, values: Values): Drawing {
  const basis = basisOf(studied, 'Relative volume')
  const isUp = basis.candles.map(({ open, close }) => close >= open)
  const guide: Level = { value: 1, text: '1', name: 'Usual', colour: 'axis', dash: [2, 3] }
  return drawing(basis, 'candles, and the volume of each bar against what is usual at its time', () =>
    drawBars({ ...basis, name: 'Volume / usual', bars: shown(basis, values), isUp, guide }),
  )
}

/** Candles of the profile's bars, with the volume at each price beside them. */
export function profilePicture(studied: Studied, traded: Bar[], profile: VolumeProfile): Drawing {
  const basis = basisOf(studied, 'Volume profile', inColumns(traded))
  const { pointOfControl, valueArea, rows } = profile
  const edge = (value: number) => ({ value, text: dollars(value) })
  const share = percentText(new Big(valueArea.share)).slice(1)
  return drawing(
    basis,
    `candles, and the volume at each price: most around ${dollars(pointOfControl)}, ${share} from ${dollars(valueArea.low)} to ${dollars(valueArea.high)}`,
    () =>
      drawProfile({
        ...basis,
        buckets: rows,
        pointOfControl: edge(pointOfControl),
        valueArea: { low: edge(valueArea.low), high: edge(valueArea.high) },
        levels: [lastLevel(studied.price)],
      }),
  )
}

/** Merges all bars into at most as many columns as fit. */
function inColumns(bars: Bar[]): Bar[] {
  const each = Math.ceil(bars.length / mostColumns)
  return Array.from({ length: Math.ceil(bars.length / each) }, (_, column) =>
    mergedBar(bars.slice(column * each, (column + 1) * each) as [Bar, ...Bar[]]),
  )
}

/** Candles over the RSI with its guide lines. */
export function rsiPicture(studied: Studied, values: Values): Drawing {
  const basis = basisOf(studied, 'RSI 14')
  const text = values.at(-1)!.toFixed(1)
  return drawing(basis, `candles, and the RSI at ${text} between 0 and 100 with lines at 30 and 70`, () =>
    drawLines({
      ...basis,
      name: 'RSI 14',
      lines: [{ name: 'RSI', values: shown(basis, values), text }],
      guides: [30, 70],
      zone: { from: 30, to: 70 },
      range: [0, 100],
    }),
  )
}

/** Candles over MACD, signal and histogram. */
export function macdPicture(studied: Studied, values: (Macd | undefined)[]): Drawing {
  const basis = basisOf(studied, 'MACD 12 26 9')
  const of = (name: keyof Macd) =>
    shown(
      basis,
      values.map((one) => one?.[name]),
    )
  const now = values.at(-1)!
  const [line, signal] = [signed(now.macd), signed(now.signal)]
  return drawing(basis, `candles, and the MACD at ${line} with its signal line at ${signal} and its histogram`, () =>
    drawLines({
      ...basis,
      name: 'MACD',
      lines: [
        { name: 'MACD', values: of('macd'), text: line },
        { name: 'Signal', values: of('signal'), text: signal },
      ],
      histogram: of('histogram'),
      guides: [0],
    }),
  )
}

/** Candles over the average true range. */
export function atrPicture(studied: Studied, values: Values): Drawing {
  const basis = basisOf(studied, 'ATR 14')
  const text = dollars(values.at(-1)!)
  return drawing(basis, `candles, and the average true range at ${text}`, () =>
    drawLines({ ...basis, name: 'ATR 14', lines: [{ name: 'ATR', values: shown(basis, values), text }] }),
  )
}

/** Candles with the support and resistance levels near the price. */
export function levelsPicture(
  studied: Studied,
  around: { supports: Turned[]; resistances: Turned[] },
  pivots: FloorPivots | undefined,
): Drawing {
  const basis = basisOf(studied, 'Levels')
  const level = (look: Partial<Level>, name: string, value: number) =>
    ({ colour: 'axis', ...look, name, value, text: dollars(value) }) as Level
  const levels = [
    ...around.supports.map(({ price, touches }) => level(looks.support, `Support ${touches}×`, price)),
    ...around.resistances.map(({ price, touches }) => level(looks.resistance, `Resistance ${touches}×`, price)),
    ...(pivots ? [level({ dash: [2, 3] }, 'Pivot', pivots.pivot)] : []),
    lastLevel(studied.price),
  ]
  const names = levels.flatMap(({ name, text }) => (name ? [`${name} at ${text}`] : []))
  return drawing(basis, `candles with ${names.join(', ')}`, () => drawLevels({ ...basis, levels }))
}
