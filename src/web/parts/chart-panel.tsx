import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Bar } from '../../api/contract/market.ts'
import { dialog } from '../state/asking.ts'
import { call } from '../state/call.ts'
import { barMinutes, chart } from '../state/chart.ts'
import { book, positions } from '../state/desk.ts'
import { isLive } from '../state/line.ts'
import { mayTrade, zone } from '../state/session.ts'
import { price, units } from '../words/money.ts'
import { minute, whole } from '../words/time.ts'
import type { Candles } from './candles.ts'

const lengths = [1, 5, 15, 60, 1440]
const bars = 200
/** Finished bars come at most this much later, in milliseconds. */
const readMs = 20_000

/** The live chart of a symbol: candles, volume, VWAP, levels and fills. The library is loaded when one is first shown. */
export function ChartPanel() {
  const symbol = chart.value ?? positions.value?.[0]?.symbol
  return (
    <section class="panel chart-panel" id="chart" aria-labelledby="chart-title">
      <div class="panel-head">
        <h2 id="chart-title">Chart{symbol ? ` of ${symbol}` : ''}</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const input = event.currentTarget.elements.namedItem('symbol') as HTMLInputElement
            if (input.value.trim()) chart.value = input.value.trim().toUpperCase()
            input.value = ''
          }}
        >
          <label class="hidden" for="chart-symbol">
            Another symbol
          </label>
          <input id="chart-symbol" name="symbol" size={8} maxLength={32} placeholder="Symbol" autocomplete="off" />
        </form>
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
      {symbol ? <Chart key={`${symbol} ${barMinutes.value}`} symbol={symbol} minutes={barMinutes.value} /> : null}
      {!symbol && <p class="quiet">Type a symbol, or press one of a position.</p>}
    </section>
  )
}

function Chart({ symbol, minutes }: { symbol: string; minutes: number }) {
  const canvas = useRef<HTMLDivElement>(null)
  const drawn = useSignal<Candles | undefined>(undefined)
  const shown = useSignal<Bar[]>([])
  const trouble = useSignal<string | undefined>(undefined)

  useEffect(() => {
    let isOver = false
    let candles: Candles | undefined
    async function read() {
      try {
        const [found, { values, at }] = await Promise.all([
          call('bars', { query: { symbol, minutes, count: bars } }),
          call('indicators', { query: { symbol, minutes, count: bars, names: 'vwap' } }),
        ])
        if (isOver) return
        shown.value = found.items
        trouble.value = found.items.length === 0 ? 'There are no bars of this length yet.' : undefined
        candles?.setBars(
          found.items,
          at.map((moment, index) => ({ at: moment, value: values.vwap?.[index] ?? null })),
        )
      } catch (cause) {
        if (!isOver) trouble.value = cause instanceof Error ? cause.message : String(cause)
      }
    }
    void import('./candles.ts').then(({ drawCandles }) => {
      if (isOver || !canvas.current) return
      candles = drawCandles(canvas.current, {
        minutes,
        zone: zone.value,
        onMove: (kind, to) => dialog({ kind, symbol, price: to }),
      })
      drawn.value = candles
      void read()
    })
    const timer = setInterval(() => !document.hidden && void read(), readMs)
    return () => {
      isOver = true
      clearInterval(timer)
      candles?.end()
    }
  }, [symbol, minutes])

  const position = positions.value?.find((one) => one.symbol === symbol)
  const quote = book.value?.quotes.value.get(symbol) ?? position?.price ?? undefined
  const fills = book.value?.fills.value
  useEffect(() => {
    if (quote && isLive.value) drawn.value?.tick(quote)
  }, [quote, drawn.value])
  useEffect(() => {
    drawn.value?.setLevels(position, mayTrade.value)
  }, [position?.stop?.price, position?.target?.price, position?.averageEntryPrice, drawn.value, mayTrade.value])
  useEffect(() => {
    drawn.value?.setFills(fills?.filter((fill) => fill.symbol === symbol) ?? [])
  }, [fills, drawn.value, shown.value])

  return (
    <>
      <div class="canvas" ref={canvas} aria-hidden="true" />
      {trouble.value && (
        <p class="failed" role="status">
          {trouble.value}
        </p>
      )}
      <details class="table-beside">
        <summary>The same as a table</summary>
        <div class="scrolls" tabIndex={0} role="region" aria-label={`Bars of ${symbol}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Begins</th>
                {['Open', 'High', 'Low', 'Close', 'Volume'].map((name) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.value
                .slice(-40)
                .toReversed()
                .map((bar) => (
                  <tr key={bar.at}>
                    <td>{minutes >= 1440 ? whole(bar.at) : minute(bar.at)}</td>
                    {[bar.open, bar.high, bar.low, bar.close].map((value, index) => (
                      <td key={index} class="number">
                        {price(value)}
                      </td>
                    ))}
                    <td class="number">{units(bar.volume)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </details>
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
