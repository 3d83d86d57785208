import { pairPriceText } from '../../market/currency.ts'
import type { PriceAlertNotice } from '../../trading/price-alerts/notices.ts'
import type { PriceAlert } from '../../trading/price-alerts/rows/price-alerts.ts'
import type { WordingOf } from './wording-of.ts'

/** `AMD at $240.00 or below`. */
export function alertText({ symbol, above, below }: Pick<PriceAlert, 'symbol' | 'above' | 'below'>): string {
  return `${symbol} at ${pairPriceText(symbol, (above ?? below)!)} or ${above ? 'above' : 'below'}`
}

/** The sentences about price alerts. */
export const priceAlertWording: WordingOf<PriceAlertNotice> = {
  'price_alert.reached': ({ alert, price, memberName, weak }) =>
    [
      `🔔 PRICE ALERT ${alert.number} — ${alert.symbol} is at ${pairPriceText(alert.symbol, price)}`,
      ...(weak === undefined
        ? []
        : [`📡 A weak price: ${weak}, and no second source confirms it. 💡 \`quote ${alert.symbol}\` looks again`]),
      `${memberName} asked for ${alertText(alert)}. This alert is over now.`,
    ].join('\n'),
}
