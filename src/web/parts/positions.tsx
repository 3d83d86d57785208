import type { Position } from '../../api/contract/positions.ts'
import { type About, dialog } from '../state/asking.ts'
import { chart } from '../state/chart.ts'
import { book, failed, positions } from '../state/desk.ts'
import { mayTrade } from '../state/session.ts'
import { arrow, gain, percent, price, units, way } from '../words/money.ts'
import { Failed } from './failed.tsx'
import { LevelLine } from './level-line.tsx'
import { ScaleoutBar } from './scaleout-bar.tsx'

/** Open positions: a table's row on a wide screen, a card on a narrow one. */
export function Positions() {
  const all = positions.value
  return (
    <section class="panel" id="positions" aria-labelledby="positions-title">
      <h2 id="positions-title">Positions {all && all.length > 0 && <span class="count">{all.length}</span>}</h2>
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
  return (
    <article class="position" data-symbol={symbol} aria-label={`${direction} ${units(quantity)} ${symbol}`}>
      <header>
        <button
          type="button"
          class="symbol"
          aria-pressed={isCharted}
          title={`Chart ${symbol}`}
          onClick={() => {
            chart.value = symbol
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
        {position.price?.stale && <span class="tag stale">{position.price.stale}</span>}
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
  const runs = scaleout && ['running', 'paused'].includes(scaleout.state) ? scaleout : undefined
  const about = (kind: (typeof acts)[number]['kind']): About =>
    kind === 'scaleout' && runs ? { kind: 'cancel scaleout', scaleout: runs.id, symbol } : { kind, symbol }
  return (
    <div class="acts" role="group" aria-label={`Acts on ${symbol}`}>
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
    </div>
  )
}
