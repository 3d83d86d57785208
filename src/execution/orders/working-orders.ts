import { Refusal } from '../../chat/refusal.ts'
import type { Reply } from '../../chat/reply.ts'
import { isLive, type OpeningOrder, type Order } from '../../ledger/orders.ts'
import { queueReply } from '../../ledger/replies.ts'
import { liveLimits } from '../../ledger/working-orders.ts'
import type { Big } from '../../trading/amounts.ts'
import { type Standing, VenueError } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import type { Parts } from '../parts.ts'
import { endOrder } from './end-order.ts'
import { unfitLimit } from './limit.ts'
import { orderPhrase, workingText } from './order-text.ts'
import { lockAny, recordStanding } from './standing.ts'

type Any = Order | OpeningOrder

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
): Promise<Reply[] | Refusal> {
  const all = await liveLimits(parts.db, { accountId })
  const meant = all.filter(
    (order) =>
      (number === undefined || order.limit!.number === number) && (symbol === undefined || order.symbol === symbol),
  )
  if (meant.length === 0) return noOrder(all, number, symbol)
  const say = { postedBy: 'door' as const, conversationId }
  const ended = await Promise.all(meant.map((order) => endOrder(parts, order, say)))
  const unknown = meant.filter((_, index) => ended[index]!.outcome === 'unknown')
  return [...ended.flatMap(({ replies }) => replies), ...unknown.map((order) => ({ text: unansweredText(order) }))]
}

/** Gives a working order another limit, in dollars a unit; one that the market has reached by then is filled. */
export async function moveOrder(
  parts: Parts,
  { accountId, conversationId, number, price }: Whose & { number: number; price: Big },
): Promise<Reply[] | Refusal> {
  const all = await liveLimits(parts.db, { accountId })
  const order = all.find((one) => one.limit!.number === number)
  if (!order) return noOrder(all, number)
  const instrument = parts.market.instrument(order.symbol)
  const unfit = instrument && unfitLimit({ limitPrice: price }, instrument, parts.clock.now())
  if (unfit) return unfit
  let standing: Standing
  try {
    standing = await answered(parts.venue.move(order.clientOrderId, price))
  } catch (cause) {
    parts.log.warn({ err: cause, order: order.id }, 'the venue did not move an order')
    if (cause instanceof VenueError && cause.outcome === 'rejected')
      return new Refusal(
        'NOT_MOVED',
        `The venue did not move the order: ${cause.message}.`,
        '`orders` shows what works',
      )
    return [
      {
        text: `⏳ The venue has not confirmed the new price of ${orderPhrase(order)}.\n💡 \`orders\` shows the price that it has`,
      },
    ]
  }
  const say = { postedBy: 'door' as const, conversationId }
  const replies = await recordStanding(parts, order, standing, say)
  return standing.state === 'working' ? saidMoved(parts, order, standing.limitPrice, conversationId) : replies
}

/** That an order has another limit now; nothing, where it was filled there by the time that this is said. */
async function saidMoved(parts: Parts, order: Any, price: Big, conversationId: number): Promise<Reply[]> {
  const moved = { ...order, limit: { ...order.limit!, price } }
  const to = { conversationId, at: parts.clock.now() }
  const text = workingText(moved, order.limit!.price)
  return parts.db.transaction().execute(async (trx) => {
    const { order: now } = await lockAny(trx, order)
    return isLive(now) ? [await queueReply(trx, to, { text }, 'door')] : []
  })
}

function noOrder(all: Any[], number?: number, symbol?: string): Refusal {
  const numbers = all.map(({ limit }) => limit!.number).join(', ')
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

function unansweredText(order: Any): string {
  return `⏳ The venue has not confirmed that order ${order.limit!.number} (${orderPhrase(order)}) is cancelled. The desk keeps asking and will say here how it ended.`
}
