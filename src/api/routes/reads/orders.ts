import { csvText } from '../../../base/csv-text.ts'
import { Refusal } from '../../../base/refusal.ts'
import { type ListedFill, type ListedOrder, listFills, listOrders } from '../../../trading/orders/rows/order-list.ts'
import { averageFillPrice, isLive, leftOf } from '../../../trading/orders/rules/order-lifecycle.ts'
import type { Fill, Order } from '../../contract/orders.ts'
import type { Context, Handlers } from '../context.ts'
import { decimal, instant } from './decimals.ts'
import { asFile, fileName, linesOf } from './files.ts'
import { pageOf, partOf } from './pages.ts'

export const orderReads: Pick<Handlers, 'orders' | 'fills' | 'fillLines' | 'fillTable'> = {
  async orders({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const { state = 'live', symbol } = query
    const filter = { state, symbol: symbol?.toUpperCase(), before: part.after, most: part.limit + 1 }
    return pageOf(await listOrders(parts.db, accountId, filter), part, orderItem, ({ order }) => order.id)
  },
  async fills({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const fills = await listFills(parts.db, accountId, {
      ...filterOf(query),
      before: part.after,
      most: part.limit + 1,
    })
    return pageOf(fills, part, fillItem, ({ id }) => id)
  },
  async fillLines(context, { query }) {
    const { accountId } = context
    return asFile(fileName(context, 'fills', { accountId, ending: 'jsonl' }), linesOf(await exported(context, query)))
  },
  async fillTable(context, { query }) {
    const { accountId } = context
    const rows = (await exported(context, query)).map((fill) => columns.map((name) => fill[name]))
    return asFile(fileName(context, 'fills', { accountId, ending: 'csv' }), csvText(columns, rows))
  },
}

/** The columns of a table of fills. */
const columns = [
  ...(['id', 'at', 'symbol', 'side', 'quantity', 'price', 'commission', 'realizedPnl'] as const),
  ...(['purpose', 'order', 'reverses'] as const),
]

/** Fills in one file. For more, a request names a shorter time. */
const mostExported = 10_000

interface Wanted {
  symbol?: string
  from?: string
  to?: string
}

async function exported({ parts, accountId }: Context, query: Wanted): Promise<Fill[]> {
  const fills = await listFills(parts.db, accountId, { ...filterOf(query), most: mostExported })
  return fills.map(fillItem).reverse()
}

function filterOf({ from, to, symbol }: Wanted) {
  return {
    symbol: symbol?.toUpperCase(),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  }
}

function orderItem({ order, scaleoutId, because, endedAt }: ListedOrder): Order {
  const { filledQuantity, protects } = order
  // Protection at the venue has a stop, a target, or both: one ends the other.
  const [limit, stop] = protects ? [protects.target, protects.stop] : [order.limit?.price, order.stop]
  return {
    ...{ id: order.id, symbol: order.symbol, side: order.side, purpose: order.purpose, state: order.state },
    number: order.number ?? null,
    type: limit ? (stop ? (protects ? 'oco' : 'stop_limit') : 'limit') : stop ? 'stop' : 'market',
    quantity: order.quantity.toFixed(),
    filled: filledQuantity.toFixed(),
    left: leftOf(order).toFixed(),
    limit: decimal(limit),
    stop: decimal(stop),
    averagePrice: filledQuantity.gt(0) ? averageFillPrice(order).toFixed() : null,
    realizedPnl: order.realizedPnl.toFixed(),
    isLive: isLive(order),
    because: because ?? null,
    scaleout: scaleoutId ?? null,
    createdAt: order.createdAt.toISOString(),
    expiresAt: instant(order.limit?.expiresAt),
    endedAt: instant(endedAt),
  }
}

function fillItem(fill: ListedFill): Fill {
  return {
    ...{ id: fill.id, order: fill.orderId, symbol: fill.symbol, side: fill.side, purpose: fill.purpose },
    quantity: fill.quantity.toFixed(),
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    realizedPnl: fill.realizedPnl.toFixed(),
    at: fill.filledAt.toISOString(),
    reverses: fill.reverses ?? null,
  }
}
