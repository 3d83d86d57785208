import type { Big } from '../../../src/base/amounts.ts'
import { exchangeZone, wallClock } from '../../../src/base/zone.ts'
import { nanosOf } from '../broker/ids.ts'
import type { Account } from './account.ts'
import { leftOf, type Order } from './order.ts'

/** A line of an account's activities, and the event of the activity stream that belongs to it. */
export interface Activity {
  /** The moment in New York with milliseconds, and a random id: lines of one millisecond are in the order of the random ids. */
  id: string
  createdAt: string
  isListed: boolean
  /** It was taken off the list for good. */
  isTakenOff?: boolean
  shown: Record<string, unknown> & { activity_type: string }
  event: Record<string, unknown>
  /** The execution that it lists. */
  execution?: { id: string; order: Order; quantity: Big; price: Big; isTakenBack: boolean }
}

/** An id of an activity: `20261120100000000::` and a random id. */
export function activityId(at: Date, random: string): string {
  const { year, month, day, hour, minute } = wallClock(at, exchangeZone)
  const pad = (number: number, digits = 2) => String(number).padStart(digits, '0')
  const seconds = pad(at.getUTCSeconds()) + pad(at.getUTCMilliseconds(), 3)
  return `${year}${pad(month)}${pad(day)}${pad(hour)}${pad(minute)}${seconds}::${random}`
}

/** Keeps an activity, and tells its event. */
export function record(account: Account, activity: Activity): void {
  account.activities.push(activity)
  account.world.tellActivity(account, activity.event)
}

/** Lists an execution, at once or, by a fault, later. */
export function listFill(order: Order, executionId: string, quantity: Big, price: Big): Activity {
  const { account, symbol, side } = order
  const { world } = account
  const at = world.now()
  const isWhole = leftOf(order).eq(0)
  const id = activityId(at, world.hasUnlikeIds ? world.ids.uuid() : executionId)
  const activity: Activity = {
    id,
    createdAt: world.stamp(),
    isListed: false,
    execution: { id: executionId, order, quantity, price, isTakenBack: false },
    shown: {
      id,
      activity_type: 'FILL',
      transaction_time: at.toISOString(),
      type: isWhole ? 'fill' : 'partial_fill',
      price: String(price),
      qty: String(quantity),
      side,
      symbol,
      leaves_qty: String(leftOf(order)),
      order_id: order.id,
      cum_qty: String(order.filled),
      order_status: isWhole ? 'filled' : 'partially_filled',
    },
    event: tradeEvent(order, isWhole ? 'fill' : 'partial_fill', executionId, quantity, price),
  }
  record(account, activity)
  world.agenda.after(world.draws.happens('lateActivities') ? world.draws.wait('listing') : 0, () => {
    activity.isListed = !activity.isTakenOff
  })
  return activity
}

/** The event of an execution, or of its bust or correction. */
export function tradeEvent(
  order: Order,
  type: 'fill' | 'partial_fill' | 'trade_bust' | 'trade_correct',
  executionId: string,
  quantity: Big,
  price: Big,
  previousId?: string,
): Record<string, unknown> {
  const { account, symbol, side } = order
  const { world } = account
  const dollars = quantity.times(price).times(side === 'buy' ? -1 : 1)
  return {
    ...eventBase(account, 'FILL', executionId),
    qty: String(quantity),
    price: String(price),
    net_amount: String(dollars),
    ...(previousId && { previous_id: previousId }),
    details: {
      asset_id: world.asset(symbol)!.id,
      order_id: order.id,
      client_order_id: order.clientOrderId,
      execution_type: type,
      order_status: order.status,
      symbol,
      side,
      cum_qty: String(order.filled),
      leaves_qty: String(leftOf(order)),
      commission: '0',
    },
  }
}

function eventBase({ world }: Account, type: string, refId: string): Record<string, unknown> {
  return {
    at: world.stamp(),
    event_id: world.ids.ulid(),
    activity_type: type,
    executed_at: world.stamp(),
    settle_date: world.now().toISOString().slice(0, 10),
    status: 'executed',
    currency: 'USD',
    ref_id: refId,
  }
}

/** Lists something that changes an account without an order: a split, another symbol, a dividend, a fee. */
export function listOther(
  account: Account,
  type: string,
  about: { symbol?: string; quantity?: Big; dollars?: Big; perShare?: Big; subType?: string; details?: object },
): Activity {
  const { world } = account
  const at = world.now()
  const refId = world.ids.uuid()
  const id = activityId(at, refId)
  const text = (amount?: Big) => (amount === undefined ? undefined : String(amount))
  const activity: Activity = {
    id,
    createdAt: world.stamp(),
    isListed: true,
    shown: {
      id,
      activity_type: type,
      ...(about.subType && { activity_sub_type: about.subType }),
      date: at.toISOString(),
      created_at: at.toISOString(),
      net_amount: text(about.dollars) ?? '0',
      ...(about.symbol && { symbol: about.symbol }),
      ...(about.quantity && { qty: text(about.quantity) }),
      ...(about.perShare && { per_share_amount: text(about.perShare) }),
      currency: 'USD',
      status: 'executed',
    },
    event: {
      ...eventBase(account, type, refId),
      ...(about.quantity && { qty: text(about.quantity) }),
      net_amount: text(about.dollars) ?? '0',
      details: { symbol: about.symbol, ...about.details },
    },
  }
  record(account, activity)
  return activity
}

/** A page of an account's activities for a query, as the API answers it. */
export function activityPage(account: Account, query: URLSearchParams, types?: string[]): Activity['shown'][] {
  const category = query.get('category')
  const wanted = types ?? query.get('activity_types')?.split(',')
  const [after, until, date] = ['after', 'until', 'date'].map((name) => nanosOf(query.get(name) ?? ''))
  const isDown = query.get('direction') !== 'asc'
  const token = query.get('page_token')
  const day = query.get('date')?.slice(0, 10)
  const lines = account.activities
    .filter(({ isListed }) => isListed)
    .filter(({ shown: { activity_type: type } }) => !wanted || wanted.includes(type))
    .filter(({ shown }) => !category || (shown.activity_type === 'FILL') === (category === 'trade_activity'))
    .filter(({ shown }) => !query.get('order_id') || shown.order_id === query.get('order_id'))
    .filter(({ createdAt }) => after === undefined || nanosOf(createdAt)! > after)
    .filter(({ createdAt }) => until === undefined || nanosOf(createdAt)! < until)
    .filter(({ createdAt }) => date === undefined || createdAt.slice(0, 10) === day)
    .sort((one, other) => (one.id < other.id ? -1 : 1) * (isDown ? -1 : 1))
    .filter(({ id }) => !token || (isDown ? id < token : id > token))
  return lines.slice(0, Number(query.get('page_size') ?? 100)).map(({ shown }) => shown)
}
