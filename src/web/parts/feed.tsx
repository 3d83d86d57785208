import { computed, effect, signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Event } from '../../api/contract/events.ts'
import { dialog } from '../state/asking.ts'
import { book, lookBack } from '../state/desk.ts'
import { accountId } from '../state/session.ts'
import { kinds, lookOf } from '../words/events.ts'
import { time, whole } from '../words/time.ts'
import { Exports } from './exports.tsx'
import { Failed } from './failed.tsx'

/** The height of a row, in pixels: rows outside of the view are not drawn, so a thousand scroll as smoothly as ten. */
const rowHeight = 46
const spare = 6

const kind = signal<keyof typeof kinds | ''>('')
const words = signal('')
/** The events that were shown when the member paused the feed. */
const paused = signal<Event[] | undefined>(undefined)
const top = signal(0)
const height = signal(480)

const matching = computed(() => {
  const all = paused.value ?? book.value?.events.value ?? []
  const wanted = words.value.trim().toLowerCase()
  return all.filter(
    (event) =>
      (kind.value === '' || lookOf(event).kind === kind.value) &&
      (wanted === '' || `${event.symbol} ${event.text} ${lookOf(event).name}`.toLowerCase().includes(wanted)),
  )
})

// Another account has other events.
effect(() => {
  if (accountId.value !== null) paused.value = undefined
})

/** The events of the account, the newest first. */
export function Feed() {
  const since = paused.value ? (book.value?.events.value.length ?? 0) - paused.value.length : 0
  return (
    <section class="panel feed" id="activity" aria-labelledby="feed-title">
      <div class="panel-head">
        <h2 id="feed-title">Activity</h2>
        <button
          type="button"
          aria-pressed={paused.value !== undefined}
          onClick={() => {
            paused.value = paused.value ? undefined : book.value?.events.value
          }}
        >
          {paused.value ? `Go on (${since} new)` : 'Pause'}
        </button>
        <Exports />
      </div>
      <div class="filters">
        <label>
          <span class="hidden">Kind of event</span>
          <select
            value={kind.value}
            onChange={({ currentTarget }) => {
              kind.value = currentTarget.value as keyof typeof kinds
            }}
          >
            <option value="">All kinds</option>
            {Object.entries(kinds).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="hidden">Words to look for</span>
          <input
            type="search"
            placeholder="Search"
            value={words.value}
            onInput={({ currentTarget }) => {
              words.value = currentTarget.value
            }}
          />
        </label>
      </div>
      <Failed of="events" />
      <Rows />
    </section>
  )
}

function Rows() {
  const view = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      height.value = entry!.contentRect.height
    })
    watch.observe(view.current!)
    return () => watch.disconnect()
  }, [])
  const all = matching.value
  const first = Math.max(0, Math.floor(top.value / rowHeight) - spare)
  const last = Math.min(all.length, Math.ceil((top.value + height.value) / rowHeight) + spare)
  return (
    <div
      class="rows"
      ref={view}
      role="feed"
      aria-label="Events, the newest first"
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        top.value = currentTarget.scrollTop
      }}
    >
      <svg class="spacer" width="1" height={first * rowHeight} aria-hidden="true" />
      {all.slice(first, last).map((event, index) => (
        <Row key={event.id} event={event} place={first + index + 1} of={all.length} />
      ))}
      <svg class="spacer" width="1" height={(all.length - last) * rowHeight} aria-hidden="true" />
      <End count={all.length} />
    </div>
  )
}

/** The end of the list: what was looked through, and the way to older events. */
function End({ count }: { count: number }) {
  const { events, hasOlder } = book.value ?? {}
  const looked = events?.value.length ?? 0
  const isFiltered = words.value.trim() !== '' || kind.value !== ''
  return (
    <>
      {count === 0 && (
        <p class="quiet">{looked === 0 ? 'Nothing yet.' : `Nothing that fits in the newest ${looked}.`}</p>
      )}
      {hasOlder?.value && paused.value === undefined && (
        <button type="button" onClick={() => void further(isFiltered)}>
          {isFiltered ? 'Look further back' : 'Older events'}
        </button>
      )}
    </>
  )
}

/** Reads older events: with a filter until one fits, a few times at most. */
async function further(isFiltered: boolean): Promise<void> {
  const before = matching.value.length
  for (let times = 0; times < 4; times++) {
    await lookBack()
    if (!isFiltered || matching.value.length > before || !book.value?.hasOlder.value) return
  }
}

function Row({ event, place, of }: { event: Event; place: number; of: number }) {
  const { sign, name, kind } = lookOf(event)
  return (
    <article
      class={`row ${kind} ${event.urgency.toLowerCase()}`}
      aria-posinset={place}
      aria-setsize={of}
      title={`${whole(event.at)}\n${event.text}`}
    >
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <button type="button" class="row-text" onClick={() => dialog({ kind: 'event', event })}>
        <span class="row-head">
          {event.symbol && <strong>{event.symbol}</strong>} {name}
          {event.urgency === 'CRITICAL' && <span class="tag critical">critical</span>}
        </span>
        <span class="row-said">{event.text}</span>
      </button>
      <time dateTime={event.at}>{time(event.at)}</time>
    </article>
  )
}
