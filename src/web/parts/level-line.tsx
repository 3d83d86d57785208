import type { Position } from '../../api/contract/positions.ts'
import { levelsText } from '../words/levels.ts'
import { percent, price } from '../words/money.ts'

/** Entry, stop, target and price of a position on a small price line, and in words for those who do not see it. */
export function LevelLine({ position }: { position: Position }) {
  const { averageEntryPrice, stop, target, partLevels, hitLevels, price: now, direction } = position
  const points = [
    { at: stop?.price, kind: 'stop' },
    { at: averageEntryPrice, kind: 'entry' },
    { at: now?.last, kind: 'now' },
    { at: target?.price, kind: 'target' },
    ...partLevels.map(({ price, kind }) => ({ at: price, kind: `${kind} part` })),
    ...hitLevels.map(({ price, kind }) => ({ at: price, kind })),
  ].flatMap(({ at, kind }) => (at === undefined ? [] : [{ kind, at: Number(at) }]))
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
          <line key={`${kind} ${at}`} class={`at ${kind}`} x1={x(at)} x2={x(at)} y1="2" y2="14" />
        ))}
      </svg>
      {/* Each stands below its own end of the line: a short position has its target on the left. */}
      <p class={`small ${direction.toLowerCase()}`}>
        <Level name="Stop" kind="stop" position={position} note={trailOf(position)} />
        <Level name="Target" kind="target" position={position} />
      </p>
    </div>
  )
}

interface LevelProps {
  name: string
  kind: 'stop' | 'target'
  position: Position
  note?: string
}

/** `Target $1.90, $1.30 for 937`; `Stop $0.90 hit, not sold yet`. */
function Level({ name, kind, position, note }: LevelProps) {
  const { all, hit } = levelsText(position, kind)
  return (
    <span class={`level ${kind}`}>
      <span class="quiet">{name} </span>
      {all}
      {all && hit && ', '}
      {hit && <strong class="hit">{hit}</strong>}
      {note && <span class="quiet"> {note}</span>}
    </span>
  )
}

function trailOf({ stop }: Position): string | undefined {
  if (!stop?.trail) return undefined
  return `trails by ${stop.trail.dollars ? price(stop.trail.dollars) : percent(stop.trail.share).replace('+', '')}`
}
