import {
  drawBacktest,
  drawBars,
  drawCandles,
  drawEquity,
  drawLadder,
  drawLevels,
  drawLines,
  drawProfile,
  looks,
} from '../../src/charts/index.ts'
import { days, sessions, walk } from './data.ts'

const timeZone = 'America/New_York'
const closes = (candles: { close: number }[]) => candles.map(({ close }) => close)
const money = (value: number) => `$${value.toFixed(value < 10 ? 4 : 2)}`

/** The mean of the last `count` values; undefined until there are that many. */
function mean(values: number[], count: number): (number | undefined)[] {
  return values.map((_, index) =>
    index < count - 1
      ? undefined
      : values.slice(index - count + 1, index + 1).reduce((sum, value) => sum + value, 0) / count,
  )
}

/** One picture of each kind, from data that are the same on every machine. */
export const pictures: Record<string, () => Promise<Uint8Array>> = {
  candles: () => {
    const candles = walk(66, { start: 0.6 })
    const last = candles.at(-1)!.close
    return drawCandles({
      title: 'BYND · 1d',
      headline: { text: money(last), move: { text: '+0.82%', isUp: true } },
      note: 'Aug 21 – Nov 20, 2026 · New York',
      times: days(66),
      timeZone,
      candles,
      lines: [{ name: 'VWAP', values: mean(closes(candles), 9) }],
      levels: [
        { ...looks.last, value: last, text: money(last) },
        { ...looks.entry, value: 0.63, text: '$0.63' },
        { ...looks.stop, value: 0.55, text: '$0.55' },
        { ...looks.target, value: 0.78, text: '$0.78' },
      ],
      marks: [
        { column: 22, value: 0.63, side: 'buy' },
        { column: 51, value: candles[51]!.high, side: 'sell' },
        { column: 66, value: last, side: 'sell' },
      ],
    })
  },
  beginning: () => {
    const candles = walk(3, { start: 63_250, move: 0.003, volume: 12 })
    const last = candles.at(-1)!.close
    return drawCandles({
      title: 'BTC-USD · 1h',
      headline: { text: money(last), move: { text: '-0.12%', isUp: false } },
      note: 'Nov 20, 11:00 – Nov 20, 13:00 · UTC',
      times: [11, 12, 13].map((hour) => new Date(`2026-11-20T${hour}:00:00Z`)),
      timeZone: 'UTC',
      candles,
      lines: [{ name: 'VWAP', values: closes(candles) }],
      levels: [
        { ...looks.last, value: last, text: money(last) },
        { ...looks.entry, value: last, text: money(last) },
      ],
      marks: [{ column: 3, value: last, side: 'buy' }],
    })
  },
  still: () => {
    const candles = Array.from({ length: 40 }, () => ({ open: 1.01, high: 1.01, low: 1.01, close: 1.01, volume: 0 }))
    return drawCandles({
      title: 'A symbol with a name that is much too long for the room beside its price',
      headline: { text: '$1.01' },
      times: sessions(40, 1),
      timeZone,
      candles,
      levels: [{ ...looks.last, value: 1.01, text: '$1.01' }],
    })
  },
  sessions: () => {
    const finished = walk(66, { start: 118, move: 0.004, volume: 900_000 })
    const last = finished.at(-1)!.close
    const underWay = { open: last, high: last * 1.002, low: last * 0.994, close: last * 0.995, volume: 400_000 }
    const candles = [...finished, { ...underWay, isUnfinished: true }]
    return drawCandles({
      title: 'AMD · 5m',
      headline: { text: money(last), move: { text: '-0.84%', isUp: false } },
      note: 'Nov 19, 2026, 14:10 – Nov 20, 2026, 13:05 · New York time · dashed: not over',
      times: sessions(100).slice(0, 67),
      timeZone,
      candles,
      // The first session's average comes from far above.
      lines: [
        {
          name: 'VWAP',
          values: [
            ...mean(closes(finished), 1).map((value, index) => (index < 22 ? value! * 1.1 : value! * 1.003)),
            undefined,
          ],
          breaks: [22],
        },
      ],
      levels: [
        { ...looks.last, value: last, text: money(last) },
        { ...looks.stop, value: 99, text: '$99.00' },
      ],
    })
  },
  rsi: () => {
    const candles = walk(80, { start: 118, move: 0.01 })
    const values = candles.map((_, index) => (index < 14 ? undefined : 52 + 30 * Math.sin(index / 6)))
    return drawLines({
      title: 'AMD · RSI',
      headline: { text: '82.0' },
      note: '1d · Aug 3 – Nov 20, 2026',
      times: days(80),
      timeZone,
      candles,
      name: 'RSI 14',
      lines: [{ name: 'RSI', values, text: '82.0' }],
      guides: [30, 50, 70],
      zone: { from: 30, to: 70 },
      range: [0, 100],
    })
  },
  macd: () => {
    const candles = walk(80, { start: 118, move: 0.01 })
    const macd = candles.map((_, index) => (index < 25 ? undefined : 1.4 * Math.sin(index / 7)))
    const signal = candles.map((_, index) => (index < 33 ? undefined : 1.2 * Math.sin((index - 4) / 7)))
    return drawLines({
      title: 'AMD · MACD',
      times: days(80),
      timeZone,
      candles,
      name: 'MACD 12 26 9',
      lines: [
        { name: 'MACD', values: macd, text: '$-1.34' },
        { name: 'Signal', values: signal, text: '$-1.16', colour: 'second' },
      ],
      histogram: candles.map((_, index) => (index < 33 ? undefined : macd[index]! - signal[index]!)),
    })
  },
  rvol: () => {
    const candles = walk(80, { start: 118, move: 0.01 })
    return drawBars({
      title: 'AMD · relative volume',
      headline: { text: '1.8×' },
      times: sessions(80),
      timeZone,
      candles,
      name: 'RVOL',
      bars: candles.map(({ volume }) => volume / 60_000),
      guide: { value: 1, text: '1×', name: 'usual', colour: 'average', dash: [4, 3] },
    })
  },
  profile: () => {
    const candles = walk(78, { start: 118, move: 0.006 })
    const low = Math.min(...candles.map((candle) => candle.low))
    const high = Math.max(...candles.map((candle) => candle.high))
    const step = (high - low) / 24
    const buckets = Array.from({ length: 24 }, (_, index) => ({
      low: low + index * step,
      high: low + (index + 1) * step,
      volume: 20_000 + 90_000 * Math.exp(-(((index - 9) / 5) ** 2)) + 40_000 * Math.exp(-(((index - 18) / 2) ** 2)),
    }))
    const at = (index: number) => ({ value: low + (index + 0.5) * step, text: money(low + (index + 0.5) * step) })
    return drawProfile({
      title: 'AMD · volume profile',
      note: 'Nov 20, 2026 · 5m bars',
      times: sessions(78),
      timeZone,
      candles,
      buckets,
      pointOfControl: at(9),
      valueArea: { low: at(4), high: at(14) },
    })
  },
  levels: () => {
    const candles = walk(90, { start: 118, move: 0.012 })
    const last = candles.at(-1)!.close
    const level = (name: string, value: number, look: 'support' | 'resistance') => ({
      ...looks[look],
      name,
      value,
      text: money(value),
    })
    return drawLevels({
      title: 'AMD · levels',
      times: days(90),
      timeZone,
      candles,
      levels: [
        { ...looks.last, value: last, text: money(last) },
        level('R1', last * 1.02, 'resistance'),
        level('R2', last * 1.024, 'resistance'),
        level('S1', last * 0.99, 'support'),
        level('Support 6×', last * 0.97, 'support'),
      ],
    })
  },
  equity: () => {
    const total = Array.from({ length: 90 }, (_, index) => index * 12 + 420 * Math.sin(index / 8) - 60)
    return drawEquity({
      title: 'Equity and P&L',
      headline: { text: '$100,876.12', move: { text: '+0.88%', isUp: true } },
      note: 'Nov 2 – Nov 20, 2026 · New York',
      times: sessions(90, 15),
      timeZone,
      equity: { values: total.map((value) => 100_000 + value), text: '$100,876.12' },
      start: { value: 100_000, text: '$100,000.00' },
      total: { values: total, text: '$+876.12' },
      realized: { values: total.map((_, index) => Math.floor(index / 18) * 140), text: '$+560.00' },
    })
  },
  backtest: () => {
    const equity = Array.from({ length: 120 }, (_, at) => 10_000 + at * 22 + 900 * Math.sin(at / 9))
    const held = Array.from({ length: 120 }, (_, at) => 10_000 + at * 14 + 1500 * Math.sin(at / 14))
    const fallsOf = (values: number[]) =>
      values.map((value, at) => 100 * (value / Math.max(...values.slice(0, at + 1)) - 1))
    const drawdowns = fallsOf(equity)
    return drawBacktest({
      title: 'bracket · BYND, AAPL and 2 more',
      headline: { text: '+27.54%', move: { text: 'against +25.10%', isUp: true } },
      note: '2017-06-01 to 2017-11-20 · 6 trades · simulated prices',
      times: days(120),
      timeZone: 'UTC',
      start: { value: 10_000, text: '$10,000.00' },
      lines: [
        { name: 'Strategy', values: equity, colour: 'up', text: '+27.54%' },
        { name: 'Buy and hold', values: held, colour: 'average', dash: [5, 3], text: '+25.10%' },
      ],
      drawdowns: [{ values: drawdowns, colour: 'down', text: '-8.13%', at: Math.min(...drawdowns) }],
      marks: [8, 20, 45, 60, 84, 101].map((column, nth) => ({
        ...{ column, value: equity[column]! },
        side: nth % 2 === 0 ? ('buy' as const) : ('sell' as const),
      })),
    })
  },
  ladder: () => {
    const rung = (side: 'buy' | 'sell', price: string, size: number) => ({
      ...{ side, size, price, text: size.toLocaleString('en-US') },
    })
    return drawLadder({
      title: 'BYND · book',
      headline: { text: '$0.62 | $0.63' },
      note: 'Nov 20, 2026, 10:00 · New York',
      rungs: [
        rung('sell', '$0.68', 12_000),
        rung('sell', '$0.66', 3000),
        rung('sell', '$0.65', 8200),
        rung('sell', '$0.64', 5000),
        rung('sell', '$0.63', 100),
        rung('buy', '$0.62', 2400),
        rung('buy', '$0.61', 9900),
        rung('buy', '$0.60', 15_500),
        rung('buy', '$0.59', 700),
        rung('buy', '$0.55', 4000),
      ],
    })
  },
}
