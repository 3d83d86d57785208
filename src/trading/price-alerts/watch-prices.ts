import type { Big } from '../../base/amounts.ts'
import { createLane } from '../../base/lane.ts'
import { hearPriceAlerts } from '../../infra/db/announce.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { noteReached, type PriceAlert, waitingAlerts } from './rows/price-alerts.ts'
import { isReached } from './rules/price-alert.ts'

/** Reads the waiting alerts at least this often, in milliseconds, even without an announcement. */
const readEveryMs = 10_000

/** A running watch on the prices of alerts. */
export interface PriceWatch {
  /** Resolves when everything that was reached so far is told. */
  rest(): Promise<void>
  close(): Promise<void>
}

interface Reached {
  alert: PriceAlert
  price: Big
}

/**
 * Tells an alert when a guarded mark gets to its level. Every worker watches; the row decides which one tells. Stale and
 * unconfirmed prices are ignored. A level that was passed while no worker ran is told if the price is still there.
 */
export function watchPriceAlerts(parts: Parts): PriceWatch {
  const { db, log } = parts
  const marks = marksOf(parts.market)
  let bySymbol = new Map<string, PriceAlert[]>()
  /** Alerts that are being told: only the first price counts. */
  const seen = new Set<number>()
  const lost = (what: string) => (cause: unknown) => log.warn({ err: cause }, `${what}; it is tried again`)

  const telling = createLane<Reached>(async (reached) => {
    for (const one of reached) await tell(parts, one)
  }, lost('a price alert could not be told'))

  const reads = createLane<true>(async () => {
    const waiting = await waitingAlerts(db)
    seen.clear()
    bySymbol = Map.groupBy(waiting, ({ symbol }) => symbol)
    for (const symbol of bySymbol.keys()) {
      // A doubtful price comes through the subscription once it is confirmed.
      const quote = await marks.now(symbol).catch((cause) => {
        log.warn({ err: cause, symbol }, 'no price for price alerts')
        return undefined
      })
      if (quote) look(quote)
    }
  }, lost('price alerts could not be read'))

  function look(quote: Quote): void {
    if (quote.stale) return
    for (const alert of bySymbol.get(quote.symbol) ?? []) {
      if (seen.has(alert.id) || !isReached(alert, quote.last)) continue
      seen.add(alert.id)
      telling.put(String(alert.id), { alert, price: quote.last })
    }
  }

  const read = () => reads.put('all', true)
  const unsubscribe = marks.subscribe(look)
  const unhear = hearPriceAlerts(parts.notices, read)
  const timer = setInterval(read, readEveryMs)
  read()
  return {
    async rest() {
      await reads.rest()
      await marks.rest()
      await telling.rest()
    },
    async close() {
      clearInterval(timer)
      unsubscribe()
      unhear()
      await reads.close()
      await telling.close()
    },
  }
}

/** Ends the alert and queues its notice, in one transaction. */
async function tell(parts: Parts, { alert: { id }, price }: Reached): Promise<void> {
  const at = parts.clock.now()
  const told = await parts.db.transaction().execute(async (trx) => {
    const alert = await noteReached(trx, id, price, at)
    if (!alert) return undefined
    const { name } = await trx
      .selectFrom('members')
      .select('name')
      .where('id', '=', alert.memberId)
      .executeTakeFirstOrThrow()
    const { conversationId } = alert
    const notice = { kind: 'price_alert.reached' as const, alert, price, memberName: name }
    await queueNotice(trx, parts, { conversationId, at, urgent: true }, notice, 'outbox')
    return conversationId
  })
  if (told !== undefined) await wakeReplies(parts, [told], true)
}
