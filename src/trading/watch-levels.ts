import { createLane } from '../base/lane.ts'
import type { Quote } from '../market/market.ts'
import { marksOf } from '../market/marks.ts'
import { secondOpinion } from '../market/second-opinion.ts'
import type { Parts } from './parts.ts'

/** Waiting rows are read at least this often, in milliseconds, even without an announcement. */
const readEveryMs = 10_000

/** The least time between two questions for a second opinion on a symbol, in real milliseconds. */
const opinionAgainMs = 1000

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
  /** Is a weak quote not enough for this row? It is looked at again after all sources were asked. */
  doubts?(row: Row): boolean
  /** The price is there, but is still weak after all sources were asked. It is told for each row once; the row waits on. */
  reachedWeakly?(row: Row, quote: Quote): Promise<void>
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
  /** Rows whose weak price was handled already. */
  const seenWeakly = new Set<number>()
  const askedAt = new Map<string, number>()
  const lost = (what: string) => (cause: unknown) =>
    log.warn({ err: cause }, `${rows.of} could not be ${what}; it is tried again`)

  const reaches = createLane<{ row: Row; quote: Quote }>(async (reached) => {
    for (const { row, quote } of reached) await rows.reached(row, quote)
  }, lost('handled'))

  const weakly = createLane<{ row: Row; quote: Quote }>(async (reached) => {
    for (const { row, quote } of reached) await rows.reachedWeakly?.(row, quote)
  }, lost('told of a weak price'))

  const opinions = createLane<string>(async (symbols) => {
    await Promise.all(symbols.map(lookTwice))
  }, lost('looked at with a second opinion'))

  const reads = createLane<true>(async () => {
    const waiting = await rows.waiting()
    seen.clear()
    seenWeakly.clear()
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
    for (const row of reachedBy(quote)) {
      if (isDoubtful(row, quote)) doubt(quote.symbol)
      else take(row, quote)
    }
  }

  const reachedBy = (quote: Quote) =>
    (bySymbol.get(quote.symbol) ?? []).filter((row) => !seen.has(row.id) && rows.isReached(row, quote))

  const isDoubtful = (row: Row, quote: Quote) => quote.weak !== undefined && rows.doubts?.(row) === true

  function take(row: Row, quote: Quote): void {
    seen.add(row.id)
    reaches.put(String(row.id), { row, quote })
  }

  /** Asks for a second opinion on a weak price, in a lane of its own. */
  function doubt(symbol: string): void {
    const now = performance.now()
    if (now - (askedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < opinionAgainMs) return
    askedAt.set(symbol, now)
    opinions.put(symbol, symbol)
  }

  async function lookTwice(symbol: string): Promise<void> {
    const quote = await secondOpinion({ market, log }, symbol)
    if (!quote || quote.stale) return
    for (const row of reachedBy(quote)) {
      if (!isDoubtful(row, quote)) take(row, quote)
      else if (!seenWeakly.has(row.id)) {
        seenWeakly.add(row.id)
        weakly.put(String(row.id), { row, quote })
      }
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
      await opinions.rest()
      await weakly.rest()
      await reaches.rest()
    },
    async close() {
      clearInterval(timer)
      unsubscribe()
      unhear()
      for (const lane of [reads, opinions, weakly, reaches]) await lane.close()
    },
  }
}
