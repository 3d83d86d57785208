import type { Db } from '../../infra/db/client.ts'
import type { CcxtOrder, CcxtTrade, Exchange } from '../../infra/exchanges/exchange.ts'
import { venueTitle } from '../../trading/accounts/rules/account-mode.ts'
import { orderIdsOf } from '../broker-orders/claims.ts'
import { cursorOf, placeIn } from '../broker-orders/cursor.ts'
import { feesBehind, fillsBehind, lastPlace, stepsOfOrders, symbolsSent } from '../broker-orders/executions.ts'
import { type AtBroker, findSend } from '../broker-orders/sends.ts'
import type { VenueAccess } from '../links/venue-access.ts'
import { answered, isWhole } from '../shared/answers.ts'
import { type Budgets, createBudgets } from '../shared/budgets.ts'
import { createNews } from '../shared/news.ts'
import { createCallLog, providersOf } from '../shared/providers.ts'
import { type OrderEvent, type OrderReference, type OrderReport, type Venue, VenueError } from '../venue.ts'
import { createAccountFacts } from './account.ts'
import { fillsIn, takeIn } from './book.ts'
import { cancelOrder, replaceOrder } from './change.ts'
import { createCcxtClient, trace } from './client.ts'
import { createClients } from './clients.ts'
import { endedOrdersIn, openOrdersIn, tradesIn } from './lists.ts'
import type { CcxtParts } from './parts.ts'
import { quirksOf } from './quirks.ts'
import { submitOrder } from './submit.ts'
import { openWatch, type PairHint, usualWatchTimes, type WatchTimes } from './watch.ts'

/** The settings of `createCcxtVenue`. */
export interface CcxtVenueOptions {
  /** CCXT's id of the exchange, such as `kraken`; also the name of the venue. */
  exchange: string
  /** Which of the exchange's orders is which of the desk's, and what was seen filled, is kept here. */
  db: Db
  access: VenueAccess
  /** Another host in place of the exchange's, for tests. */
  urls?: string
  now(): Date
  /** The budgets of requests; the venues of a process share them. */
  budgets?: CcxtBudgets
  /** Times that tests shorten, in milliseconds. */
  times?: Partial<CcxtTimes>
}

export interface CcxtBudgets {
  looks: Budgets
  orders: Budgets
}

/** The budgets of an exchange, full at first. */
export function createCcxtBudgets(exchange: string): CcxtBudgets {
  const { looks, orders } = quirksOf(exchange)
  return { looks: createBudgets(looks), orders: createBudgets(orders) }
}

/** Times of the venue, in milliseconds. */
export interface CcxtTimes extends WatchTimes {
  /** The longest wait for an answer to an order or a change, and to a look. */
  orderPatienceMs: number
  lookPatienceMs: number
  /** The longest wait before the next connection of a stream. */
  againWithinMs: number
}

/** A placement may arrive as long as a call is noted as under way, so it must be over before that. */
const usualTimes: CcxtTimes = {
  ...usualWatchTimes,
  orderPatienceMs: 15_000,
  lookPatienceMs: 8000,
  againWithinMs: 30_000,
}

/** An order that no list shows, without a call under way: with a deadline it can come no more; otherwise the rule of the desk counts. */
const lostAfterMs = { withDeadline: 60_000, without: 10 * 60_000 }
/** Trades are listed late: each look goes so far back behind the last one, in milliseconds. */
const lookBackMs = 15 * 60_000
/** The first look at an account without a cursor goes so far back. */
const firstBackMs = 24 * 3_600_000
/** Clocks differ by so much, in milliseconds. */
const clocksMs = 60_000
/** The exchange's clock is told in whole seconds. */
const halfSecondMs = 500
/** A hint may be ahead of the lists; the order is looked at again after these waits, in milliseconds. */
const hintWaitsMs = [0, 250, 1000]

/**
 * An exchange that CCXT knows as a venue of linked accounts: spot, orders at the market and with a limit. `fetch*` tells the state of orders and
 * trades; `watch*` only hints at which order to look. See docs/venues.md for each failure and its outcome.
 */
