import { isMultiple } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePriceAlerts } from '../../../infra/db/announce.ts'
import { instrumentNamed } from '../../../market/held-symbols.ts'
import { marksOf } from '../../../market/marks.ts'
import { onTick } from '../../../talk/commands/orders/limit-price.ts'
import { priceFrom } from '../../../talk/commands/quantity.ts'
import { alertText } from '../../../talk/wording/price-alerts.ts'
import { endAlerts } from '../../../trading/price-alerts/rows/price-alerts.ts'
import { noPriceToCompare, setAlert } from '../../../trading/price-alerts/set-alert.ts'
import type { Handlers } from '../context.ts'
import { notTraded } from './position-named.ts'

export const alertActs: Pick<Handlers, 'addAlert' | 'endAlert'> = {
  async addAlert({ parts, caller, conversationId, inboundId }, { body }) {
    const { memberId } = caller
    const instrument = await instrumentNamed(parts.market, body.symbol)
    if (!instrument) return notTraded(body.symbol.toUpperCase())
    const { symbol } = instrument
    const price = priceFrom(body.above ?? body.below ?? '')
    if (price instanceof Refusal) return price
    if (!isMultiple(price, instrument.tick)) return onTick(price, instrument) as Refusal
    const quote = await marksOf(parts.market).quote(symbol)
    if (!quote || quote.stale) return noPriceToCompare(symbol, quote)
    const level = body.above === undefined ? { below: price } : { above: price }
    const alert = await setAlert(parts, { memberId, conversationId, symbol, inboundId, ...level }, quote)
    if (alert instanceof Refusal) return alert
    return {
      said: [
        alert === 'set before' ? '✓ That alert was set already.' : `🔔 ALERT ${alert.number}: ${alertText(alert)}`,
      ],
    }
  },
  async endAlert({ parts, caller }, { params: { number } }) {
    const [ended] = await endAlerts(parts.db, caller.memberId, parts.clock.now(), number)
    if (!ended) return new Refusal('NO_SUCH_ALERT', `You have no price alert ${number}. Nothing was changed.`)
    await announcePriceAlerts(parts)
    return { said: [`✓ Alert ${ended.number} is off: ${alertText(ended)}`] }
  },
}
