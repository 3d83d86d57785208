import { EventSourceParserStream } from 'eventsource-parser/stream'
import { silenceMs } from './liveness.ts'

/** A message of the stream: its cursor, its type, and the object in it. */
export interface StreamMessage {
  id?: string
  type: string
  data: unknown
}

/** The state of the connection. `retryAt` is in milliseconds of this machine's clock. */
export type Line =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'broken'; retryAt: number }
  | { state: 'signed out' }
  | { state: 'refused'; because: string; retryAt: number }

const firstWaitMs = 1000
const longestWaitMs = 30_000

export interface StreamOptions {
  path: string
  onMessage(message: StreamMessage): void
  onLine(line: Line): void
  /** Every sign of life. */
  onHeard(): void
}

/**
 * Follows the event stream, and makes it anew whenever it breaks: after a proxy's 502, silence, or sleep. It goes on after the
 * last event, so that none is missing. Returns a function that ends it.
 */
export function follow({ path, onMessage, onLine, onHeard }: StreamOptions): () => void {
  let lastId: string | undefined
  let failures = 0
  let hint = firstWaitMs
  let isEnded = false
  let current: AbortController | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let heardAt = 0

  const watch = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => current?.abort(), silenceMs)
  }
  const heard = () => {
    heardAt = Date.now()
    watch()
    onHeard()
  }

  async function connect(): Promise<void> {
    clearTimeout(waiting)
    current?.abort()
    const mine = new AbortController()
    current = mine
    onLine({ state: 'connecting' })
    let because: string | undefined
    try {
      watch() // an attempt is no sign of life of the desk
      const response = await fetch(path, {
        headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
        signal: mine.signal,
        cache: 'no-store',
      })
      if (response.status === 401) return over()
      if (response.status === 429) because = 'too many pages are open'
      if (!response.ok || !response.body) throw new Error(String(response.status))
      await read(response.body)
    } catch {
      // Broken in any way: it is made anew below.
    }
    if (current !== mine || isEnded) return
    failures += 1
    // All pages come back at once when a desk restarts, so they wait for different times.
    const waitMs = Math.min(hint * 2 ** (failures - 1), longestWaitMs) * (0.5 + Math.random())
    const retryAt = Date.now() + waitMs
    onLine(because ? { state: 'refused', because, retryAt } : { state: 'broken', retryAt })
    waiting = setTimeout(connect, waitMs)
  }

  async function read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const parser = new EventSourceParserStream({
      onRetry: (ms) => {
        hint = ms
      },
    })
    const messages = body.pipeThrough(new TextDecoderStream()).pipeThrough(parser)
    for await (const { id, event: type = 'message', data } of messages) {
      heard()
      if (type === 'connected') {
        failures = 0
        onLine({ state: 'live' })
      }
      if (id) lastId = id
      onMessage({ id, type, data: JSON.parse(data) })
      if (type === 'end' && (JSON.parse(data) as { because: string }).because === 'signed out') over()
    }
  }

  function over(): void {
    end()
    onLine({ state: 'signed out' })
  }

  function end(): void {
    isEnded = true
    clearTimeout(waiting)
    clearTimeout(watchdog)
    current?.abort()
    document.removeEventListener('visibilitychange', lookAgain)
    removeEventListener('online', again)
  }

  const again = () => {
    failures = 0
    void connect()
  }
  /** A machine that has slept may hold a dead connection. */
  const lookAgain = () => {
    if (!document.hidden && Date.now() - heardAt > silenceMs / 2) again()
  }
  document.addEventListener('visibilitychange', lookAgain)
  addEventListener('online', again)
  void connect()
  return end
}
