import type { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Replaced } from '../../venues/venue.ts'
import { dearest, passGate } from '../accounts/gate.ts'
import { refreshBalance } from '../accounts/venue-balance.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { endUnfinished, type UnfinishedExit, waitingExits } from '../protection/rows/unfinished-exits.ts'
import { awaitedBy, toldElsewhere } from './awaited.ts'
import { endOrder } from './end-order.ts'
import { wantedOf } from './exit-waits.ts'
import { hearLate, hearReport } from './hear-report.ts'
import { unfitLimit } from './limit.ts'
import { askLater } from './order-clock.ts'
import { recordNews } from './record-news.ts'
import { type AnyOrder, findOrder } from './rows/orders.ts'
import { lockAccountRow, numberedOrders } from './rows/working-orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'
import { askForOrder } from './send-order.ts'
import { unfitStop } from './stop.ts'
import { ask } from './venue-call.ts'

/** The wait before asking for the limit of an order again, in milliseconds. */
const askAgainMs = 1000

/** A member in a conversation, and the account whose orders they may change. */
interface Whose {
  accountId: number
  memberId: number
  conversationId: number
}

/**
 * Takes working orders back, and exits that wait to be sent: the one with a number, those in a symbol, or all. Returns notices about the
 * end of each.
 */
export async function cancelOrders(
  parts: Parts,
  { accountId, conversationId, number, symbol }: Whose & { number?: number; symbol?: string },
): Promise<QueuedNotice[] | Refusal> {
  const isMeant = (one: { number?: number; symbol: string }) =>
    (number === undefined || one.number === number) && (symbol === undefined || one.symbol === symbol)
  // Before the orders: one that is sent meanwhile is an order then.
  const withdrawn: QueuedNotice[] = []
  for (const one of (await waitingExits(parts.db, accountId)).filter(isMeant))
    if (await withdrawExit(parts, one))
      withdrawn.push({ notice: { kind: 'close.withdrawn', exit: wantedOf(one), number: one.number } })
  const all = await numberedOrders(parts.db, accountId)
  const meant = all.filter(isMeant)
  if (meant.length + withdrawn.length === 0) return noOrder(all, number, symbol)
  const say = { postedBy: 'door' as const, conversationId }
  const ended = await Promise.all(meant.map((order) => endOrder(parts, order, say)))
  const unknown = meant.filter((_, index) => ended[index]!.outcome === 'unknown')
  return [
    ...withdrawn,
    ...ended.flatMap(({ outcome, order, notices }) =>
      notices.length === 0 && outcome !== 'unknown' ? [toldElsewhere(order)] : notices,
    ),
    ...unknown.map((order) => ({ notice: { kind: 'order.cancel_unconfirmed' as const, order } })),
  ]
}

/** Ends an exit that waits. False when it has an order by now, or has ended. The protection of its position goes back to the venue. */
async function withdrawExit({ db, protector }: Parts, waiting: UnfinishedExit): Promise<boolean> {
  const { positionId: id, accountId } = waiting
  const ended = await db.transaction().execute(async (trx) => {
    await lockPosition(trx, id)
    return endUnfinished(trx, waiting)
  })
  if (ended) protector.follow([{ id, accountId }])
  return ended !== undefined
}

/**
 * Moves a working order to another limit, or one with only a stop to another stop, in dollars a unit. If the market has reached the
 * new limit, the order is filled.
 */
export async function moveOrder(
  parts: Parts,
  { accountId, memberId, conversationId, number, price }: Whose & { number: number; price: Big },
): Promise<QueuedNotice[] | Refusal> {
  const all = await numberedOrders(parts.db, accountId)
  const order = all.find((one) => one.number === number)
  if (!order) return noOrder(all, number)
  if (!order.limit && !order.stop) return atTheMarket(order)
  if (order.limit && order.stop) return twoPrices(order)
  const instrument = parts.market.instrument(order.symbol)
  const unfit = instrument && unfitLimit({ limitPrice: price }, instrument, parts.clock.now())
  if (unfit) return unfit
  const barred = await barredFrom(parts, order, memberId, price)
  if (barred) return barred
  const say = { postedBy: 'door' as const, conversationId }
  const { venue } = await parts.venues.of(order.accountId)
  if (!venue.capabilities.canReplace) return notMovable(order)
  if (order.stop) {
    const wanted = { side: order.side, symbol: order.symbol, stopPrice: price }
    const noStop = unfitStop(wanted, await parts.market.quote(order.symbol), venue.capabilities)
    if (noStop) return noStop
  }
  const moved = await awaitedBy(parts, order, say, () => moveAtVenue(parts, order, price, say))
  if (moved.notices.length > 0) return moved.notices
  return moved.refusal ?? [toldElsewhere((await findOrder(parts.db, order.id)) ?? order)]
}

