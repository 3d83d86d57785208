import { computed, signal, untracked } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Bar } from '../../api/contract/market.ts'
import type { Fill } from '../../api/contract/orders.ts'
import { call } from '../state/call.ts'
import { charted } from '../state/chart.ts'
import { second } from '../state/clock.ts'
import { book, priceOf } from '../state/desk.ts'
import { isLive } from '../state/line.ts'
import { timeScale } from '../state/session.ts'
import { pointsWithin } from '../words/day-path.ts'
import { lookOf } from '../words/events.ts'
import { gain, price, units } from '../words/money.ts'
import { minute, time } from '../words/time.ts'

/** Something on the time axis. */
interface Mark {
  id: string
  at: number
  lane: 'Fills' | 'Alerts' | 'Decisions'
  /** Null for what concerns the whole account. */
  symbol: string | null
  tone: 'up' | 'down' | 'plain' | 'guard'
  text: string
}

const lanes = ['Fills', 'Alerts', 'Decisions'] as const
/** The width of the axis, in pixels. */
const width = signal(1000)
const priceHeight = 90
const laneHeight = 26
const hour = 3_600_000
const shortest = 10 * 60_000
/** The length of a bar of the price line, in minutes of the market. */
const minutes = computed(() => Math.min(1440, Math.round(5 * timeScale.value)))

/** The part of the day that is shown: its length in milliseconds, and the time between its end and the present. */
const span = signal(24 * hour)
const back = signal(0)
/** Marks of all symbols are shown, and the price of none. */
const isOfAll = signal(false)
const prices = signal<{ symbol: string; bars: Bar[] } | undefined>(undefined)

/** The end of the axis. It moves by a pixel at a time: a shorter step is not seen. */
const end = computed(() => {
  const pixel = Math.max(1000, span.value / width.value)
  return (Math.floor(second.value / pixel) + 1) * pixel - back.value
})

const marks = computed<Mark[]>(() => {
  const { fills, events, decisions } = book.value ?? {}
  return [
    ...(fills?.value ?? []).map(
      ({ id, at, side, symbol, quantity, price: paid, realizedPnl, purpose }): Mark => ({
        id: `f${id}`,
        at: Date.parse(at),
        lane: 'Fills',
        symbol,
        tone: side === 'buy' ? 'up' : 'down',
        text: `${fillWords(side, purpose)} ${units(quantity)} ${symbol} @ ${price(paid)}, ${gain(realizedPnl)}`,
      }),
    ),
    ...(events?.value ?? [])
      .filter((event) => lookOf(event).kind === 'guard' || lookOf(event).kind === 'trouble')
      .map(
        ({ id, at, text, urgency, symbol }): Mark => ({
          id,
          at: Date.parse(at),
          lane: 'Alerts',
          symbol,
          tone: urgency === 'CRITICAL' ? 'down' : 'plain',
          text,
        }),
      ),
    ...(decisions?.value ?? []).map(
      ({ id, decidedAt, symbol, action, state }): Mark => ({
        id: `d${id}`,
        at: Date.parse(decidedAt),
        lane: 'Decisions',
        symbol,
        tone: 'guard',
        text: `${symbol}: ${action.replace('_', ' ')}, ${state}`,
      }),
    ),
  ]
})

/** A record is what the member has done elsewhere: the desk sent no order. */
function fillWords(side: Fill['side'], purpose: Fill['purpose']): string {
  if (purpose === 'record') return side === 'buy' ? 'Recorded: bought' : 'Recorded: sold'
  return side === 'buy' ? 'Bought' : 'Sold'
}

const inView = computed(() => {
  const from = end.value - span.value
  // Below the price of one symbol stands what concerns it.
  const isMeant = ({ symbol }: Mark) => isOfAll.value || symbol === null || symbol === charted.value
  return marks.value
    .filter((mark) => mark.at >= from && mark.at <= end.value && isMeant(mark))
    .toSorted((one, other) => one.at - other.at)
})

