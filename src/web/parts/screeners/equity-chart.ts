import {
  BaselineSeries,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  LineSeries,
  LineStyle,
} from 'lightweight-charts'
import type { BacktestCurves, BacktestTrade } from '../../../api/contract/backtests.ts'
import { resolved } from '../resolved-colour.ts'

/** Trades that are marked: with more, marks would cover the curve. */
const mostMarked = 200

/** Draws equity beside buy-and-hold with the trades on it, and the drawdown below. Returns a function that takes both away. */
export function drawEquity(
  equityInto: HTMLElement,
  drawdownInto: HTMLElement,
  { days, equity, buy_and_hold: held, drawdown_pct: drawdown }: BacktestCurves,
  trades: readonly BacktestTrade[],
): () => void {
  const styles = getComputedStyle(equityInto)
  const colour = (name: string) => resolved(equityInto, styles.getPropertyValue(`--${name}`).trim())
  const create = (into: HTMLElement): IChartApi =>
    createChart(into, {
      autoSize: true,
      layout: {
        background: { color: 'transparent' },
        textColor: colour('quiet'),
        fontFamily: styles.fontFamily,
        attributionLogo: false,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: colour('line') } },
      rightPriceScale: { borderVisible: false, minimumWidth: 76 },
      timeScale: { borderVisible: false },
      crosshair: { mode: 0 },
    })
  const points = (values: readonly number[]) => days.map((time, at) => ({ time, value: values[at]! }))
  const above = create(equityInto)
  const quiet = { lastValueVisible: true, priceLineVisible: false } as const
  const holding = above.addSeries(LineSeries, {
    ...{ ...quiet, color: colour('warn'), lineWidth: 1, lineStyle: LineStyle.Dashed, title: 'Buy and hold' },
  })
  holding.setData(points(held))
  const own = above.addSeries(LineSeries, { ...quiet, color: colour('accent'), lineWidth: 2, title: 'Strategy' })
  own.setData(points(equity))
  if (trades.length <= mostMarked) createSeriesMarkers(own, marksOf(trades, colour))
  const below = create(drawdownInto)
  const [line, area] = [colour('down'), colour('down-soft')]
  const falls = below.addSeries(BaselineSeries, {
    ...{ ...quiet, lineWidth: 1, baseValue: { type: 'price', price: 0 } },
    ...{ topLineColor: line, bottomLineColor: line, bottomFillColor1: area, bottomFillColor2: area },
    priceFormat: { type: 'custom', formatter: (value: number) => `${value.toFixed(1)}%`, minMove: 0.01 },
  })
  falls.setData(points(drawdown))
  for (const chart of [above, below]) chart.timeScale().fitContent()
  // One moves with the other, so that a fall stands below its curve.
  const follow = (from: IChartApi, to: IChartApi) =>
    from.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      const now = to.timeScale().getVisibleLogicalRange()
      if (range && (now?.from !== range.from || now.to !== range.to)) to.timeScale().setVisibleLogicalRange(range)
    })
  follow(above, below)
  follow(below, above)
  return () => {
    above.remove()
    below.remove()
  }
}

function marksOf(trades: readonly BacktestTrade[], colour: (name: string) => string) {
  return trades
    .flatMap(({ side, entry_day: entry, exit_day: exit }) => [
      { time: entry, isBuy: side === 'long' },
      { time: exit, isBuy: side !== 'long' },
    ])
    .toSorted((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0))
    .map(({ time, isBuy }) => ({
      time,
      position: isBuy ? ('belowBar' as const) : ('aboveBar' as const),
      shape: isBuy ? ('arrowUp' as const) : ('arrowDown' as const),
      color: colour(isBuy ? 'up' : 'down'),
      size: 0.6,
    }))
}
