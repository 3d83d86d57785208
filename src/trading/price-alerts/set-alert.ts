import type { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { announcePriceAlerts } from '../../infra/db/announce.ts'
import { pairPriceText } from '../../market/currency.ts'
import type { Quote } from '../../market/market.ts'
import type { Parts } from '../parts.ts'
import { mostAlerts, type PriceAlert, savePriceAlert } from './rows/price-alerts.ts'
import { type AlertLevel, isReached } from './rules/price-alert.ts'

/** A wish to hear of a price. A second one with the same `inboundId` is the same alert. */
export interface WantedAlert extends AlertLevel {
  memberId: number
  conversationId: number
  symbol: string
  inboundId: string
}

/** Sets a price alert at a level, in the symbol's currency a unit, that the price has not reached yet. `set before`: the wish was heard before. */
export async function setAlert(
  parts: Pick<Parts, 'db' | 'clock' | 'notices' | 'log'>,
  wanted: WantedAlert,
  quote: Quote,
): Promise<PriceAlert | 'set before' | Refusal> {
  if (isReached(wanted, quote.last)) return isThere(wanted, quote)
  const alert = await parts.db.transaction().execute((trx) => savePriceAlert(trx, wanted, parts.clock.now()))
  if (alert === 'set before') return alert
  if (alert === 'too many') {
    const sentence = `You have ${mostAlerts} price alerts, which is the most. No alert was set.`
    return new Refusal('TOO_MANY_ALERTS', sentence, '`price alerts` lists them, `alert off 3` takes one back')
  }
  await announcePriceAlerts(parts)
  return alert
}

/** The refusal when the market has no fresh price of a symbol, to which a level could be compared. */
export function noPriceToCompare(symbol: string, quote: Quote | undefined): Refusal {
  const why = quote?.stale ?? 'there is none yet'
  return new Refusal('NO_FRESH_PRICE', `${symbol} has no fresh price: ${why}. No alert was set.`, 'Try again later')
}

function isThere({ symbol, above, below }: WantedAlert, { last }: Quote): Refusal {
  const level = (above ?? below)!
  const priceText = (price: Big) => pairPriceText(symbol, price)
  const where = last.eq(level) ? '' : `, ${above ? 'above' : 'below'} ${priceText(level)}`
  const sentence = `${symbol} is at ${priceText(last)}${where} already. No alert was set.`
  return new Refusal('CONDITION_MET', sentence, `Name a price ${above ? 'above' : 'below'} ${priceText(last)}`)
}
