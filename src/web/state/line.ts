import { computed, signal } from '@preact/signals'
import { second } from './clock.ts'
import { isHeard } from './liveness.ts'
import { follow, type Line, type StreamMessage } from './stream.ts'

/** The state of the event stream, and the last sign of life in milliseconds of this machine's clock. */
export const line = signal<Line>({ state: 'connecting' })
export const heardAt = signal(0)
/** The last word of the stream itself, by the same clock: an answer to another request says nothing of the stream. */
export const streamedAt = signal(0)

/**
 * Does the page show the present? Nothing that is older looks live. A page in the background may be late to see that the stream is
 * silent, so each page looks at the time of the last word itself.
 */
export const isLive = computed(() => isHeard(line.value, streamedAt.value, second.value))
/** The age of what is shown, in seconds, while it is not live. */
export const ageSeconds = computed(() =>
  isLive.value || heardAt.value === 0 ? 0 : Math.max(0, Math.round((second.value - heardAt.value) / 1000)),
)

type Told = { kind: 'message'; message: StreamMessage } | { kind: 'line'; line: Line }

/**
 * Follows the desk with one stream for all pages of a member in this browser: the page that holds the lock has the stream and tells the
 * others, and the next one takes over when it closes. Returns a function that ends it.
 */
export function keepLine(onMessage: (message: StreamMessage) => void, memberId: number): () => void {
  const channel = new BroadcastChannel(`deskhand.${memberId}`)
  const ending = new AbortController()
  const heard = () => {
    heardAt.value = streamedAt.value = Date.now()
  }
  const take = (told: Told) => {
    if (told.kind === 'line') line.value = told.line
    else onMessage(told.message)
    if (told.kind === 'message' || told.line.state === 'live') heard()
  }
  const tell = (told: Told) => {
    take(told)
    channel.postMessage(told)
  }
  channel.onmessage = ({ data }: MessageEvent<Told | 'where are we?'>) => {
    if (data !== 'where are we?') take(data)
    else if (stop) channel.postMessage({ kind: 'line', line: line.value } satisfies Told)
  }
  let stop: (() => void) | undefined
  const lead = () =>
    new Promise<void>((resolve) => {
      stop = follow({
        path: '/api/stream',
        onMessage: (message) => tell({ kind: 'message', message }),
        onLine: (now) => tell({ kind: 'line', line: now }),
        onHeard: heard,
      })
      ending.signal.addEventListener('abort', () => resolve())
    })
  // A page on plain HTTP that is not on a loopback address has no locks.
  if (navigator.locks) {
    navigator.locks.request(`deskhand.stream.${memberId}`, { signal: ending.signal }, lead).catch(() => {})
    channel.postMessage('where are we?')
  } else void lead()
  return () => {
    ending.abort()
    stop?.()
    channel.close()
  }
}
