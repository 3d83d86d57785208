import {
  type AutoscaleInfo,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IPriceLine,
  LineSeries,
  LineStyle,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { Bar } from '../../api/contract/market.ts'
import type { Fill } from '../../api/contract/orders.ts'
import type { Position, Price } from '../../api/contract/positions.ts'
import { barTimes } from '../words/bar-times.ts'
import { fillMarks } from '../words/fill-marks.ts'
import { resolved } from './resolved-colour.ts'

/** A drawn chart. */
export interface Candles {
  /** Shows bars, and the VWAP beside each. */
  setBars(bars: Bar[], vwap: (string | null | undefined)[]): void
  /** Moves the unfinished bar to a new price. */
  tick(price: Price): void
  /** Is the last price the present one? Its tag has a colour only then. */
  setFresh(isFresh: boolean): void
  /** Shows entry, stop and target; the two of protection can be dragged when `moves`. */
  setLevels(position: Position | undefined, moves: boolean): void
  setFills(fills: Fill[]): void
  end(): void
}

export interface CandlesOptions {
  /** The length of a bar in minutes of the market. */
  minutes: number
  /** The length of a bar on the desk's clock, in seconds. */
  seconds: number
  /** The member's time zone. */
  zone: string
  /** The member has dragged a level to a price in dollars, as text. */
  onMove(kind: 'stop' | 'target', to: string): void
}

/** How near to a level, in pixels, a press has to be to take it. */
const reach = 8

/** Draws candles, volume, VWAP, levels and fills into an element. */
export function drawCandles(into: HTMLElement, { minutes, seconds, zone, onMove }: CandlesOptions): Candles {
  const styles = getComputedStyle(into)
  const color = (name: string) => resolved(into, styles.getPropertyValue(`--${name}`).trim())
  /** The dates of bars that are days, by their stamps. */
  const names = new Map<number, string>()
  const options = { minutes, zone, now: Date.now(), hasSeconds: seconds < 60 }
  const { stampOf, tick, full } = barTimes(options, (stamp) => names.get(stamp))
  const stamp = (at: string) => stampOf(at) as UTCTimestamp
  const chart = createChart(into, {
    autoSize: true,
    layout: {
      background: { color: 'transparent' },
      textColor: color('quiet'),
      fontFamily: styles.fontFamily,
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: color('line') } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.22 } },
    timeScale: {
      borderVisible: false,
      timeVisible: minutes < 1440,
      tickMarkFormatter: (at: Time, kind: TickMarkType) => tick(Number(at), kind <= TickMarkType.DayOfMonth),
    },
    localization: { timeFormatter: (at: Time) => full(Number(at)) },
    crosshair: { mode: 0 },
  })
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: color('up'),
    borderUpColor: color('up'),
    wickUpColor: color('up'),
    downColor: color('down'),
    borderDownColor: color('down'),
    wickDownColor: color('down'),
  })
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  })
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } })
  const vwap = chart.addSeries(LineSeries, {
    color: color('accent'),
    lineWidth: 1,
    lastValueVisible: false,
    priceLineVisible: false,
    title: 'VWAP',
  })
  const markers = createSeriesMarkers(candles, [])
  const lines = new Map<string, { line: IPriceLine; at: number }>()
  let levels: { kind: 'stop' | 'target'; price: number }[] = []
  let canMove = false
  let last: { time: UTCTimestamp; open: number; high: number; low: number; close: number } | undefined
  let times: UTCTimestamp[] = []
  let digits = 2
  let isFitted = false

  const level = (kind: string, at: number | undefined, name: string, isSolid: boolean) => {
    const before = lines.get(kind)
    // A line that is being dragged stays with the pointer while its level does not change.
    if (before?.at === at) return
    if (before) candles.removePriceLine(before.line)
    lines.delete(kind)
    if (at === undefined) return
    const line = candles.createPriceLine({
      price: at,
      color: color(kind === 'entry' ? 'quiet' : kind.startsWith('stop') ? 'down' : 'up'),
      lineStyle: isSolid ? LineStyle.Solid : LineStyle.Dashed,
      lineWidth: 1,
      axisLabelVisible: true,
      title: name,
    })
    lines.set(kind, { line, at })
  }

  /** The range of prices with the levels in it that are near: one that is far away would press the candles flat. */
  const withLevels = (own: AutoscaleInfo | null): AutoscaleInfo | null => {
    if (!own?.priceRange) return own
    const { minValue, maxValue } = own.priceRange
    const reaches = 2 * (maxValue - minValue)
    const near = [...lines.values()]
      .map(({ at }) => at)
      .filter((at) => at >= minValue - reaches && at <= maxValue + reaches)
    return {
      ...own,
      priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) },
    }
  }

  candles.applyOptions({ autoscaleInfoProvider: (own: () => AutoscaleInfo | null) => withLevels(own()) })

  // A level is dragged with the pointer; the dialog that follows takes the price by keyboard, too.
  let dragged: { kind: 'stop' | 'target'; price: number } | undefined
  const priceAt = (event: PointerEvent) => candles.coordinateToPrice(event.clientY - into.getBoundingClientRect().top)
  const near = (event: PointerEvent) => {
    const y = event.clientY - into.getBoundingClientRect().top
    return levels.find(({ price }) => Math.abs((candles.priceToCoordinate(price) ?? -1000) - y) <= reach)
  }
  const take = (event: PointerEvent) => {
    const found = canMove ? near(event) : undefined
    if (!found) return
    dragged = { ...found }
    into.setPointerCapture(event.pointerId)
    event.stopPropagation()
    event.preventDefault()
    chart.applyOptions({ handleScroll: false, handleScale: false })
  }
  const drag = (event: PointerEvent) => {
    into.classList.toggle('grabs', canMove && (dragged !== undefined || near(event) !== undefined))
    const to = dragged && priceAt(event)
    if (!dragged || to === null || to === undefined || to <= 0) return
    dragged.price = to
    lines.get(dragged.kind)?.line.applyOptions({ price: to, title: `${dragged.kind} to` })
  }
  const giveUp = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !dragged) return
    event.stopPropagation()
    letGo(dragged.kind)
  }
  /** The line goes back: it moves when the desk has moved the level. */
  const letGo = (kind: string) => {
    dragged = undefined
    chart.applyOptions({ handleScroll: true, handleScale: true })
    const there = lines.get(kind)
    there?.line.applyOptions({ price: there.at, title: kind })
  }
  const lose = () => {
    if (dragged) letGo(dragged.kind)
  }
  const drop = () => {
    if (!dragged) return
    const { kind, price } = dragged
    letGo(kind)
    onMove(kind, price.toFixed(digits))
  }
  into.addEventListener('pointerdown', take, true)
  into.addEventListener('pointermove', drag)
  into.addEventListener('pointerup', drop)
  into.addEventListener('pointercancel', lose)
  document.addEventListener('keydown', giveUp, true)

  return {
    setBars(bars, averages) {
      digits = Math.max(2, ...bars.slice(-20).map(({ close }) => close.split('.')[1]?.length ?? 0))
      candles.applyOptions({
        priceFormat: { type: 'price', precision: Math.min(digits, 6), minMove: 10 ** -Math.min(digits, 6) },
      })
      const all = bars.map(({ clockAt, open, high, low, close }) => ({
        time: stamp(clockAt),
        ...{ open: Number(open), high: Number(high), low: Number(low), close: Number(close) },
      }))
      names.clear()
      for (const bar of bars) names.set(stamp(bar.clockAt), bar.at)
      candles.setData(all)
      volume.setData(
        bars.map((bar, index) => ({
          time: stamp(bar.clockAt),
          value: Number(bar.volume),
          color: color(all[index]!.close >= all[index]!.open ? 'up-soft' : 'down-soft'),
        })),
      )
      vwap.setData(
        bars.map(({ clockAt }, index) => {
          const value = averages[index]
          return value ? { time: stamp(clockAt), value: Number(value) } : { time: stamp(clockAt) }
        }),
      )
      times = all.map(({ time }) => time)
      last = all.at(-1)
      if (!isFitted && all.length > 0) {
        chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, all.length - 90), to: all.length + 4 })
        isFitted = true
      }
    },
    tick({ last: text, at }) {
      if (!last) return
      const now = Number(text)
      const begins = (last.time + Math.floor((stamp(at) - last.time) / seconds) * seconds) as UTCTimestamp
      if (begins < last.time) return
      last =
        begins === last.time
          ? { ...last, high: Math.max(last.high, now), low: Math.min(last.low, now), close: now }
          : { time: begins, open: now, high: now, low: now, close: now }
      candles.update(last)
    },
    setFresh(isFresh) {
      candles.applyOptions({ priceLineColor: isFresh ? '' : color('quiet') })
    },
    setLevels(position, moves) {
      canMove = moves && position !== undefined
      levels = []
      if (position?.stop) levels.push({ kind: 'stop', price: Number(position.stop.price) })
      if (position?.target) levels.push({ kind: 'target', price: Number(position.target.price) })
      level('entry', position && Number(position.averageEntryPrice), 'entry', false)
      level('stop', position?.stop ? Number(position.stop.price) : undefined, 'stop', true)
      level('target', position?.target ? Number(position.target.price) : undefined, 'target', true)
      const parts = position?.partLevels ?? []
      for (const name of lines.keys()) {
        if (name.includes(' ') && !parts.some((part) => nameOf(part) === name)) level(name, undefined, '', false)
      }
      for (const part of parts) level(nameOf(part), Number(part.price), nameOf(part), false)
    },
    setFills(fills) {
      const marks = fillMarks(fills, times, stamp).map(({ time, side, text }) => ({
        time: time as UTCTimestamp,
        position: side === 'buy' ? ('belowBar' as const) : ('aboveBar' as const),
        shape: side === 'buy' ? ('arrowUp' as const) : ('arrowDown' as const),
        color: color(side === 'buy' ? 'up' : 'down'),
        text,
      }))
      markers.setMarkers(marks)
    },
    end() {
      into.removeEventListener('pointerdown', take, true)
      into.removeEventListener('pointermove', drag)
      into.removeEventListener('pointerup', drop)
      into.removeEventListener('pointercancel', lose)
      document.removeEventListener('keydown', giveUp, true)
      chart.remove()
    },
  }
}

/** The name of a level for a part: `target for 937 at 1.3`. */
const nameOf = ({ kind, price, quantity }: Position['partLevels'][number]) => `${kind} for ${quantity} at ${price}`