/** The day on a time axis: fills, alerts and decisions below the price. */
export function Timeline() {
  const symbol = charted.value
  useEffect(() => {
    prices.value = undefined
    if (!symbol) return
    let isOver = false
    const read = () =>
      call('bars', { query: { symbol, minutes: minutes.value, count: 300 } })
        .then(({ items }) => {
          if (!isOver) prices.value = { symbol, bars: items }
        })
        .catch(() => {}) // The axis is useful without the price, and the chart tells of the trouble.
    void read()
    const timer = setInterval(() => !document.hidden && void read(), 60_000)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [symbol])

  return (
    <section class="panel timeline" aria-labelledby="timeline-title">
      <div class="panel-head">
        <h2 id="timeline-title">The day{symbol && !isOfAll.value ? ` of ${symbol}` : ''}</h2>
        <button
          type="button"
          aria-pressed={isOfAll.value}
          onClick={() => {
            isOfAll.value = !isOfAll.value
          }}
        >
          All symbols
        </button>
        <div class="lengths" role="group" aria-label="Part of the day">
          <button type="button" onClick={() => zoom(0.5)}>
            <span aria-hidden="true">+</span>
            <span class="hidden">Closer</span>
          </button>
          <button type="button" onClick={() => zoom(2)}>
            <span aria-hidden="true">−</span>
            <span class="hidden">Farther</span>
          </button>
          <button type="button" onClick={() => move(span.value / 2)}>
            <span aria-hidden="true">←</span>
            <span class="hidden">Earlier</span>
          </button>
          <button type="button" disabled={back.value === 0} onClick={() => move(-span.value / 2)}>
            <span aria-hidden="true">→</span>
            <span class="hidden">Later</span>
          </button>
        </div>
      </div>
      <Axis />
      <details class="table-beside">
        <summary>The same as a list ({inView.value.length})</summary>
        <ul class="plain-list">
          {inView.value.toReversed().map(({ id, at, lane, text }) => (
            <li key={id}>
              <time>{time(at)}</time> <span class="quiet">{lane}</span> {text}
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

function Axis() {
  const view = useRef<SVGSVGElement>(null)
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      width.value = entry!.contentRect.width
    })
    watch.observe(view.current!)
    return () => watch.disconnect()
  }, [])
  const from = end.value - span.value
  // A mark at the present moment is whole.
  const x = (at: number) => ((at - from) / span.value) * (width.value - 8)
  const pieces = Math.max(3, Math.floor(width.value / 110))
  const ticks = Array.from({ length: pieces + 1 }, (_, index) => from + (index / pieces) * span.value)
  const height = priceHeight + lanes.length * laneHeight
  return (
    <svg
      class="axis"
      ref={view}
      viewBox={`0 0 ${width.value} ${height + 18}`}
      aria-hidden="true"
      onWheel={(event) => {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        zoom(event.deltaY > 0 ? 1.25 : 0.8)
      }}
    >
      <path class="price-path" d={pathOf(from, x)} />
      {lanes.map((lane, index) => (
        <line
          key={lane}
          class="lane"
          x1="0"
          x2={width.value}
          y1={priceHeight + (index + 0.5) * laneHeight}
          y2={priceHeight + (index + 0.5) * laneHeight}
        />
      ))}
      {inView.value.map(({ id, at, lane, tone, text }) => (
        <circle
          key={id}
          class={`mark ${tone}`}
          cx={x(at)}
          cy={priceHeight + (lanes.indexOf(lane) + 0.5) * laneHeight}
          r="5"
        >
          <title>{`${time(at)} ${text}`}</title>
        </circle>
      ))}
      {lanes.map((lane, index) => (
        <text key={lane} class="lane-name" x="4" y={priceHeight + (index + 0.5) * laneHeight - 4}>
          {lane}
        </text>
      ))}
      {ticks.slice(0, -1).map((at) => (
        <text key={at} class="tick" x={x(at) + 2} y={height + 14}>
          {minute(at)}
        </text>
      ))}
    </svg>
  )
}

/** The closes of the bars in view up to the present price, as a line. */
function pathOf(from: number, x: (at: number) => number): string {
  const { symbol, bars } = prices.value ?? { bars: [] }
  if (isOfAll.value || symbol !== charted.value) return ''
  const barMs = (minutes.value * 60_000) / timeScale.value
  const closes = bars.map(({ clockAt, close }) => ({ at: Date.parse(clockAt) + barMs, price: Number(close) }))
  // The axis moves by itself: it need not be drawn for every price.
  const last = untracked(() => (symbol && isLive.value ? priceOf(symbol)?.last : undefined))
  const seen = pointsWithin(closes, from, end.value, last ? { at: second.value, price: Number(last) } : undefined)
  if (seen.length < 2) return ''
  const low = Math.min(...seen.map(({ price }) => price))
  const high = Math.max(...seen.map(({ price }) => price))
  const y = (value: number) => 6 + (1 - (value - low) / (high - low || 1)) * (priceHeight - 14)
  return seen.map(({ at, price }, index) => `${index ? 'L' : 'M'}${x(at).toFixed(1)} ${y(price).toFixed(1)}`).join('')
}

function zoom(by: number): void {
  span.value = Math.min(24 * hour, Math.max(shortest, span.value * by))
}

function move(by: number): void {
  back.value = Math.min(24 * hour, Math.max(0, back.value + by))
}
