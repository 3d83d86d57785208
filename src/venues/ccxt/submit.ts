import { zero } from '../../base/amounts.ts'
import { claim } from '../broker-orders/claims.ts'
import { noteSend, noteSendOver } from '../broker-orders/sends.ts'
import { refused, unsent } from '../shared/answers.ts'
import { NoWayIn, Unanswered } from '../shared/rest-client.ts'
import type { OrderReport, Submitted, VenueOrder, VenueRefusal } from '../venue.ts'
import { exchangeIdOf, fitting } from './order-map.ts'
import type { CcxtParts } from './parts.ts'

/** A process that is not heard of for so long after its patience is over waits for no answer any more, in milliseconds. */
const graceMs = 5000

/**
 * Sends an order once. It is written down before the call, and goes again only when every call before it was refused for certain, under
 * another id: the exchange refuses an id twice among open orders alone.
 */
export async function submitOrder(parts: CcxtParts, order: VenueOrder): Promise<Submitted> {
  const { db, client, quirks, title, now, orderPatienceMs } = parts
  const { account, clientOrderId, side, quantity, limitPrice, isExit } = order
  const at = parts.at(account)
  const pair = await client.open(account).then(
    (exchange) => fitting(exchange, title, quirks.money, order),
    (cause) => unsent(order, cause),
  )
  if ('outcome' in pair) return pair
  const begun = now()
  const sent = await noteSend(db, at, order, begun, new Date(begun.getTime() + orderPatienceMs + graceMs))
  if (!sent) return refused('DUPLICATE', `${title} has this order, or it is on its way there`)
  if (sent.calls - 1 > sent.refusedCalls) {
    await noteSendOver(db, at, clientOrderId, true).catch(() => {})
    return refused('DUPLICATE', `an earlier call for this order may have reached ${title}`)
  }
  let isRefused = false
  try {
    const id = exchangeIdOf(clientOrderId, sent.refusedCalls)
    const words = quirks.orderWords?.(new Date(parts.exchangeTime().getTime() + orderPatienceMs), id) ?? {}
    const answer = await client.call(account, isExit ? 'exit' : 'entry', (exchange) =>
      exchange.createOrder(
        pair.symbol,
        limitPrice ? 'limit' : 'market',
        side,
        quantity.toFixed(),
        limitPrice?.toFixed(),
        { clientOrderId: id, ...words },
      ),
    )
    if (answer.outcome === 'refused') {
      if (answer.code === 'DUPLICATE') return answer
      isRefused = true
      return heldCode(answer, order)
    }
    const { id: orderId } = answer.value
    if (!orderId) return { outcome: 'unknown', words: `${title}’s answer to the order could not be read` }
    await claim(db, at, { orderId, clientOrderId, isTold: true }, now())
    return { outcome: 'accepted', report: sentReport(order, orderId) }
  } catch (cause) {
    isRefused = cause instanceof NoWayIn || (cause instanceof Unanswered && cause.reach === 'unsent')
    return unsent(order, cause)
  } finally {
    // Without it, nobody waits any more after its time.
    await noteSendOver(db, at, clientOrderId, isRefused).catch(() => {})
  }
}

/** A sale lacks coins, not money. */
const heldCode = (refusal: VenueRefusal, { side }: VenueOrder): VenueRefusal =>
  refusal.code === 'NOT_ENOUGH_MONEY' && side === 'sell' ? { ...refusal, code: 'NOT_ENOUGH_HELD' } : refusal

/** The report on an order that the exchange has just taken. */
function sentReport(order: VenueOrder, venueOrderId: string): OrderReport {
  const { account, clientOrderId, symbol, side, quantity, limitPrice } = order
  return {
    ...{ account, clientOrderId, venueOrderId, symbol, side, quantity },
    ...(limitPrice && { limitPrice }),
    ...{ state: 'working', filledQuantity: zero, fills: [] },
  }
}
