import type { Big } from '../../base/amounts.ts'
import { hearPriceAlerts } from '../../infra/db/announce.ts'
import type { Quote } from '../../market/market.ts'
import { secondOpinion } from '../../market/second-opinion.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { type LevelWatch, watchLevels } from '../watch-levels.ts'
import { noteReached, type PriceAlert, waitingAlerts } from './rows/price-alerts.ts'
import { isReached } from './rules/price-alert.ts'

/** A running watch on the prices of alerts. */
export type PriceWatch = LevelWatch

interface Reached {
  alert: PriceAlert
  price: Big
  /** The reason why the price counts for little. */
  weak?: string
}

/** Tells an alert when a guarded mark gets to its level. */
export function watchPriceAlerts(parts: Parts): PriceWatch {
  return watchLevels(parts, {
    of: 'price alerts',
    waiting: () => waitingAlerts(parts.db),
    hear: (changed) => hearPriceAlerts(parts.notices, changed),
    isReached: (alert, { last }) => isReached(alert, last),
    reached: async (alert, quote) =>
      tell(parts, { alert, price: quote.last, weak: await weaknessOf(parts, alert, quote) }),
  })
}

/** The reason why a price that has reached an alert is weak; undefined when it is not, or when a second source says the same. */
async function weaknessOf(parts: Parts, alert: PriceAlert, { symbol, weak }: Quote): Promise<string | undefined> {
  if (weak === undefined) return undefined
  const now = await secondOpinion(parts, symbol)
  const isConfirmed = now && !now.stale && !now.weak && isReached(alert, now.last)
  return isConfirmed ? undefined : weak
}

/** Ends the alert and queues its notice, in one transaction. */
async function tell(parts: Parts, { alert: { id }, price, weak }: Reached): Promise<void> {
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
    const notice = { kind: 'price_alert.reached' as const, alert, price, memberName: name, weak }
    await queueNotice(trx, parts, { conversationId, at, urgent: true }, notice, 'outbox')
    return conversationId
  })
  if (told !== undefined) await wakeReplies(parts, [told], true)
}