export function createCcxtVenue(options: CcxtVenueOptions): Venue {
  const { exchange: id, db, access, now } = options
  const times = { ...usualTimes, ...options.times }
  const quirks = quirksOf(id)
  const title = venueTitle(id)
  const budgets = options.budgets ?? createCcxtBudgets(id)
  const calls = createCallLog(now)
  let aheadMs = 0
  const clients = createClients(id, {
    urls: options.urls,
    prepare: (exchange) =>
      trace(exchange, (date) => {
        aheadMs = date.getTime() + halfSecondMs - now().getTime()
      }),
  })
  const patienceMs = { order: times.orderPatienceMs, look: times.lookPatienceMs }
  const client = createCcxtClient({ title, access, clients, budgets, news: calls, patienceMs })
  const facts = createAccountFacts(client, title, quirks)
  /** The place of each account's stream in the list of fills. */
  const caughtUp = new Map<string, number>()
  const at = (account: string): AtBroker => ({ venue: id, account })
  const parts: CcxtParts = {
    ...{ db, client, quirks, title, now, orderPatienceMs: times.orderPatienceMs, at, find },
    exchangeTime: () => new Date(now().getTime() + aheadMs),
  }
  const news = createNews<PairHint>(
    {
      access,
      open: (_, opened, listener) => openWatch(clients, opened, times, listener),
      againWithinMs: times.againWithinMs,
      pollEveryMs: times.pollEveryMs,
      look: lookAfterHint,
      catchUp,
    },
    now,
  )

  const listParts = (account: string, exchange: Exchange) => ({
    exchange,
    quirks,
    async pairs() {
      const held = (await facts.positions(account)).map(({ symbol }) => symbol)
      return [...new Set([...(await symbolsSent(db, at(account))), ...held])].map((symbol) => symbol.replace('-', '/'))
    },
  })

  async function taken(account: string, shown: { orders?: CcxtOrder[]; trades?: CcxtTrade[] }, isUrgent?: boolean) {
    const exchange = await client.open(account)
    const { orders = [], trades = [] } = shown
    const lookUp = async (ids: string[]) => {
      const found: CcxtOrder[] = []
      for (const orderId of ids) {
        const symbol = trades.find(({ order }) => order === orderId)?.symbol
        const order = await fetchOrder(account, orderId, symbol, isUrgent)
        if (order) found.push(order)
      }
      return found
    }
    return takeIn(db, at(account), { exchange, orders, trades, lookUp }, now())
  }

  async function fetchOrder(
    account: string,
    orderId: string,
    pair: string | undefined,
    isUrgent?: boolean,
  ): Promise<CcxtOrder | undefined> {
    const answer = await client.look(account, (exchange) => exchange.fetchOrder(orderId, pair), isUrgent)
    if (answer.outcome === 'done') return answer.value
    if (answer.code === 'NO_SUCH_ORDER') return undefined
    throw new VenueError(`${title} refused a question: ${answer.words}`)
  }

  async function find({ account, clientOrderId, venueOrderId }: OrderReference, isUrgent?: boolean) {
    const known = await orderIdsOf(db, at(account), clientOrderId)
    const sent = await findSend(db, at(account), clientOrderId)
    // An order of somebody else has the exchange's id as its own.
    const orderId = known.at(-1) ?? (sent === undefined && venueOrderId === clientOrderId ? venueOrderId : undefined)
    if (orderId !== undefined) return withId(account, orderId, sent?.symbol.replace('-', '/'), isUrgent)
    if (!sent) return undefined
    // It went out without an answer: only the lists can show it, by its id.
    const since = new Date(sent.calledAt.getTime() - clocksMs)
    const open = await client.ask(account, (exchange) => openOrdersIn(listParts(account, exchange)), isUrgent)
    const ended = await client.ask(account, (exchange) => endedOrdersIn(listParts(account, exchange), since), isUrgent)
    const reports = await taken(account, { orders: merged(open, ended) }, isUrgent)
    const report = reports.find((one) => one.clientOrderId === clientOrderId)
    return report && withTrades(account, report, since, isUrgent)
  }

  async function withId(account: string, orderId: string, pair: string | undefined, isUrgent?: boolean) {
    const order = await fetchOrder(account, orderId, pair, isUrgent)
    if (!order) return undefined
    const [report] = await taken(account, { orders: [order] }, isUrgent)
    const since = new Date((order.timestamp ?? now().getTime() - firstBackMs) - clocksMs)
    return report && withTrades(account, report, since, isUrgent)
  }

  /** A report with all the fills that the exchange lists; those that come late are missing. */
  async function withTrades(account: string, report: OrderReport, since: Date, isUrgent?: boolean) {
    if (isWhole(report)) return report
    await readTrades(account, since, isUrgent)
    const { venueOrderId: orderId, clientOrderId } = report
    const steps = await stepsOfOrders(db, at(account), [orderId])
    return { ...report, fills: fillsIn(account, clientOrderId, steps.get(orderId)) }
  }

  async function readTrades(account: string, since: Date, isUrgent?: boolean): Promise<void> {
    const trades = await client.ask(account, (exchange) => tradesIn(listParts(account, exchange), since), isUrgent)
    await taken(account, { trades }, isUrgent)
  }

  /** Looks at an order after a hint, until the lists show all that is filled of it. */
  async function lookAfterHint(account: string, hint: PairHint): Promise<OrderEvent | undefined> {
    let found: OrderReport | undefined
    for (const ms of hintWaitsMs) {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
      found = await withId(account, hint.id, hint.pair)
      if (found && isWhole(found)) break
    }
    return found && { kind: 'order', report: found }
  }

  /** After a gap: the fills since the last one, without those of the time before the first look. */
  async function catchUp(account: string): Promise<OrderEvent[]> {
    const from = caughtUp.get(account) ?? (await lastPlace(db, at(account)))
    await readTrades(account, new Date(now().getTime() - lookBackMs))
    const { fills, place } = await fillsBehind(db, at(account), from)
    caughtUp.set(account, place)
    return fills.map((fill) => ({ kind: 'fill', fill }))
  }

  return {
    name: id,
    capabilities: {
      refusesDuplicates: false,
      lostAfterMs: quirks.hasDeadline ? lostAfterMs.withDeadline : lostAfterMs.without,
      canReplace: quirks.canAmend === true,
      canShort: false,
      isLinked: true,
    },

    submit: (order) => answered(title, () => submitOrder(parts, order)),
    find: (reference) => find(reference),
    cancel: (reference) => answered(title, () => cancelOrder(parts, reference)),
    replace: (reference, price) => answered(title, () => replaceOrder(parts, reference, price)),

    async openOrders(account) {
      const orders = await client.ask(account, (exchange) => openOrdersIn(listParts(account, exchange)))
      return (await taken(account, { orders })).filter(({ state }) => state === 'working')
    },
    async orders(account, since) {
      const open = await client.ask(account, (exchange) => openOrdersIn(listParts(account, exchange)))
      const ended = await client.ask(account, (exchange) => endedOrdersIn(listParts(account, exchange), since))
      await readTrades(account, since)
      return taken(account, { orders: merged(open, ended) })
    },
    async fills(account, cursor) {
      const from = placeIn(cursor)
      const since = from.at === undefined ? now().getTime() - firstBackMs : from.at - lookBackMs
      await readTrades(account, new Date(since))
      const { fills, place } = await fillsBehind(db, at(account), from.place)
      return { fills, cursor: cursorOf(cursor, { place, at: now().getTime() }) }
    },
    positions: facts.positions,
    balance: facts.balance,
    instrument: facts.instrument,
    /** Fees in coins change what is held without an order. */
    async corporateActions(account, cursor) {
      const { fees, place } = await feesBehind(db, at(account), Number(cursor ?? 0))
      const actions = fees.map(({ id: fillId, symbol, otherFee, filledAt }) => ({
        ...{ id: `fee:${fillId}`, kind: 'other' as const, symbol, at: filledAt },
        ...(symbol.startsWith(`${otherFee!.currency}-`) && { quantity: otherFee!.quantity.neg() }),
        words: `a fee of ${otherFee!.quantity.toFixed()} ${otherFee!.currency}`,
      }))
      return { actions, cursor: fees.length > 0 ? String(place) : (cursor ?? '0') }
    },
    providers: () => providersOf(id, news.states(), calls, budgets.looks, (account) => account.slice(-4)),
    follow: news.follow,
    subscribe: news.subscribe,
  }
}

/** Open and ended orders; one that ended between the two questions is on both lists, and its end counts. */
const merged = (open: CcxtOrder[], ended: CcxtOrder[]): CcxtOrder[] =>
  [...new Map([...open, ...ended].map((order) => [order.id, order])).values()].sort(
    (a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0),
  )
