import type { Db, Trx } from '../../infra/db/client.ts'
import type { CcxtOrder, CcxtTrade, Exchange } from '../../infra/exchanges/exchange.ts'
import { claim, claimsOf, lockAccount } from '../broker-orders/claims.ts'
import { fillOf, noteSteps, type Seen, stepsOfOrders } from '../broker-orders/executions.ts'
import { type AtBroker, type Sent, sendsInDoubt } from '../broker-orders/sends.ts'
import type { OrderReport, VenueFill } from '../venue.ts'
import { exchangeIdOf } from './order-map.ts'
import { isTold, reportOf, stepOf } from './report-map.ts'

/** An order without an answer is looked for on lists for so long after its last call, in milliseconds. */
const doubtForMs = 24 * 3_600_000

/** Something that an exchange has just shown. */
export interface Shown {
  exchange: Exchange
  orders: CcxtOrder[]
  trades: CcxtTrade[]
  /** Asks for orders whose trades alone are shown. */
  lookUp(orderIds: string[]): Promise<CcxtOrder[]>
}

/**
 * Takes in what an exchange has just shown: gives orders to those of the desk that were sent without an answer, by the id that the desk gave
 * them, and writes new trades down, once. Returns the reports on the orders. Whoever shows orders or trades to the desk asks here first, so
 * that none of its own counts as somebody else's.
 */
export async function takeIn(
  db: Db,
  at: AtBroker,
  { exchange, orders, trades, lookUp }: Shown,
  now: Date,
): Promise<OrderReport[]> {
  const known = await knownOf(db, at, orders, trades, now)
  // The order of a trade that belongs to nobody may be one whose answer is on its way.
  const strangers = [...new Set(trades.flatMap(({ order }) => order ?? []))].filter(
    (id) => !known.claims.has(id) && !orders.some((one) => one.id === id),
  )
  const more = known.doubtful.length > 0 && strangers.length > 0 ? await lookUp(strangers) : []
  const all = [...orders, ...more]
  const fresh = trades.map((trade) => stepOf(exchange, trade)).filter((step) => !known.steps.has(step.id))
  const matches = matchesIn(all, known)
  if (fresh.length > 0 || matches.length > 0) {
    await db.transaction().execute(async (trx: Trx) => {
      await lockAccount(trx, at)
      for (const one of matches) await claim(trx, at, { ...one, isTold: true }, now)
      const written = await stepsOfOrders(trx, at, [...new Set(fresh.map(({ orderId }) => orderId))])
      const ids = new Set([...written.values()].flat().map(({ id }) => id))
      await noteSteps(
        trx,
        at,
        fresh.filter(({ id }) => !ids.has(id)),
      )
    })
  }
  return reportsOn(db, at, orders.filter(isTold))
}

/** What is known of the shown orders and trades. */
interface Known {
  claims: Map<string, string>
  steps: Set<string>
  doubtful: Sent[]
}

async function knownOf(db: Db, at: AtBroker, orders: CcxtOrder[], trades: CcxtTrade[], now: Date): Promise<Known> {
  const ids = [...new Set([...orders.map(({ id }) => id), ...trades.flatMap(({ order }) => order ?? [])])]
  const tradeOrders = [...new Set(trades.map((trade) => trade.order ?? `trade ${trade.id}`))]
  // Orders in doubt are read first: a claim that comes in between counts all the same.
  const doubtful = await sendsInDoubt(db, at, new Date(now.getTime() - doubtForMs))
  const [claims, steps] = await Promise.all([claimsOf(db, at, ids), stepsOfOrders(db, at, tradeOrders)])
  return { claims, steps: new Set([...steps.values()].flat().map(({ id }: Seen) => id)), doubtful }
}

/** The orders that belong to the desk by the id that it gave them. */
function matchesIn(orders: CcxtOrder[], { claims, doubtful }: Known): { orderId: string; clientOrderId: string }[] {
  if (doubtful.length === 0) return []
  const byId = new Map(
    doubtful.flatMap(({ clientOrderId, refusedCalls }) =>
      Array.from({ length: refusedCalls + 1 }, (_, attempt) => [exchangeIdOf(clientOrderId, attempt), clientOrderId]),
    ) as [string, string][],
  )
  return orders.flatMap(({ id, clientOrderId: shown }) => {
    const clientOrderId = shown === undefined || claims.has(id) ? undefined : byId.get(shown.toLowerCase())
    return clientOrderId === undefined ? [] : [{ orderId: id, clientOrderId }]
  })
}

async function reportsOn(db: Db, at: AtBroker, orders: CcxtOrder[]): Promise<OrderReport[]> {
  const ids = orders.map(({ id }) => id)
  const [claims, steps] = await Promise.all([claimsOf(db, at, ids), stepsOfOrders(db, at, ids)])
  return orders.map((order) => {
    const clientOrderId = claims.get(order.id) ?? order.id
    return reportOf(at.account, clientOrderId, order, fillsIn(at.account, clientOrderId, steps.get(order.id)))
  })
}

/** The steps of an order as fills, oldest first. */
export const fillsIn = (account: string, clientOrderId: string, steps: Seen[] = []): VenueFill[] =>
  steps.map((one) => fillOf(account, clientOrderId, one)).sort((a, b) => a.filledAt.getTime() - b.filledAt.getTime())
