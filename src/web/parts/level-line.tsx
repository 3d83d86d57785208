import type { Position } from '../../api/contract/positions.ts'
import { percent, price } from '../words/money.ts'

/** Entry, stop, target and price of a position on a small price line, and in words for those who do not see it. */
export function LevelLine({ position }: { position: Position }) {
  const { averageEntryPrice, stop, target, price: now, direction } = position
  const points = [
    { name: 'Stop', at: stop?.price, kind: 'stop' },
    { name: 'Entry', at: averageEntryPrice, kind: 'entry' },
    { name: 'Price', at: now?.last, kind: 'now' },
    { name: 'Target', at: target?.price, kind: 'target' },
  ].flatMap(({ at, ...point }) => (at === undefined ? [] : [{ ...point, at: Number(at), text: price(at) }]))
  const low = Math.min(...points.map(({ at }) => at))
  const high = Math.max(...points.map(({ at }) => at))
  const width = high - low || 1
  const x = (at: number) => 4 + ((at - low) / width) * 232
  const entry = x(Number(averageEntryPrice))
  const last = now ? x(Number(now.last)) : entry
  const gains = direction === 'LONG' ? last >= entry : last <= entry
  return (
    <div class="levels">
      <svg viewBox="0 0 240 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <line x1="4" x2="236" y1="8" y2="8" class="track" />
        <line x1={entry} x2={last} y1="8" y2="8" class={gains ? 'gain' : 'loss'} />
        {points.map(({ at, kind }) => (
          <line key={kind} class={`at ${kind}`} x1={x(at)} x2={x(at)} y1="2" y2="14" />
        ))}
      </svg>
      <p class="small">
        <Level name="Stop" kind="stop" text={stop ? price(stop.price) : 'none'} note={trailOf(position)} />
        <Level name="Target" kind="target" text={target ? price(target.price) : 'none'} />
      </p>
    </div>
  )
}

function Level({ name, kind, text, note }: { name: string; kind: string; text: string; note?: string }) {
  return (
    <span class={`level ${kind}`}>
      <span class="quiet">{name} </span>
      {text}
      {note && <span class="quiet"> {note}</span>}
    </span>
  )
}

function trailOf({ stop }: Position): string | undefined {
  if (!stop?.trail) return undefined
  return `trails by ${stop.trail.dollars ? price(stop.trail.dollars) : percent(stop.trail.share).replace('+', '')}`
}
