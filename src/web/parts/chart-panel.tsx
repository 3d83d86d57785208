import { useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Bar } from '../../api/contract/market.ts'
import { dialog } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { barMinutes, charted } from '../state/chart.ts'
import { book, positions, priceOf } from '../state/desk.ts'
import { isLive } from '../state/line.ts'
import { mayTrade, timeScale, zone } from '../state/session.ts'
import { BarTable } from './bar-table.tsx'
import type { Candles } from './candles.ts'
import { SymbolBox } from './symbol-box.tsx'

const lengths = [1, 5, 15, 60, 1440]
const bars = 200
/** Finished bars come at most this much later, in milliseconds. */
const readMs = 20_000

/** The live chart of a symbol: candles, volume, VWAP, levels and fills. The library is loaded when one is first shown. */
export function ChartPanel() {
  const symbol = charted.value
  return (
    <section class="panel chart-panel" id="chart" aria-labelledby="chart-title">
      <div class="panel-head">
        <h2 id="chart-title">Chart{symbol ? ` of ${symbol}` : ''}</h2>
        <SymbolBox />
        <div class="lengths" role="group" aria-label="Length of a bar">
          {lengths.map((minutes) => (
            <button
              key={minutes}
              type="button"
              aria-pressed={barMinutes.value === minutes}
              onClick={() => {
                barMinutes.value = minutes
              }}
            >
              {minutes === 1440 ? '1 d' : minutes === 60 ? '1 h' : `${minutes} m`}
            </button>
          ))}
        </div>
      </div>
      {symbol ? (
        <Chart key={`${symbol} ${barMinutes.value} ${zone.value}`} symbol={symbol} minutes={barMinutes.value} />
      ) : null}
      {!symbol && <p class="quiet">Type a symbol, or press one of a position.</p>}
    </section>
  )
}

/** The chart of a symbol with bars of one length. */
export function Chart({ symbol, minutes }: { symbol: string; minutes: number }) {
  const canvas = useRef<HTMLDivElement>(null)
  const drawn = useSignal<Candles | undefined>(undefined)
  const shown = useSignal<Bar[]>([])
  const currency = useSignal('USD')
  const isInView = useSignal(false)
  const trouble = useSignal<string | undefined>(undefined)

  useEffect(() => {
    let isOver = false
    let candles: Candles | undefined
    async function read() {
      try {
        const [found, { values, at }] = await Promise.all([
          call('bars', { query: { symbol, minutes, count: bars } }),
          // It begins anew each day, so over whole days it says nothing.
          minutes < 1440
            ? call('indicators', { query: { symbol, minutes, count: bars, names: 'vwap' } })
            : { values: { vwap: [] }, at: [] },
        ])
        if (isOver) return
        trouble.value = found.items.length === 0 ? 'There are no bars of this length yet.' : undefined
        const vwap = new Map(at.map((moment, index) => [moment, values.vwap?.[index]]))
        candles?.setBars(
          found.items,
          found.items.map((bar) => vwap.get(bar.at)),
        )
        // The newest price and fills stand on the bars, and are drawn anew after them.
        currency.value = found.currency
        shown.value = found.items
      } catch (cause) {
        if (!isOver) trouble.value = cause instanceof Error ? cause.message : String(cause)
      }
    }
    void import('./candles.ts').then(({ drawCandles }) => {
      if (isOver || !canvas.current) return
      candles = drawCandles(canvas.current, {
        minutes,
        seconds: (minutes * 60) / timeScale.value,
        zone: zone.value,
        onMove: (kind, to) => dialog({ kind, symbol, price: to }),
      })
      drawn.value = candles
      void read()
    })
    const timer = setInterval(() => !document.hidden && void read(), readMs)
    const watch = new IntersectionObserver(([entry]) => {
      isInView.value = entry!.isIntersecting
    })
    watch.observe(canvas.current!)
    return () => {
      isOver = true
      clearInterval(timer)
      watch.disconnect()
      candles?.end()
    }
  }, [symbol, minutes])

  const position = useComputed(() => positions.value?.find((one) => one.symbol === symbol))
  const quote = useComputed(() => priceOf(symbol))
  const fills = useComputed(() => book.value?.fills.value?.filter((fill) => fill.symbol === symbol) ?? [])
  // A chart that nobody sees is not drawn; it has the newest price when it is seen.
  useSignalEffect(() => {
    if (shown.value.length > 0 && quote.value && isLive.value && isInView.value) drawn.value?.tick(quote.value)
  })
  useSignalEffect(() => {
    drawn.value?.setFresh(isLive.value && quote.value !== undefined && quote.value.stale === null)
  })
  useSignalEffect(() => {
    drawn.value?.setLevels(position.value, mayTrade.value)
  })
  useSignalEffect(() => {
    if (shown.value.length > 0) drawn.value?.setFills(fills.value)
  })

  return (
    <>
      <div class="canvas" ref={canvas} aria-hidden="true" />
      {trouble.value && (
        <p class="failed" role="status">
          {trouble.value}
        </p>
      )}
      <BarTable symbol={symbol} minutes={minutes} bars={shown.value} currency={currency.value} />
      {timeScale.value !== 1 && (
        <p class="quiet small">
          A simulated market in fast motion: {timeScale.value} minutes of it pass in one of the clock. All times here
          are those of the clock.
        </p>
      )}
      <p class="quiet small credit">
        Charts by{' '}
        <a href="https://www.tradingview.com/" rel="noreferrer" target="_blank">
          TradingView Lightweight Charts™
        </a>{' '}
        (Apache License 2.0). Drag the stop or the target to move it; the desk asks first.
      </p>
    </>
  )
}
