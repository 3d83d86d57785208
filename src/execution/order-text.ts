import type { Order } from '../ledger/orders.ts'
import { quantityText } from '../trading/format.ts'

/** The venue will not fill an order. */
export function rejectedText(order: Order, because: string): string {
  return `⚠️ The venue did not take the order: ${because}\nNothing was traded. ${quantityText(order.quantity)} ${order.symbol} are still there.`
}

/** Nobody knows yet whether the venue filled an order. */
export function unknownText(order: Order): string {
  return `⏳ The order for ${quantityText(order.quantity)} ${order.symbol} was sent, but the venue has not confirmed it.\nIt is not sent again; the desk keeps asking and will say here what became of it.`
}
