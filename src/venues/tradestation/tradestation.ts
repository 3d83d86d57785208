import type { Db } from '../../infra/db/client.ts'
import { orderIdsOf } from '../broker-orders/claims.ts'
import { cursorOf, placeIn } from '../broker-orders/cursor.ts'
import { fillsBehind, lastPlace } from '../broker-orders/executions.ts'
import { type AtBroker, findSend } from '../broker-orders/sends.ts'
import type { VenueAccess } from '../links/venue-access.ts'
import { answered, isWhole } from '../shared/answers.ts'
import { type Budgets, createBudgets } from '../shared/budgets.ts'
import { createNews } from '../shared/news.ts'
import { createCallLog, providersOf } from '../shared/providers.ts'
import type { RestClient } from '../shared/rest-client.ts'
import { type OrderEvent, type OrderReference, type OrderReport, type Venue, VenueError } from '../venue.ts'
import { createAccountFacts } from './account.ts'
import { takeIn } from './book.ts'
import { cancelOrder, replaceOrder } from './change.ts'
import { createTradeStationClient, scarcestOf, tradeStationLimit } from './client.ts'
import { ordersBefore, ordersOfToday, ordersWith } from './lists.ts'
import type { Found, TradeStationParts } from './parts.ts'
import type { TsOrder } from './payloads.ts'
import { type OrderHint, openAccountStreams, type StreamTimes, usualStreamTimes } from './stream.ts'
import { submitOrder } from './submit.ts'

/** The settings of `createTradeStationVenue`. */
export interface TradeStationVenueOptions {
  /** Which of TradeStation's orders is which of the desk's is kept here. */
  db: Db
  access: VenueAccess
  /** The base URLs of TradeStation's API: the live host, and the simulator's for paper accounts at the broker. */
  api: string
  simApi: string
  now(): Date
  /** The budgets of requests; the venues of a process share them. */
  budgets?: Budgets
  /** Times that tests shorten, in milliseconds. */
  times?: Partial<TradeStationTimes>
}

/** Times of the venue, in milliseconds. */
export interface TradeStationTimes extends StreamTimes {
  /** The longest wait for an answer to an order or a change, and to a look. */
  orderPatienceMs: number
  lookPatienceMs: number
  /** The longest wait before the next connection of a stream. */
  againWithinMs: number
  /** The time between looks at an account whose stream cannot be opened. */
  pollEveryMs: number
}

/** A placement may arrive as long as a call is noted as under way, so it must be over before that. */
const usualTimes: TradeStationTimes = {
  ...usualStreamTimes,
  orderPatienceMs: 15_000,
  lookPatienceMs: 8000,
  againWithinMs: 30_000,
  pollEveryMs: 5000,
}

/** TradeStation has shown no order for so long although no call is under way: two looks, ten minutes apart (rule of the desk). */
const lostAfterMs = 10 * 60_000
/** A stream's hint may be ahead of the lists; the order is looked at again after these waits, in milliseconds. */
const hintWaitsMs = [0, 150, 400, 1000]
const hourMs = 3_600_000

/**
 * TradeStation as a venue of linked accounts. Its lists tell the state of orders and what is filled; its streams only hint at which order to
 * look. See docs/venues.md for each failure and its outcome.
 */
