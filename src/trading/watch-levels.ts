import { createLane } from '../base/lane.ts'
import type { Quote } from '../market/market.ts'
import { marksOf } from '../market/marks.ts'
import type { Parts } from './parts.ts'

/** Waiting rows are read at least this often, in milliseconds, even without an announcement. */
const readEveryMs = 10_000

/** A running watch on the levels that rows wait for. */
export interface LevelWatch {
  /** Resolves when everything that was reached so far is handled. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** The rows that wait for a price: how they are read, announced, reached and handled. `of` names them in the log. */
export interface WaitingRows<Row extends { id: number; symbol?: string }> {
  of: string
  waiting(): Promise<Row[]>
  /** Calls back when rows changed; returns the function that ends it. */
  hear(changed: () => void): () => void
  isReached(row: Row, quote: Quote): boolean
  /** Runs one after the other; a failure is logged, and tried again at the next look. */
  reached(row: Row, quote: Quote): Promise<void>
}

/**
 * Handles each waiting row when a guarded mark reaches its level. Every worker watches; the row decides which one was first.
 * Stale and unconfirmed prices are ignored. A level that was passed while no worker ran counts if the price is still there.
 */
export function watchLevels<Row extends { id: number; symbol?: string }>(
  { market, log }: Parts,
  rows: WaitingRows<Row>,
): LevelWatch {
  const marks = marksOf(market)
  let bySymbol = new Map<string, Row[]>()
  /** Rows that were reached already: only the first price counts. */
  const seen = new Set<number>()
  const lost = (what: string) => (cause: unknown) =>
    log.warn({ err: cause }, `${rows.of} could not be ${what}; it is tried again`)

  const reaches = createLane<{ row: Row; quote: Quote }>(async (reached) => {
    for (const { row, quote } of reached) await rows.reached(row, quote)
  }, lost('handled'))

  const reads = createLane<true>(async () => {
    const waiting = await rows.waiting()
    seen.clear()
    bySymbol = Map.groupBy(waiting, ({ symbol }) => symbol ?? '')
    for (const symbol of bySymbol.keys()) {
      // A doubtful price comes through the subscription once it is confirmed.
      const quote = await marks.now(symbol).catch((cause) => {
        log.warn({ err: cause, symbol }, `no price for ${rows.of}`)
        return undefined
      })
      if (quote) look(quote)
    }
  }, lost('read'))

  function look(quote: Quote): void {
    if (quote.stale) return
    for (const row of bySymbol.get(quote.symbol) ?? []) {
      if (seen.has(row.id) || !rows.isReached(row, quote)) continue
      seen.add(row.id)
      reaches.put(String(row.id), { row, quote })
    }
  }

  const read = () => reads.put('all', true)
  const unsubscribe = marks.subscribe(look)
  const unhear = rows.hear(read)
  const timer = setInterval(read, readEveryMs)
  read()
  return {
    async rest() {
      await reads.rest()
      await marks.rest()
      await reaches.rest()
    },
    async close() {
      clearInterval(timer)
      unsubscribe()
      unhear()
      await reads.close()
      await reaches.close()
    },
  }
}
