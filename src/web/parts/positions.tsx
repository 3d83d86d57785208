import { computed, signal, useComputed, useSignal } from '@preact/signals'
import type { Position } from '../../api/contract/positions.ts'
import { type About, dialog } from '../state/asking.ts'
import { chart } from '../state/chart.ts'
import { book, failed, figures, positions } from '../state/desk.ts'
import { mayTrade } from '../state/session.ts'
import { arrow, gain, percent, price, units, way } from '../words/money.ts'
import { orderOf, type PositionOrder, positionOrders } from '../words/position-order.ts'
import { Failed } from './failed.tsx'
import { isOneColumn, jumpTo } from './jumps.tsx'
import { LevelLine } from './level-line.tsx'
import { ScaleoutBar } from './scaleout-bar.tsx'

const keptAs = 'deskhand.order'
/** The order of the cards, kept in this browser. */
const by = signal<PositionOrder>(kept())
const places = computed(() => orderOf(book.value?.positions.value ?? [], by.value))
/** A list as short as this is seen at once. */
const short = 3

function kept(): PositionOrder {
  const found = localStorage.getItem(keptAs) ?? ''
  return found in positionOrders ? (found as PositionOrder) : 'symbol'
}

/** Open positions: a table's row on a wide screen, a card on a narrow one. */
export function Positions() {
  const order = places.value
  const all = positions.value?.toSorted((one, other) => order.indexOf(one.symbol) - order.indexOf(other.symbol))
  return (
    <section class="panel" id="positions" aria-labelledby="positions-title">
      <div class="panel-head">
        <h2 id="positions-title">Positions {all && all.length > 0 && <span class="count">{all.length}</span>}</h2>
        {all && all.length > short && (
          <select
            aria-label="Order of positions"
            value={by.value}
            onChange={({ currentTarget }) => {
              by.value = currentTarget.value as PositionOrder
              localStorage.setItem(keptAs, by.value)
            }}
          >
            {Object.entries(positionOrders).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </div>
      <Failed of="positions" />
      {!all && !failed.value.has('positions') && <p class="quiet">Reading …</p>}
      {all?.length === 0 && (
        <p class="quiet">
          Nothing is open. <code>long BYND 3750 @ .63</code> records a position, <code>buy 100 BYND</code> opens one.
        </p>
      )}
      <ul class="positions">
        {all?.map((one) => (
          <li key={one.id}>
            <PositionCard position={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function PositionCard({ position }: { position: Position }) {
  const { symbol, direction, quantity, free, averageEntryPrice, unrealizedPnl, unrealizedReturn, scaleout } = position
  const points = way(unrealizedPnl)
  const isCharted = chart.value === symbol
  // A feed that has ended tells of no price any more; the desk says of it with the figures.
  const isOld = useComputed(() => figures.value?.stale.includes(symbol) ?? false)
  const stale = position.price?.stale ?? (isOld.value ? 'not fresh' : undefined)
  return (
    <article
      class={`position ${stale ? 'old' : ''}`}
      data-symbol={symbol}
      aria-label={`${direction} ${units(quantity)} ${symbol}`}
    >
      <header>
        <button
          type="button"
          class="symbol"
          aria-pressed={isCharted}
          title={`Chart ${symbol}`}
          onClick={() => {
            chart.value = symbol
            // Far below, nobody would see it change.
            if (isOneColumn()) jumpTo('chart')
          }}
        >
          {symbol}
        </button>
        <span class={`tag ${direction.toLowerCase()}`}>{direction}</span>
        <span class="quantity">
          {units(quantity)} <span class="quiet">@ {price(averageEntryPrice)}</span>
        </span>
        {free !== quantity && <span class="quiet small">{units(free)} free, the rest is held by orders</span>}
      </header>
      <div class="price">
        <span class="last">{price(position.price?.last)}</span>
        {stale && <span class="tag stale">{stale}</span>}
        {!position.price && <span class="tag stale">no price</span>}
      </div>
      <div class={`pnl ${points}`}>
        <span>
          <span aria-hidden="true">{arrow[points]} </span>
          {gain(unrealizedPnl)}
        </span>
        <span class="small">{percent(unrealizedReturn)}</span>
      </div>
      <LevelLine position={position} />
      {scaleout && <ScaleoutBar scaleout={scaleout} open={quantity} />}
      {mayTrade.value && <Acts position={position} />}
    </article>
  )
}

const acts: { kind: 'scaleout' | 'close' | 'stop' | 'target' | 'trail' | 'breakeven'; label: string; key?: string }[] =
  [
    { kind: 'scaleout', label: 'Scale out', key: 'o' },
    { kind: 'stop', label: 'Stop', key: 's' },
    { kind: 'target', label: 'Target', key: 't' },
    { kind: 'trail', label: 'Trail', key: 'r' },
    { kind: 'breakeven', label: 'Breakeven', key: 'b' },
    { kind: 'close', label: 'Close', key: 'c' },
  ]

function Acts({ position: { symbol, scaleout } }: { position: Position }) {
  // On a phone two acts are shown at first.
  const isOpen = useSignal(false)
  const runs = scaleout && ['running', 'paused'].includes(scaleout.state) ? scaleout : undefined
  const about = (kind: (typeof acts)[number]['kind']): About =>
    kind === 'scaleout' && runs ? { kind: 'cancel scaleout', scaleout: runs.id, symbol } : { kind, symbol }
  return (
    <div class={`acts ${isOpen.value ? 'open' : ''}`} role="group" aria-label={`Acts on ${symbol}`}>
      {acts.map(({ kind, label, key }) => (
        <button
          key={kind}
          type="button"
          class={kind === 'close' ? 'danger' : ''}
          data-act={kind}
          aria-keyshortcuts={key}
          disabled={!book.value}
          onClick={() => dialog(about(kind))}
        >
          {kind === 'scaleout' && runs ? 'Cancel scaleout' : label}
          <span class="hidden"> {symbol}</span>
        </button>
      ))}
      <button
        type="button"
        class="more"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {isOpen.value ? 'Less' : 'More'}
        <span class="hidden"> acts on {symbol}</span>
      </button>
    </div>
  )
}
