import { Big, zero } from '../../../src/base/amounts.ts'
import type { Answer } from '../broker/answering.ts'
import { partOf } from '../broker/parts.ts'
import { type Account, heldOf, reserved } from './account.ts'
import type { Book } from './book.ts'
import { isLive, leftOf, type Order, sentenceOf } from './order.ts'
import { Refusal } from './refusals.ts'
import { pairNamed, type World } from './world.ts'

/** AddOrder, AmendOrder and CancelOrder of an account. */
export interface Trading {
  place(account: Account, given: URLSearchParams): Answer
  amend(account: Account, given: URLSearchParams): Answer
  cancel(account: Account, given: URLSearchParams): Answer
}

/** Every parameter that this server knows; another one is a mistake of its client. */
const placing = ['nonce', 'pair', 'type', 'ordertype', 'volume', 'price', 'cl_ord_id', 'userref', 'oflags', 'deadline']
const amending = ['nonce', 'txid', 'cl_ord_id', 'order_qty', 'limit_price', 'deadline']
const cancelling = ['nonce', 'txid', 'cl_ord_id']
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function createTrading(world: World, book: Book): Trading {
  const result = (body: object): Answer['body'] => ({ error: [], result: body })

  function onlyKnown(given: URLSearchParams, names: string[]): void {
    for (const name of given.keys()) if (!names.includes(name)) throw new Refusal(`EGeneral:Invalid arguments:${name}`)
  }

  function amountIn(given: URLSearchParams, name: string, decimals: number): Big {
    const text = given.get(name) ?? ''
    if (!/^\d+(\.\d+)?$/.test(text) || new Big(text).lte(0)) throw new Refusal(`EGeneral:Invalid arguments:${name}`)
    const amount = new Big(text)
    if (!amount.round(decimals, Big.roundDown).eq(amount))
      throw new Refusal(
        name === 'volume' ? 'EGeneral:Invalid arguments:volume' : 'EOrder:Invalid price:Tick size check failed',
      )
    return amount
  }

  /** A deadline lies between two seconds and a minute ahead; an order that is late is not taken. */
  function checkDeadline(given: URLSearchParams): void {
    const text = given.get('deadline')
    if (text === null) return
    const ahead = Date.parse(text) - world.now().getTime()
    if (Number.isNaN(ahead) || ahead > 60_000) throw new Refusal('EGeneral:Invalid arguments:deadline')
    if (ahead < 0) throw new Refusal('EService:Deadline elapsed')
  }

  function place(account: Account, given: URLSearchParams): Answer {
    onlyKnown(given, placing)
    const pair = pairNamed(world, given.get('pair') ?? undefined)
    if (!pair) throw new Refusal('EQuery:Unknown asset pair')
    if (pair.status !== 'online') throw new Refusal(`EService:Market in ${pair.status} mode`)
    checkDeadline(given)
    const [side, type] = [given.get('type'), given.get('ordertype')]
    if (side !== 'buy' && side !== 'sell') throw new Refusal('EGeneral:Invalid arguments:type')
    if (type !== 'market' && type !== 'limit') throw new Refusal('EGeneral:Invalid arguments:ordertype')
    const quantity = amountIn(given, 'volume', pair.lotDecimals)
    if (quantity.lt(pair.orderMin)) throw new Refusal('EOrder:Order minimum not met')
    const limitPrice = type === 'limit' ? amountIn(given, 'price', pair.priceDecimals) : undefined
    const quote = world.quotes.get(pair.id)
    const price = limitPrice ?? (side === 'buy' ? quote?.asks : quote?.bids)?.[0]?.price
    if (!price) throw new Refusal('EOrder:Market order: no liquidity')
    const cost = quantity.times(price)
    if (cost.lt(pair.costMin)) throw new Refusal('EOrder:Cost minimum not met')
    const clientId = given.get('cl_ord_id') ?? undefined
    if (clientId !== undefined && !uuid.test(clientId) && clientId.length > 18)
      throw new Refusal('EGeneral:Invalid arguments:cl_ord_id')
    if (account.orders.some((one) => isLive(one) && one.clientId !== undefined && one.clientId === clientId))
      throw new Refusal('EOrder:cl_ord_id not unique')
    const [asset, needed] = side === 'sell' ? [pair.base, quantity] : [pair.quote, cost.times(account.feeRate.plus(1))]
    if (heldOf(account, asset).minus(reserved(account, asset)).lt(needed))
      throw new Refusal('EOrder:Insufficient funds')
    const order: Order = {
      id: `O${world.ids.letters(5)}-${world.ids.letters(5)}-${world.ids.letters(6)}`,
      ...{ account, pair, side, type, quantity, limitPrice, clientId },
      oflags: given.get('oflags') ?? (side === 'buy' ? 'fciq' : 'fcib'),
      status: 'open',
      ...{ filled: zero, cost: zero, fee: zero },
      openedAt: world.now(),
      tradeIds: [],
      isPartOnItsWay: false,
    }
    if (world.draws.happens('parts')) order.partSize = partOf(quantity, world.draws.between([2, 5]))
    account.orders.push(order)
    return {
      status: 200,
      body: result({ descr: { order: sentenceOf(order) }, txid: [order.id] }),
      proceed() {
        if (world.draws.happens('unknownStatuses')) hideStatus(order)
        world.tell(order)
        book.match(order)
        // The rest of an order at the market finds nobody.
        if (order.type === 'market' && !order.isPartOnItsWay && isLive(order) && !world.quotes.get(pair.id))
          book.end(order, 'canceled', 'No liquidity')
      },
    }
  }

  function hideStatus(order: Order): void {
    order.shownStatus = 'restated'
    world.agenda.after(world.draws.wait('status'), () => {
      order.shownStatus = undefined
    })
  }

  function liveOrder({ orders }: Account, given: URLSearchParams): Order {
    const [id, clientId] = [given.get('txid'), given.get('cl_ord_id')]
    const found = orders.find((one) => isLive(one) && (id === null ? one.clientId === clientId : one.id === id))
    if (!found) throw new Refusal('EOrder:Unknown order')
    return found
  }

  return {
    place,
    amend(account, given) {
      onlyKnown(given, amending)
      const order = liveOrder(account, given)
      if (order.type !== 'limit') throw new Refusal('EOrder:Invalid order')
      const limitPrice = amountIn(given, 'limit_price', order.pair.priceDecimals)
      if (order.side === 'buy') {
        const { quote } = order.pair
        const needed = leftOf(order).times(limitPrice)
        if (
          heldOf(account, quote)
            .minus(reserved(account, quote, order))
            .lt(needed)
        )
          throw new Refusal('EOrder:Insufficient funds')
      }
      const isSlow = world.draws.happens('slowAmends')
      return {
        status: 200,
        body: result({ amend_id: `T${world.ids.letters(5)}-${world.ids.letters(5)}-${world.ids.letters(6)}` }),
        proceed: () =>
          world.agenda.after(isSlow ? world.draws.wait('result') : 0, () => {
            if (!isLive(order)) return
            order.limitPrice = limitPrice
            world.tell(order)
            book.match(order)
          }),
      }
    },
    cancel(account, given) {
      onlyKnown(given, cancelling)
      const order = liveOrder(account, given)
      const isRaced = world.draws.happens('racingCancels')
      const isSlow = isRaced || world.draws.happens('slowCancels')
      return {
        status: 200,
        body: result({ count: 1, ...(isSlow && { pending: true }) }),
        proceed: () =>
          world.agenda.after(isSlow ? world.draws.wait('result') : 0, () => {
            if (isRaced && isLive(order) && order.limitPrice) {
              const half = order.quantity.minus(order.filled).div(2).round(order.pair.lotDecimals, Big.roundDown)
              if (half.gt(0)) book.fill(order, half, order.limitPrice)
            }
            book.end(order, 'canceled', 'User requested')
          }),
      }
    },
  }
}
