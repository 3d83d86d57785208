import { setTimeout as wait } from 'node:timers/promises'
import { type Big, isMultiple } from '../../base/amounts.ts'
import { refused } from '../shared/answers.ts'
import type { Cancelled, OrderReference, Replaced } from '../venue.ts'
import type { CcxtParts } from './parts.ts'
import { pairOf, tickOf } from './symbols.ts'

/** The waits between looks at an order that is being changed, in milliseconds; the sweep sees what takes longer. */
const looksMs = [0, 50, 200, 500]
const pairText = (symbol: string) => symbol.replace('-', '/')

/** Asks the exchange to fill no more of an order. */
export async function cancelOrder(parts: CcxtParts, reference: OrderReference): Promise<Cancelled> {
  const { client, title } = parts
  // A cancel may race with a fill; then the order is looked at again.
  for (let tries = 0; ; tries++) {
    const report = await parts.find(reference, true)
    if (!report) return refused('NO_SUCH_ORDER', `${title} does not show the order`)
    if (report.state !== 'working') return { outcome: 'ended', report }
    const answer = await client.call(reference.account, 'exit', (exchange) =>
      exchange.cancelOrder(report.venueOrderId, pairText(report.symbol)),
    )
    if (answer.outcome === 'done') return { outcome: 'asked' }
    if (tries > 0 || answer.code === 'TOO_MANY_REQUESTS')
      return answer.code === 'NO_SUCH_ORDER' ? { ...answer, code: 'NOT_CHANGEABLE' } : answer
  }
}

/** Gives an order another limit, where the exchange keeps the order then; elsewhere it would be another order in its place. */
export async function replaceOrder(parts: CcxtParts, reference: OrderReference, price: Big): Promise<Replaced> {
  const { client, quirks, title } = parts
  const { account } = reference
  if (!quirks.canAmend) return refused('NOT_CHANGEABLE', `${title} changes no order; cancel it and place another`)
  if (price.lte(0)) return refused('BAD_PRICE', `${price} is not a price`)
  const report = await parts.find(reference)
  if (!report) return refused('NO_SUCH_ORDER', `${title} does not show the order`)
  const { state, symbol, side, venueOrderId, limitPrice } = report
  if (state !== 'working') return refused('NOT_CHANGEABLE', `the order is ${state}`)
  if (!limitPrice) return refused('NOT_CHANGEABLE', 'an order at the market has no price')
  const tick = tickOf(pairOf(await client.open(account), symbol)!)
  if (!isMultiple(price, tick))
    return refused('BAD_PRICE', `prices of ${symbol} at ${title} are multiples of ${tick.toFixed()}`)
  const answer = await client.call(account, 'entry', (exchange) =>
    exchange.editOrder(venueOrderId, pairText(symbol), 'limit', side, undefined, price.toFixed()),
  )
  if (answer.outcome === 'refused') {
    const isOfOrder = ['OTHER', 'NO_SUCH_ORDER', 'NOT_ENOUGH_HELD'].includes(answer.code)
    return isOfOrder ? { ...answer, code: 'NOT_CHANGEABLE' } : answer
  }
  for (const ms of looksMs) {
    if (ms > 0) await wait(ms)
    const now = await parts.find(reference)
    if (now?.limitPrice?.eq(price)) return { outcome: 'replaced', report: now }
    if (now && now.state !== 'working') return refused('NOT_CHANGEABLE', 'the order ended first')
  }
  return { outcome: 'asked' }
}
