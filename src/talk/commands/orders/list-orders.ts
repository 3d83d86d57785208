import { floorTo } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import type { Market } from '../../../market/market.ts'
import { quoteToShow } from '../../../market/to-show.ts'
import type { Speaker } from '../../../trading/accounts/rows/members.ts'
import { ordersOfOthers } from '../../../trading/orders/rows/orders-of-others.ts'
import { type RestingOrder, restingOrders } from '../../../trading/orders/rows/working-orders.ts'
import type { Parts } from '../../../trading/parts.ts'
import { waitingExits } from '../../../trading/protection/rows/unfinished-exits.ts'
import { orderByNumber } from '../../../trading/scaleouts/rows/tasks.ts'
import { openScheduled } from '../../../trading/schedule/rows/scheduled-orders.ts'
import { type Columns, linesIn } from '../../chat/columns.ts'
import { orderAction } from '../../wording/actions.ts'
import { othersHint, otherText } from '../../wording/orders-of-others.ts'
import { orderCells, orderColumns, orderName, waitingText } from '../../wording/working-orders.ts'
import { type Command, type Outcome, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { orderLines } from '../tasks/show-task.ts'

export const listOrders: Command = {
  name: 'orders',
  aliases: ['open orders', 'working orders'],
  phrases: [
    {
      full: `open orders, working orders, pending orders, resting orders, what's working, what is working,
        list orders, what orders are working, what orders do i have, any open orders, any working orders, ords`,
    },
  ],
  description: 'Your working orders: age, and distance to the market',
  category: 'Orders',
  position: 44,
  effect: 'reads',
  usage: 'orders [NUMBER]',
  example: 'orders',
  detail:
    'Every working order with its number, how old it is, what was filled of it, and how far the market is from its limit or stop. `order 3` shows one in detail, also when it has ended. `move 1 1.10` gives number 1 another price, `cancel 1` takes it back, `cancel all` all of them.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'quantity', type: 'quantity', description: 'The number of one, to see it in detail' }],
  asks: () => false,
  async run({ parts, speaker }, { words: given }) {
    if (given.quantity !== undefined) return showOrder(parts, speaker, given.quantity)
    const { accountId } = speaker
    const [orders, waiting, scheduled, others] = await Promise.all([
      restingOrders(parts.db, accountId),
      waitingExits(parts.db, accountId),
      openScheduled(parts.db, accountId),
      ordersOfOthers(parts.db, accountId),
    ])
    const later = [
      ...waiting.map((exit) => `${waitingText(exit)} · \`cancel ${exit.number}\` takes it back`),
      ...others.map((order) => `👁️ ${otherText(order)} is open there, and not the desk’s; ${othersHint(order.symbol)}`),
      ...laterLines(scheduled.length),
    ]
    if (orders.length === 0)
      return say(['📋 No working orders.', ...later, ...(await exampleOf(parts.market))].join('\n'))
    const limited = orders.find(({ limitPrice, stopPrice }) => (limitPrice === undefined) !== (stopPrice === undefined))
    const { number } = limited ?? orders[0]!
    const move = limited ? `\`move ${number} PRICE\` changes the price, ` : ''
    const hint = `💡 ${move}\`cancel ${number}\` takes it back`
    const columns = await columnsOf(parts, orders)
    const text = ['📋 WORKING ORDERS', ...linesIn(columns), ...later, hint].join('\n')
    return { replies: [{ text, columns, actions: [orders.map((order) => orderAction({ ...order, accountId }))] }] }
  },
}

/** One order by its number, working or ended. */
async function showOrder(
  { db }: Pick<Parts, 'db'>,
  { accountId, timeZone }: Speaker,
  said: string,
): Promise<Outcome | Refusal> {
  const number = Number(said)
  const order = await orderByNumber(db, accountId, number)
  if (order) return say(orderLines(`ORDER ${number}`, order, timeZone ?? exchangeZone).join('\n'))
  const working = (await restingOrders(db, accountId)).map(orderName).join(', ')
  return new Refusal(
    'NO_SUCH_ORDER',
    `You have no order ${said.slice(0, 20)}, working or ended.`,
    working === '' ? '`orders` lists those that work, `tasks` and `history` what runs and ran' : `Working: ${working}`,
  )
}

const laterLines = (count: number) =>
  count > 0
    ? [
        `⏰ ${count} ${count === 1 ? 'order is' : 'orders are'} for later: \`schedule\` lists ${count === 1 ? 'it' : 'them'}`,
      ]
    : []

/** An example of an order that would rest: a buy a little under the market. */
async function exampleOf(market: Market): Promise<string[]> {
  const symbol = exampleSymbol(market)
  const [quote, instrument] = [await quoteToShow(market, symbol), market.instrument(symbol)]
  const limit = quote && instrument && floorTo(quote.bid.times('0.95'), instrument.tick)
  return limit?.gt(0) ? [`💡 \`buy 100 ${symbol} @ ${limit.toFixed()}\` makes one`] : []
}

async function columnsOf({ market, clock }: Pick<Parts, 'market' | 'clock'>, orders: RestingOrder[]): Promise<Columns> {
  const now = clock.now()
  const rows = await Promise.all(
    orders.map(async (order) => orderCells(order, await quoteToShow(market, order.symbol), now)),
  )
  return { columns: orderColumns, rows }
}