export function createTradeStationVenue(options: TradeStationVenueOptions): Venue {
  const { db, access, now } = options
  const times = { ...usualTimes, ...options.times }
  const apis = { live: options.api, paper: options.simApi }
  const budgets = options.budgets ?? createBudgets(tradeStationLimit)
  const calls = createCallLog(now)
  const patienceMs = { order: times.orderPatienceMs, look: times.lookPatienceMs }
  const client = createTradeStationClient({ access, apis, budgets, news: calls, patienceMs })
  const facts = createAccountFacts(client, now)
  /** The place of each account's stream in the list of fills. */
  const caughtUp = new Map<string, number>()
  const at = (account: string): AtBroker => ({ venue: 'tradestation', account })
  const parts: TradeStationParts = { db, client, now, orderPatienceMs: times.orderPatienceMs, facts, at, find }

  const news = createNews<OrderHint>(
    {
      access,
      open: (account, opened, listener) => openAccountStreams(apis[opened.mode], account, opened, times, listener),
      isOpenToTokens: true,
      againWithinMs: times.againWithinMs,
      pollEveryMs: times.pollEveryMs,
      look: lookAfterHint,
      catchUp,
    },
    now,
  )

  /** Asks for all of today's orders and open ones, and takes them in. */
  async function listed(
    account: string,
    by: RestClient = client,
  ): Promise<{ orders: TsOrder[]; reports: OrderReport[] }> {
    const orders = await ordersOfToday(by, account)
    return { orders, reports: await takeIn(db, at(account), orders, now()) }
  }

  async function find(
    { account, clientOrderId, venueOrderId }: OrderReference,
    by: RestClient,
  ): Promise<Found | undefined> {
    const known = await orderIdsOf(db, at(account), clientOrderId)
    if (known.length > 0) return withIds(account, clientOrderId, known, by)
    const sent = await findSend(db, at(account), clientOrderId)
    if (sent) {
      // It went out without an answer: only the list can show it, by its terms.
      const { orders, reports } = await listed(account, by)
      const report = reports.find((one) => one.clientOrderId === clientOrderId)
      if (!report) return undefined
      const ids = new Set(await orderIdsOf(db, at(account), clientOrderId))
      return { report, orders: orders.filter(({ OrderID }) => ids.has(OrderID)) }
    }
    // An order of somebody else has TradeStation's id as its own.
    if (venueOrderId === undefined || venueOrderId !== clientOrderId) return undefined
    return withIds(account, clientOrderId, [venueOrderId], by)
  }

  async function withIds(
    account: string,
    clientOrderId: string,
    ids: string[],
    by: RestClient,
  ): Promise<Found | undefined> {
    const orders = await ordersWith(by, account, ids, now())
    if (orders.length === 0) return undefined
    // Of a part nobody can say how the whole is.
    if (orders.length < ids.length) throw new VenueError('TradeStation shows only a part of the order')
    const reports = await takeIn(db, at(account), orders, now())
    const report = reports.find((one) => one.clientOrderId === clientOrderId)
    return report && { report, orders }
  }

  /** Looks at an order after a hint, until the lists show as much as the hint did. */
  async function lookAfterHint(account: string, hint: OrderHint): Promise<OrderEvent | undefined> {
    let found: OrderReport | undefined
    for (const ms of hintWaitsMs) {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
      const orders = await ordersWith(client, account, [hint.id], now())
      const [report] = await takeIn(db, at(account), orders, now())
      if (!report) continue
      const known = await orderIdsOf(db, at(account), report.clientOrderId)
      found = known.length < 2 ? report : (await withIds(account, report.clientOrderId, known, client))?.report
      const isSeen = orders.some(({ Legs }) => Legs[0]!.ExecQuantity?.gte(hint.filled) ?? hint.filled.eq(0))
      if (found && isSeen && isWhole(found)) break
    }
    return found && { kind: 'order', report: found }
  }

  /** After a gap: the fills since the last one, without those of the time before the first look. */
  async function catchUp(account: string): Promise<OrderEvent[]> {
    const from = caughtUp.get(account) ?? (await lastPlace(db, at(account)))
    await listed(account)
    const { fills, place } = await fillsBehind(db, at(account), from)
    caughtUp.set(account, place)
    return fills.map((fill) => ({ kind: 'fill', fill }))
  }

  return {
    name: 'tradestation',
    capabilities: {
      refusesDuplicates: true,
      lostAfterMs,
      canReplace: true,
      canStop: true,
      canProtect: true,
      canExtend: true,
      canShort: true,
      isLinked: true,
      findsByTerms: true,
    },

    submit: (order) => answered('TradeStation', () => submitOrder(parts, order)),
    find: async (reference) => (await find(reference, client))?.report,
    cancel: (reference) => answered('TradeStation', () => cancelOrder(parts, reference)),
    replace: (reference, price) => answered('TradeStation', () => replaceOrder(parts, reference, price)),

    async openOrders(account) {
      const { reports } = await listed(account)
      return reports.filter(({ state }) => state === 'working')
    },
    async orders(account, since) {
      const today = await ordersOfToday(client, account)
      const before = await ordersBefore(client, account, since, now())
      const all = new Map([...before, ...today].map((order) => [order.OrderID, order]))
      const recent = [...all.values()].filter(
        ({ OpenedDateTime, ClosedDateTime }) => !OpenedDateTime || (ClosedDateTime ?? OpenedDateTime) >= since,
      )
      recent.sort((a, b) => (a.OpenedDateTime?.getTime() ?? 0) - (b.OpenedDateTime?.getTime() ?? 0))
      return takeIn(db, at(account), recent, now())
    },
    async fills(account, cursor) {
      const from = placeIn(cursor)
      const today = await ordersOfToday(client, account)
      // What ended on an earlier day, while nobody looked, is on another list.
      const wasAway = from.at !== undefined && now().getTime() - from.at > hourMs
      const before = wasAway ? await ordersBefore(client, account, new Date(from.at! - 24 * hourMs), now()) : []
      const all = new Map([...before, ...today].map((order) => [order.OrderID, order]))
      await takeIn(db, at(account), [...all.values()], now())
      const { fills, place } = await fillsBehind(db, at(account), from.place)
      return { fills, cursor: cursorOf(cursor, { place, at: now().getTime() }) }
    },
    positions: facts.positions,
    balance: facts.balance,
    instrument: facts.instrument,
    hours: facts.hours,
    providers: () =>
      providersOf('tradestation', news.states(), calls, scarcestOf(budgets), (account) => account.slice(-4)),
    follow: news.follow,
    subscribe: news.subscribe,
  }
}
