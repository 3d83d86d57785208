import { setTimeout as wait } from 'node:timers/promises'
import type { Exchange } from '../../infra/exchanges/exchange.ts'
import type { Access } from '../links/venue-access.ts'
import type { Hint, StreamListener } from '../shared/news.ts'
import { VenueError } from '../venue.ts'
import type { Clients } from './clients.ts'

/** An order to look at, with its pair in CCXT's spelling, which some exchanges want to hear. */
export interface PairHint extends Hint {
  pair?: string
}

/** The times of a watch, in milliseconds. */
export interface WatchTimes {
  /** A socket must stand within this time. */
  openWithinMs: number
  /** Without a socket the account is looked at so often. */
  pollEveryMs: number
}

export const usualWatchTimes: WatchTimes = { openWithinMs: 15_000, pollEveryMs: 20_000 }

/** A look at an open socket, in milliseconds. */
const lookEveryMs = 50
/** Orders of one frame that are looked at one by one; of more, the lists are read. */
const mostHints = 5

/**
 * Watches the orders of an account by CCXT's socket, which only hints; without one, or without the right to it, it asks for a look every few
 * seconds. Returns a function that ends it silently.
 */
export function openWatch(
  clients: Clients,
  { credentials }: Access,
  times: WatchTimes,
  listener: StreamListener<PairHint>,
): () => void {
  const over = new AbortController()
  let exchange: Exchange | undefined
  let signedIn: Promise<unknown> = Promise.resolve()

  function end(words: string, cause?: unknown): void {
    if (over.signal.aborted) return
    stop()
    listener.ended(new VenueError(words, cause), false)
  }

  /** CCXT must not be closed while it signs in: its own promise would fail with nobody to hear it. */
  function stop(): void {
    if (over.signal.aborted) return
    over.abort()
    void signedIn.finally(() => exchange?.close().catch(() => {}))
  }

  async function poll(): Promise<void> {
    listener.listening()
    while (!over.signal.aborted) {
      await wait(times.pollEveryMs, undefined, { signal: over.signal }).catch(() => {})
      if (!over.signal.aborted) listener.stirred()
    }
  }

  /** The socket stands, whether or not it has said anything. */
  async function opened(of: Exchange): Promise<boolean> {
    const until = performance.now() + times.openWithinMs
    while (performance.now() < until) {
      if (Object.values(of.clients ?? {}).some(({ connection }) => connection?.readyState === 1)) return true
      await wait(lookEveryMs)
    }
    return false
  }

  async function watch(of: Exchange): Promise<void> {
    let isListening = false
    const first = of.watchOrders!()
    const standing = opened(of)
    // Its failure is heard below.
    signedIn = Promise.race([first.catch(() => {}), standing])
    const stands = standing.then((is) => {
      if (over.signal.aborted || isListening) return
      if (!is) return end('the order stream did not open in time')
      isListening = true
      listener.listening()
    })
    for (let isFirst = true; ; isFirst = false) {
      const orders = await (isFirst ? first : of.watchOrders!())
      if (over.signal.aborted) return
      await stands
      listener.alive()
      const pairs = new Map(orders.map(({ id, symbol }) => [id, symbol]))
      if (pairs.size > mostHints) listener.stirred()
      else for (const [id, pair] of pairs) listener.hint({ id, ...(pair !== undefined && { pair }) })
      if (over.signal.aborted) return
    }
  }

  async function begin(): Promise<void> {
    if (credentials.kind !== 'keys') return end('the exchange takes keys only')
    try {
      exchange = await clients.ofStream(credentials.keyId, credentials.secret)
      if (over.signal.aborted) return
      if (exchange.has.watchOrders !== true || !exchange.watchOrders) return await poll()
      await watch(exchange)
    } catch (cause) {
      if (over.signal.aborted) return
      const isForbidden = cause instanceof Error && /permission denied/i.test(cause.message)
      if (isForbidden) return poll()
      end('the order stream failed', cause)
    }
  }

  void begin()
  return stop
}
