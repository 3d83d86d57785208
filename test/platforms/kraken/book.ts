import { type Big, least, zero } from '../../../src/base/amounts.ts'
import { add, type Trade } from './account.ts'
import { isLive, leftOf, type Order, type Status } from './order.ts'
import type { Level, World } from './world.ts'

/** The orders of all accounts against the market's prices. */
export interface Book {
  /** Tries an order against the present prices. */
  match(order: Order): void
  /** The same for all orders of a pair. */
  matchAll(pairId: string): void
  /** Fills something at this price, wherever the market is. */
  fill(order: Order, quantity: Big, price: Big): void
  end(order: Order, status: Status, reason?: string): void
}

/** Kraken keeps so many decimals of a fee in dollars. */
const feeDecimals = 5

/** A book without orders. */
export function createBook(world: World): Book {
  let trades = 60_000_000

  function reached({ pair, side, limitPrice }: Order): Level[] {
    const quote = world.quotes.get(pair.id)
    const isThere = ({ price }: Level) =>
      !limitPrice || (side === 'buy' ? price.lte(limitPrice) : price.gte(limitPrice))
    return ((side === 'buy' ? quote?.asks : quote?.bids) ?? []).filter(
      (level) => (!level.size || level.size.gt(0)) && isThere(level),
    )
  }

  function match(order: Order): void {
    if (order.pair.status === 'cancel_only') return
    for (const level of reached(order)) {
      if (!isLive(order) || order.isPartOnItsWay) return
      const wanted = least(leftOf(order), order.partSize ?? leftOf(order))
      const quantity = least(level.size ?? wanted, wanted)
      if (level.size) level.size = level.size.minus(quantity)
      fill(order, quantity, level.price)
      if (!isLive(order) || !order.partSize) continue
      order.isPartOnItsWay = true
      world.agenda.after(world.draws.wait('part'), () => {
        order.isPartOnItsWay = false
        match(order)
      })
    }
  }

  function fill(order: Order, quantity: Big, price: Big): void {
    const { account, pair, side } = order
    const cost = quantity.times(price)
    const fee = cost.times(account.feeRate).round(feeDecimals)
    const trade: Trade = {
      id: `T${world.ids.letters(5)}-${world.ids.letters(5)}-${world.ids.letters(6)}`,
      number: ++trades,
      ...{ order, quantity, price, fee },
      at: world.now(),
    }
    order.filled = order.filled.plus(quantity)
    order.cost = order.cost.plus(cost)
    order.fee = order.fee.plus(fee)
    order.tradeIds.push(trade.id)
    if (world.draws.happens('lateTrades')) {
      trade.isHidden = true
      world.agenda.after(world.draws.wait('trade'), () => {
        trade.isHidden = false
      })
    }
    account.trades.push(trade)
    const sign = side === 'buy' ? 1 : -1
    add(account, pair.base, quantity.times(sign))
    add(account, pair.quote, cost.times(-sign).minus(fee))
    if (leftOf(order).eq(zero)) close(order, 'closed')
    world.tell(order, {
      exec_id: trade.id,
      trade_id: trade.number,
      last_qty: Number(quantity),
      last_price: Number(price),
      liquidity_ind: 't',
      cost: Number(cost),
      fees: [{ asset: pair.wsname.split('/')[1], qty: Number(fee) }],
    })
    if (order.status === 'closed') world.tell(order)
  }

  function close(order: Order, status: Status, reason?: string): void {
    order.status = status
    order.closedAt = world.now()
    order.reason = reason
  }

  return {
    match,
    matchAll(pairId) {
      for (const { orders } of world.accounts)
        for (const order of orders) if (order.pair.id === pairId && isLive(order)) match(order)
    },
    fill,
    end(order, status, reason) {
      if (!isLive(order)) return
      close(order, status, reason)
      world.tell(order)
    },
  }
}
