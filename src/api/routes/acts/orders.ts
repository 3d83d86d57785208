import { Big } from '../../../base/amounts.ts'
import { dollarsText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import { instrumentMeant } from '../../../talk/commands/instrument-meant.ts'
import { entryLevels } from '../../../talk/commands/orders/entry-levels.ts'
import type { Trade } from '../../../talk/commands/orders/trade-plan.ts'
import { inLots, priceFrom, quantityFrom } from '../../../talk/commands/quantity.ts'
import { accountFor } from '../../../trading/accounts/rows/accounts.ts'
import { confirmAbove } from '../../../trading/accounts/rows/confirmation.ts'
import { enterPosition } from '../../../trading/orders/enter.ts'
import { exitPosition } from '../../../trading/orders/exit.ts'
import { noFreshPrice, priceNow, quoteToExit } from '../../../trading/orders/fresh-price.ts'
import { refusedExit } from '../../../trading/orders/held.ts'
import { numberedOrders } from '../../../trading/orders/rows/working-orders.ts'
import { strangeLimit } from '../../../trading/orders/strange-limit.ts'
import { takenFrom } from '../../../trading/orders/taken-from.ts'
import { cancelOrders, moveOrder } from '../../../trading/orders/working-orders.ts'
import { openPosition } from '../../../trading/positions/rows/positions.ts'
import { closingSide } from '../../../trading/positions/rules/position.ts'
import type { WantedLevel } from '../../../trading/protection/wanted-level.ts'
import { speakerOf } from '../carry-out.ts'
import type { ActContext, Handlers } from '../context.ts'
import { confirmFirst, notTraded } from './position-named.ts'
import { toldOf, toldOfOrder } from './tell.ts'

export const orderActs: Pick<Handlers, 'placeOrder' | 'moveOrder' | 'cancelOrder'> = {
  /** Opens, adds, or takes from a position; an order never turns one around. */
  async placeOrder(context, { body }) {
    const { parts, inboundId } = context
    const said = quantityFrom(body.quantity)
    const instrument = await instrumentMeant(parts, speakerOf(context).accountId, body.symbol, { quantity: said })
    if (!instrument) return notTraded(body.symbol.toUpperCase())
    const { symbol } = instrument
    const quantity = said instanceof Refusal ? said : inLots(said, instrument)
    if (quantity instanceof Refusal) return quantity
    const [limitPrice, stopPrice] = [priceIn(body.limit), priceIn(body.stop)]
    if (limitPrice instanceof Refusal) return limitPrice
    if (stopPrice instanceof Refusal) return stopPrice
    const speaker = speakerOf(context)
    const { side } = body
    const [quote, position] = await Promise.all([
      quoteToExit(parts, symbol),
      openPosition(parts.db, speaker.accountId, symbol),
    ])
    const noFresh = await noFreshPrice(parts, { accountId: speaker.accountId, symbol, side, quote, position })
    if (noFresh) return noFresh
    const price = limitPrice ?? stopPrice ?? priceNow(side, quote, position)
    const unconfirmed = body.confirm ? undefined : await doubt(context, { side, price, quantity, limitPrice }, quote)
    if (unconfirmed) return unconfirmed
    const closes = position !== undefined && closingSide(position.signedQuantity) === side
    const open = position?.signedQuantity.abs()
    if (closes && quantity.gt(open!)) return beyond(symbol, quantity, open!)
    const trade: Trade = {
      side,
      price,
      ...(closes ? { exit: { positionId: position.id, quantity, isAll: false } } : { enter: quantity }),
    }
    const levels = entryLevels(trade, { words: {}, ...levelsIn(body) }, quote, position)
    if (levels instanceof Refusal) return levels
    const expiresAt = body.expiresAt === undefined ? undefined : new Date(body.expiresAt)
    await accountFor(parts.db, speaker)
    const { accountId, memberId } = speaker
    const conversationId = position?.conversationId ?? context.conversationId
    const isExtended = body.extended
    const terms = { accountId, memberId, conversationId, symbol, limitPrice, stopPrice, expiresAt, isExtended }
    if (!closes) {
      const clientOrderId = `enter-${inboundId}`
      const entry = { ...terms, clientOrderId, side, quantity, onto: position?.id }
      const entered = await enterPosition(parts, { ...entry, ...(levels.length > 0 && { levels }) })
      return toldOfOrder(context, entered, clientOrderId)
    }
    const refused = await refusedExit(parts.db, position, quantity)
    if (refused) return refused
    const clientOrderId = `trim-${inboundId}`
    const exited = await exitPosition(parts, {
      ...terms,
      clientOrderId,
      purpose: 'trim',
      quantity: (locked) => takenFrom(locked, { positionId: position.id, quantity, isAll: false }),
    })
    return toldOfOrder(context, exited, clientOrderId)
  },
  async moveOrder(context, { params, body }) {
    const price = priceFrom(body.price)
    if (price instanceof Refusal) return price
    const whose = await whoseOrder(context, params.number)
    return toldOf(context, await moveOrder(context.parts, { ...whose, price }))
  },
  async cancelOrder(context, { params }) {
    return toldOf(context, await cancelOrders(context.parts, await whoseOrder(context, params.number)))
  },
}

/** The refusal of what chat would ask about: a large order, or a limit that looks like a typing error. */
async function doubt(
  { parts, accountId }: ActContext,
  order: { side: 'buy' | 'sell'; price: Big; quantity: Big; limitPrice?: Big },
  quote: Quote | undefined,
): Promise<Refusal | undefined> {
  const strange = quote && order.limitPrice && strangeLimit(order.side, order.limitPrice, quote)
  if (strange) return confirmFirst(strange)
  const above = await confirmAbove(parts.db, accountId)
  const worth = order.price.times(order.quantity)
  if (!above || worth.lte(above)) return undefined
  return confirmFirst(`The order is worth ${dollarsText(worth)}, and above ${dollarsText(above)} the desk asks first`)
}

/** The ids for an act about a working order, which is told where the order was made. */
async function whoseOrder({ parts, accountId, caller, ...context }: ActContext, number: number) {
  const order = (await numberedOrders(parts.db, accountId)).find((one) => one.number === number)
  const conversationId = order?.conversationId ?? context.conversationId
  return { accountId, memberId: caller.memberId, conversationId, number }
}

const priceIn = (text: string | undefined) => (text === undefined ? undefined : priceFrom(text))

function levelsIn({ stopLoss, takeProfit }: { stopLoss?: string; takeProfit?: string }) {
  const at = (kind: WantedLevel['kind'], text: string): WantedLevel => ({ kind, at: 'price', price: new Big(text) })
  return {
    ...(stopLoss !== undefined && { stopLoss: at('stop', stopLoss) }),
    ...(takeProfit !== undefined && { takeProfit: at('target', takeProfit) }),
  }
}

function beyond(symbol: string, quantity: Big, open: Big): Refusal {
  const sentence = `${quantityText(quantity)} is more than the ${quantityText(open)} ${symbol} that are open, and an order here turns no position around. Nothing was done.`
  return new Refusal('QUANTITY_EXCEEDS_POSITION', sentence, 'Close the position first, then open the other side')
}
