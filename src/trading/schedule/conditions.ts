import { createLane } from '../../base/lane.ts'
import { hearScheduled } from '../../infra/db/announce.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import { noteTouched, type ScheduledOrder, waitingForPrices } from './rows/scheduled-orders.ts'

/** Reads the orders that wait for a price at least this often, in milliseconds, even without a notification. */
const readEveryMs = 10_000

/** A running watch on the prices that orders wait for. */
export interface Conditions {
  /** Resolves when all touches seen so far are written. */
  rest(): Promise<void>
  close(): Promise<void>
}

interface Touch {
  order: ScheduledOrder
  quote: Quote
}

/**
 * Notes when the price reaches the level of a waiting order, and queues the order. Every worker watches; the row decides which
 * one was first. Stale and unconfirmed prices are ignored.
 */
export function startConditions(parts: Parts): Conditions {
  const { db, queues, clock, log } = parts
  const marks = marksOf(parts.market)
  let bySymbol = new Map<string, ScheduledOrder[]>()
  /** Orders touched already: only the first price counts. */
  const seen = new Set<number>()
  const lost = (what: string) => (cause: unknown) => log.warn({ err: cause }, `${what}; it is tried again`)

  const touches = createLane<Touch>(async (touched) => {
    for (const { order, quote } of touched) {
      if (await noteTouched(db, order.id, quote.last, clock.now())) await queues.scheduled(order.id, 'touched', 0)
    }
  }, lost('a price that an order waits for could not be noted'))

  const reads = createLane<true>(async () => {
    const waiting = await waitingForPrices(db)
    seen.clear()
    bySymbol = Map.groupBy(waiting, ({ symbol }) => symbol ?? '')
    for (const symbol of bySymbol.keys()) {
      // A doubtful price comes through the subscription once it is confirmed.
      const quote = await marks.now(symbol).catch((cause) => {
        log.warn({ err: cause, symbol }, 'no price for orders that wait for one')
        return undefined
      })
      if (quote) look(quote)
    }
  }, lost('orders that wait for a price could not be read'))

  function look(quote: Quote): void {
    if (quote.stale) return
    for (const order of bySymbol.get(quote.symbol) ?? []) {
      if (seen.has(order.id)) continue
      if (order.above ? quote.last.lt(order.above) : quote.last.gt(order.below!)) continue
      seen.add(order.id)
      touches.put(String(order.id), { order, quote })
    }
  }

  const read = () => reads.put('all', true)
  const unsubscribe = marks.subscribe(look)
  const unhear = hearScheduled(parts.notices, read)
  const timer = setInterval(read, readEveryMs)
  read()
  return {
    async rest() {
      await reads.rest()
      await marks.rest()
      await touches.rest()
    },
    async close() {
      clearInterval(timer)
      unsubscribe()
      unhear()
      await reads.close()
      await touches.close()
    },
  }
}
