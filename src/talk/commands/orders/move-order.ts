import type { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { type RestingOrder, restingOrders } from '../../../trading/orders/rows/working-orders.ts'
import { strangeLimit } from '../../../trading/orders/strange-limit.ts'
import { atTheMarket, moveOrder, twoPrices } from '../../../trading/orders/working-orders.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { type NumberedOrder, orderName } from '../../wording/working-orders.ts'
import { type Ask, type Command, choose, enter, numbered, say } from '../command.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded } from '../symbol.ts'
import { onTick } from './limit-price.ts'

/** The next step of `move`: a question, a refusal, or the new price. */
export function nextOfMove(
  order: RestingOrder,
  instrument: Instrument,
  quote: Quote | undefined,
  slots: SlotValues,
): Ask | Refusal | { declined: true } | { price: Big } {
  const { words: given } = slots
  if (given.sure === 'no') return { declined: true }
  const from = order.limitPrice ?? order.stopPrice
  if (!from) return atTheMarket(order)
  if (order.limitPrice && order.stopPrice) return twoPrices(order)
  const kind = order.stopPrice ? 'stop' : 'limit'
  const known = { ...given, quantity: String(order.number) }
  if (slots.price === undefined) {
    const text = `Enter the new ${kind} price of ${orderName(order)}:`
    return enter('price', 'number', kind === 'stop' ? 'Stop price' : 'Limit price', text, known)
  }
  const price = onTick(slots.price, instrument)
  if (price instanceof Refusal) return price
  if (price.eq(from)) {
    return new Refusal('PRICE_UNCHANGED', `${orderName(order)} is there already. Nothing was done.`)
  }
  const strange = quote && kind === 'limit' && strangeLimit(order.side, price, quote)
  if (!strange || given.sure === 'yes') return { price }
  const lines = numbered(['YES - Move it', 'NO - Leave it'])
  const short = order.side === 'sell' && order.positionId === undefined ? '\nIt is a short sale.' : ''
  const text = `🤔 IS THAT RIGHT? ${orderName(order)} → ${priceText(price)}\n${strange}.${short}\n${lines}\n\n💡 Reply with 1 or 2`
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  return choose('sure', 'Is that price right?', text, choices, { ...known, price: price.toFixed() })
}

const nothingMoved = () => say('OK, nothing was moved.')

export const moveWorkingOrder: Command = {
  name: 'move',
  aliases: [],
  phrases: [{ full: 'move order, change order, amend order, modify order, reprice order, reprice' }],
  description: 'Give a working order another price',
  category: 'Orders',
  position: 45,
  effect: 'trades',
  restate: (given) => restated('move an order', given),
  usage: 'move NUMBER PRICE',
  example: 'move 1 1.10',
  detail:
    'Gives a working order another limit price, or one with only a stop another stop; it keeps its number. `orders` shows the numbers.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'quantity', type: 'quantity', required: true, description: 'The number of the order' },
    { name: 'price', type: 'price', description: 'Its new limit in dollars' },
  ],
  asks: ({ price }) => price === undefined,
  async run({ parts, speaker }, slots) {
    const { words: given } = slots
    if (given.sure === 'no') return nothingMoved()
    const orders = await restingOrders(parts.db, speaker.accountId)
    const order = orderMeant(orders, given)
    if (order instanceof Refusal) return order
    const instrument = parts.market.instrument(order.symbol)
    if (!instrument) return notTraded(order.symbol, parts.market.name)
    const decided = nextOfMove(order, instrument, await parts.market.quote(order.symbol), slots)
    if ('declined' in decided) return nothingMoved()
    if (!('price' in decided)) return decided
    const { accountId, memberId, conversationId } = speaker
    const moved = await moveOrder(parts, { accountId, memberId, conversationId, number: order.number, ...decided })
    return moved instanceof Refusal ? moved : { replies: repliesOf(moved) }
  },
}

/** The order with the named number; without a number, the only order. */
function orderMeant(orders: RestingOrder[], { quantity }: Given): RestingOrder | Refusal {
  if (orders.length === 0) return noOrders()
  const order = quantity === undefined ? undefined : orders.find(({ number }) => String(number) === quantity)
  if (order) return order
  if (quantity === undefined && orders.length === 1) return orders[0]!
  return quantity === undefined
    ? new Refusal(
        'WHICH_ORDER',
        'Which order? Nothing was done.',
        `Say its number: ${orders.map(orderName).join(', ')}`,
      )
    : noSuchOrder(quantity, orders)
}

/** The refusal without any working order. */
export function noOrders(): Refusal {
  return new Refusal('NO_ORDERS', 'You have no working orders. Nothing was done.', '`orders` lists them when there are')
}

/** The refusal of a number that no working order has. */
export function noSuchOrder(number: string, orders: NumberedOrder[]): Refusal {
  const have = orders.length > 0 ? `Working: ${orders.map(orderName).join(', ')}` : '`orders` lists them when there are'
  return new Refusal('NO_SUCH_ORDER', `You have no working order ${number.slice(0, 20)}. Nothing was done.`, have)
}
