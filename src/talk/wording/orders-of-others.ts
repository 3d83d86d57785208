import { quantityText } from '../../base/format.ts'
import type { OrderNotice } from '../../trading/orders/notices.ts'
import type { OrderOfOthers } from '../../trading/orders/rows/orders-of-others.ts'
import { termsText } from '../../trading/orders/rules/describe.ts'

type Told<Kind> = Extract<OrderNotice, { kind: Kind }>

/** An order at the broker that is not the desk's: `BUY 1 NVDA @ $100.00 (the broker’s 904837e3)`. */
export function otherText({ side, quantity, filledQuantity, symbol, venueOrderId, ...terms }: OrderOfOthers): string {
  const part = filledQuantity.gt(0) ? `, ${quantityText(filledQuantity)} filled` : ''
  const name = venueOrderId.slice(0, shownOfIds)
  return `${side.toUpperCase()} ${quantityText(quantity)} ${symbol} ${termsText(terms)} (the broker’s ${name}${part})`
}

/** So much of a broker's id tells its orders apart for people. */
const shownOfIds = 8

/** The way to be rid of orders of others in a symbol. */
export const othersHint = (symbol: string) => `\`cancel ${symbol}\` takes it back there`

/** The message about orders of others that keep exits from being taken, or may. */
export function inTheWayText({ symbol, orders, isBroken }: Told<'order.others_in_the_way'>): string {
  const [only, another] = orders
  const names = orders.map(otherText).join(', ')
  const stands = another ? `${names} stand` : `${otherText(only!)} stands`
  const does = another ? 'they keep' : 'it keeps'
  return [
    `⚠️ IN THE WAY — ${symbol}: ${stands} at the broker, and ${another ? 'are' : 'is'} not the desk’s`,
    isBroken
      ? 'The broker takes no exit of the desk beside it: nothing was traded.'
      : `A broker may take no order that could trade with one’s own, so ${does} exits of ${symbol} from being taken. A \`close\`, a stop and the breaker take it back once the broker refuses them for it; a scaleout does not.`,
    `💡 ${othersHint(symbol)}`,
  ].join('\n')
}

/** The message about orders of others that were taken back. */
export function takenBackText({ symbol, gone, left, isForExit }: Told<'order.others_taken_back'>): string {
  const lines = [
    ...gone.map((order) => `↩️ CANCELLED at the broker: ${otherText(order)}`),
    ...left.map((order) => `⚠️ The broker has not cancelled ${otherText(order)}`),
  ]
  if (!isForExit) return lines.join('\n')
  const sent = gone.length > 0 ? `It kept the exit of ${symbol} from being taken, which is sent again.` : ''
  const stays = left.length > 0 ? `It keeps the exit of ${symbol} from being taken. 💡 Cancel it at the broker` : ''
  return [...lines, sent, stays].filter(Boolean).join('\n')
}
