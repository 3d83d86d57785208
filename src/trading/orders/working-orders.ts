import type { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Replaced } from '../../venues/venue.ts'
import { dearest, passGate } from '../accounts/gate.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { endOrder } from './end-order.ts'
import { hearLate, hearReport } from './hear-report.ts'
import { unfitLimit } from './limit.ts'
import { askLater } from './order-clock.ts'
import { recordNews } from './record-news.ts'
import { type AnyOrder, findOrder } from './rows/orders.ts'
import { lockAccountRow, numberedOrders } from './rows/working-orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'
import { askForOrder } from './send-order.ts'
import { ask } from './venue-call.ts'

/** How soon to ask which limit an order has. */
const askAgainMs = 1000

/** A member in a place, who may act on the orders of their account. */
interface Whose {
  accountId: number
  memberId: number
  conversationId: number
}

/** Takes working orders back: the one with a number, those in a symbol, or all. Answers with how each ended. */
export async function cancelOrders(
  parts: Parts,
  { accountId, conversationId, number, symbol }: Whose & { number?: number; symbol?: string },
): Promise<QueuedNotice[] | Refusal> {
  const all = await numberedOrders(parts.db, accountId)
  const meant = all.filter(
    (order) => (number === undefined || order.number === number) && (symbol === undefined || order.symbol === symbol),
  )
  if (meant.length === 0) return noOrder(all, number, symbol)
  const say = { postedBy: 'door' as const, conversationId }
  const ended = await Promise.all(meant.map((order) => endOrder(parts, order, say)))
  const unknown = meant.filter((_, index) => ended[index]!.outcome === 'unknown')
  return [
    ...ended.flatMap(({ notices }) => notices),
    ...unknown.map((order) => ({ notice: { kind: 'order.cancel_unconfirmed' as const, order } })),
  ]
}

/** Gives a working order another limit, in dollars a unit; one that the market has reached by then is filled. */
export async function moveOrder(
  parts: Parts,
  { accountId, memberId, conversationId, number, price }: Whose & { number: number; price: Big },
): Promise<QueuedNotice[] | Refusal> {
  const all = await numberedOrders(parts.db, accountId)
  const order = all.find((one) => one.number === number)
  if (!order) return noOrder(all, number)
  if (!order.limit) return atTheMarket(order)
  const instrument = parts.market.instrument(order.symbol)
  const unfit = instrument && unfitLimit({ limitPrice: price }, instrument, parts.clock.now())
  if (unfit) return unfit
  const barred = await barredFrom(parts, order, memberId, price)
  if (barred) return barred
  const say = { postedBy: 'door' as const, conversationId }
  const { venue, account } = await parts.venues.of(order.accountId)
  if (!venue.capabilities.canReplace) return notMovable(order)
  const reference = { account, clientOrderId: order.sentAs, venueOrderId: order.venueOrderId }
  await recordNews(parts, { order, news: { fills: [], change: 'replace_asked' }, say })
  const late = (given: Replaced) => given.outcome === 'replaced' && hearLate(parts, order, given.report)
  const answer = await ask(() => venue.replace(reference, price), { late })
  switch (answer.outcome) {
    case 'replaced': {
      const heard = await hearReport(parts, order, answer.report, say)
      if (heard === 'mismatch') return [{ notice: { kind: 'order.move_unconfirmed', order } }]
      const isThere = isLive(heard.order) && heard.order.limit!.price.eq(price)
      return isThere ? [...heard.notices, ...(await saidMoved(parts, order, price, conversationId))] : heard.notices
    }
    case 'refused': {
      parts.log.warn({ order: order.id, ...answer }, 'the venue did not move an order')
      const { notices } = await askForOrder(parts, order, say)
      const sentence = `The venue did not move the order: ${answer.words}.`
      return notices.length > 0 ? notices : new Refusal('NOT_MOVED', sentence, '`orders` shows what works')
    }
    default:
      // Which limit it has, the venue says later: `orders` shows the one that is known.
      await askLater(parts, order, askAgainMs)
      return [{ notice: { kind: 'order.move_unconfirmed', order } }]
  }
}

/** Why an order may not go to another limit: one that opens passes the gate again, since it may take more then. */
async function barredFrom(parts: Parts, order: AnyOrder, memberId: number, price: Big): Promise<Refusal | undefined> {
  const { id, accountId, symbol, side } = order
  if (order.purpose !== 'open' || (side === 'buy' && price.lte(order.limit!.price))) return undefined
  const quote = await parts.market.quote(symbol)
  const wanted = { accountId, memberId, symbol, side, quantity: leftOf(order), limitPrice: price }
  return parts.db.transaction().execute(async (trx) => {
    await lockAccountRow(trx, accountId)
    return passGate(trx, parts, { ...wanted, insteadOf: id, price: dearest(side, price, quote) })
  })
}

function notMovable({ number }: AnyOrder): Refusal {
  const sentence = 'The venue gives no order another price. Nothing was done.'
  return new Refusal('NOT_MOVED', sentence, `\`cancel ${number}\` takes it back; then send another`)
}

/** There is no limit that could be another one. */
export function atTheMarket({ number }: Pick<AnyOrder, 'number'>): Refusal {
  const sentence = `Order ${number} is at the market and has no limit to move. Nothing was done.`
  return new Refusal('NOT_MOVED', sentence, `\`cancel ${number}\` takes it back`)
}

/** That an order has another limit now; nothing, where it was filled there by the time that this is said. */
async function saidMoved(parts: Parts, order: AnyOrder, price: Big, conversationId: number): Promise<QueuedNotice[]> {
  const to = { conversationId, accountId: order.accountId, at: parts.clock.now() }
  return parts.db.transaction().execute(async (trx) => {
    const now = await findOrder(trx, order.id)
    if (!now || !isLive(now)) return []
    const moved = { ...now, limit: { ...now.limit!, price } }
    return [await queueNotice(trx, parts, to, { kind: 'order.moved', order: moved, was: order.limit!.price }, 'door')]
  })
}

function noOrder(all: AnyOrder[], number?: number, symbol?: string): Refusal {
  const numbers = all.map(({ number }) => number).join(', ')
  if (all.length === 0)
    return new Refusal(
      'NO_WORKING_ORDERS',
      'You have no working orders.',
      'An order with a limit that the market has not reached works',
    )
  const which = number === undefined ? `in ${symbol}` : `${number}`
  return new Refusal(
    'NO_SUCH_ORDER',
    number === undefined ? `You have no working orders ${which}.` : `You have no working order ${which}.`,
    `\`orders\` shows those that work: ${numbers}`,
  )
}