async function moveAtVenue(
  parts: Parts,
  order: AnyOrder,
  price: Big,
  say: { postedBy: 'door'; conversationId: number },
): Promise<{ notices: QueuedNotice[]; refusal?: Refusal }> {
  const { venue, account } = await parts.venues.of(order.accountId)
  const reference = { account, clientOrderId: order.sentAs, venueOrderId: order.venueOrderId }
  await recordNews(parts, { order, news: { fills: [], change: 'replace_asked' }, say })
  const late = (given: Replaced) => given.outcome === 'replaced' && hearLate(parts, order, given.report)
  const answer = await ask(() => venue.replace(reference, price), { late })
  switch (answer.outcome) {
    case 'replaced': {
      const heard = await hearReport(parts, order, answer.report, say)
      if (heard === 'mismatch') return { notices: [{ notice: { kind: 'order.move_unconfirmed', order } }] }
      const isThere = isLive(heard.order) && priceOf(heard.order).eq(price)
      if (!isThere) return heard
      return { notices: [...heard.notices, ...(await saidMoved(parts, order, price, say.conversationId))] }
    }
    case 'refused': {
      parts.log.warn({ order: order.id, ...answer }, 'the venue did not move an order')
      const { notices } = await askForOrder(parts, order, say)
      const sentence = `The venue did not move the order: ${answer.words}.`
      return { notices, refusal: new Refusal('NOT_MOVED', sentence, '`orders` shows what works') }
    }
    default:
      // The venue reports the limit later; until then `orders` shows the last known one.
      await askLater(parts, order, askAgainMs)
      return { notices: [{ notice: { kind: 'order.move_unconfirmed', order } }] }
  }
}

/**
 * The refusal of a move; undefined when it is allowed. An opening order passes the gate again, since it may take more at the
 * new limit.
 */
async function barredFrom(parts: Parts, order: AnyOrder, memberId: number, price: Big): Promise<Refusal | undefined> {
  const { id, accountId, symbol, side } = order
  if (order.purpose !== 'open' || (side === 'buy' && price.lte(priceOf(order)))) return undefined
  const quote = await parts.market.quote(symbol)
  const wanted = {
    accountId,
    memberId,
    symbol,
    side,
    quantity: leftOf(order),
    ...(order.limit ? { limitPrice: price } : { stopPrice: price }),
    moves: { number: order.number!, takes: leftOf(order).times(priceOf(order)) },
  }
  await refreshBalance(parts, accountId)
  return parts.db.transaction().execute(async (trx) => {
    await lockAccountRow(trx, accountId)
    return passGate(trx, parts, { ...wanted, insteadOf: id, price: dearest(side, price, quote) })
  })
}

/** The price that a move changes: the limit, or the stop of an order without one. */
const priceOf = ({ limit, stop }: AnyOrder): Big => (limit?.price ?? stop)!

/** The refusal of a move of an order with a stop and a limit: the new price could be either. */
export function twoPrices({ number }: Pick<AnyOrder, 'number'>): Refusal {
  const sentence = `Order ${number} has a stop and a limit, so one price does not say which. Nothing was done.`
  return new Refusal('NOT_MOVED', sentence, `\`cancel ${number}\` takes it back; then send it with its new prices`)
}

function notMovable({ number }: AnyOrder): Refusal {
  const sentence = 'The venue gives no order another price. Nothing was done.'
  return new Refusal('NOT_MOVED', sentence, `\`cancel ${number}\` takes it back; then send another`)
}

/** The refusal of a move of a market order. */
export function atTheMarket({ number }: Pick<AnyOrder, 'number'>): Refusal {
  const sentence = `Order ${number} is at the market and has no limit to move. Nothing was done.`
  return new Refusal('NOT_MOVED', sentence, `\`cancel ${number}\` takes it back`)
}

/** The notice that an order was moved; empty if it has been filled meanwhile. */
async function saidMoved(parts: Parts, order: AnyOrder, price: Big, conversationId: number): Promise<QueuedNotice[]> {
  const to = { conversationId, accountId: order.accountId, at: parts.clock.now() }
  return parts.db.transaction().execute(async (trx) => {
    const now = await findOrder(trx, order.id)
    if (!now || !isLive(now)) return []
    const moved = now.limit ? { ...now, limit: { ...now.limit, price } } : { ...now, stop: price }
    return [await queueNotice(trx, parts, to, { kind: 'order.moved', order: moved, was: priceOf(order) }, 'door')]
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
