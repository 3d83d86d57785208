import type { VenueAccess } from '../links/venue-access.ts'
import { answered, isWhole, refused, unsent } from '../shared/answers.ts'
import { type Budgets, createBudgets } from '../shared/budgets.ts'
import { createNews } from '../shared/news.ts'
import { createCallLog, providersOf } from '../shared/providers.ts'
import type { Call } from '../shared/rest-client.ts'
import {
  type Cancelled,
  type OrderEvent,
  type OrderReference,
  type OrderReport,
  type Submitted,
  type Venue,
  VenueError,
  type VenueOrder,
  type VenueRefusal,
} from '../venue.ts'
import { createAccountFacts } from './account.ts'
import { alpacaLimit, createAlpacaClient } from './client.ts'
import { corporateActionsAfter } from './corporate-actions.ts'
import { createFamilies } from './families.ts'
import { createFillMemory } from './fill-memory.ts'
import { type FillParts, fillsAfter, fullReport } from './fills.ts'
import { bodyOf, unfit } from './order-map.ts'
import { type AlpacaOrder, orderPayload, ordersPayload } from './payloads.ts'
import { refusalOf } from './refusals.ts'
import { replaceOrder } from './replace.ts'
import { type Family, membersOf, newestOf, reportOf } from './report-map.ts'
import { stateOf } from './statuses.ts'
import { isIdle, openStream, type StreamTimes, usualStreamTimes } from './stream.ts'

/** The settings of `createAlpacaVenue`. */
export interface AlpacaVenueOptions {
  access: VenueAccess
  /** The base URLs of Alpaca's trading API, for live accounts and for paper accounts at the broker. */
  api: string
  paperApi: string
  now(): Date
  /** The budgets of requests; the venues of a process share them. */
  budgets?: Budgets
  /** Times that tests shorten, in milliseconds. */
  times?: Partial<AlpacaTimes>
}

/** Times of the venue, in milliseconds. */
export interface AlpacaTimes extends StreamTimes {
  /** The longest wait for an answer to an order or a change, and to a look. */
  orderPatienceMs: number
  lookPatienceMs: number
  /** The longest wait before the next connection of a stream. */
  againWithinMs: number
  /** The time between looks at an account whose stream cannot be opened. */
  pollEveryMs: number
}

/** A placement may arrive as long as a call is noted as under way, so it must be over before that. */
const usualTimes: AlpacaTimes = {
  ...usualStreamTimes,
  orderPatienceMs: 15_000,
  lookPatienceMs: 8000,
  againWithinMs: 30_000,
  pollEveryMs: 5000,
}

/** Alpaca has shown no order for so long although no call is under way: two looks, ten minutes apart (rule of the desk). */
const lostAfterMs = 10 * 60_000
/** A stream's hint may be ahead of the lists; the order is looked at again after these waits, in milliseconds. */
const hintWaitsMs = [0, 150, 400, 1000]
const page = 500
const mostPages = 20

/**
 * Alpaca as a venue of linked accounts. The REST API tells the state of orders and all fills; the order stream only hints at which order
 * to look. See docs/venues.md for each failure and its outcome.
 */
export function createAlpacaVenue(options: AlpacaVenueOptions): Venue {
  const { access, now } = options
  const times = { ...usualTimes, ...options.times }
  const apis = { live: options.api, paper: options.paperApi }
  const budgets = options.budgets ?? createBudgets(alpacaLimit)
  const calls = createCallLog(now)
  const patienceMs = { order: times.orderPatienceMs, look: times.lookPatienceMs }
  const client = createAlpacaClient({ access, apis, budgets, news: calls, patienceMs })
  const families = createFamilies(client)
  const memory = createFillMemory()
  const fillParts = { client, families, memory, now }
  // Of exits and cancels, which do not wait until looks have a budget again.
  const urgent = { client: client.urgent, families: createFamilies(client.urgent), memory }
  const facts = createAccountFacts(client, now)
  /** The place of each account's stream in the list of fills. */
  const caughtUp = new Map<string, string>()

  const news = createNews<AlpacaOrder>(
    {
      access,
      open: (account, { mode, credentials }, listener) =>
        openStream(apis[mode], credentials, times, {
          ...listener,
          update(event, order, takenBack) {
            if (takenBack !== undefined) memory.noteTakenBack(account, order.id, takenBack)
            if (!isIdle(event)) listener.hint(order)
          },
        }),
      againWithinMs: times.againWithinMs,
      pollEveryMs: times.pollEveryMs,
      look: lookAfterHint,
      catchUp,
    },
    now,
  )

  const report = (account: string, family: Family, by: Lookers = fillParts) => fullReport(by, account, family)

  async function submit(order: VenueOrder): Promise<Submitted> {
    const refusal = unfit(order)
    if (refusal) return refusal
    const share = order.isExit ? 'exit' : 'entry'
    const call = { method: 'POST', path: '/v2/orders', body: bodyOf(order, await endsToday(order)), share } as const
    const answer = await client.call(order.account, call).catch((cause) => unsent(order, cause))
    if (answer.outcome === 'refused') {
      return 'words' in answer ? answer : refusedUnlessThere(order, refusalOf(answer))
    }
    const taken = orderPayload.safeParse(answer.body)
    if (!taken.success) return { outcome: 'unknown', words: 'Alpaca’s answer to the order could not be read' }
    return { outcome: 'accepted', report: reportOf(order.account, plain(taken.data), []) }
  }

  /** Is an order over before the present session? What nobody can say costs the order nothing. */
  async function endsToday({ account, expiresAt }: VenueOrder): Promise<boolean> {
    if (!expiresAt) return false
    const hours = await facts.hours(account).catch(() => undefined)
    return hours?.isOpen === true && expiresAt <= hours.closesAt
  }

  /**
   * An exit may have been sent before, and arrived: then Alpaca may refuse it for what the first one holds. So it counts as refused only
   * if it is not there.
   */
  async function refusedUnlessThere(order: VenueOrder, refusal: VenueRefusal): Promise<Submitted> {
    if (!order.isExit || refusal.code === 'DUPLICATE') return refusal
    // Its sender tries it again, as long as it is not too late.
    if (refusal.code === 'TOO_MANY_REQUESTS')
      return { outcome: 'unknown', words: 'Alpaca takes no more requests for a moment' }
    const there = await find(order, urgent)
    return there ? { outcome: 'accepted', report: there } : refusal
  }

  async function find(order: OrderReference, by: Lookers = fillParts): Promise<OrderReport | undefined> {
    const family = await familyOf(order, by)
    return family && report(order.account, family, by)
  }

  /** An order may be shown by Alpaca's id and not yet, or for a moment not, by the desk's. */
  async function familyOf(reference: OrderReference, { client, families }: Lookers): Promise<Family | undefined> {
    const { account, clientOrderId, venueOrderId: id } = reference
    const named = await families.byClientId(account, clientOrderId)
    if (named || id === undefined) return named
    const order = await client.look(account, `/v2/orders/${encodeURIComponent(id)}`, orderPayload, { nested: 'true' })
    const family = order && (await families.of(account, order))
    return family?.chain[0].client_order_id === clientOrderId ? family : undefined
  }

  /** Looks at an order after a hint, until the lists show as much as the hint did. */
  async function lookAfterHint(account: string, hinted: AlpacaOrder): Promise<OrderEvent | undefined> {
    let found: OrderReport | undefined
    for (const ms of hintWaitsMs) {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
      const order = await client.look(account, `/v2/orders/${encodeURIComponent(hinted.id)}`, orderPayload, {
        nested: 'true',
      })
      if (!order) continue
      const family = await families.of(account, order)
      found = await report(account, family)
      const isSeen = membersOf(family).some(
        ({ id, filled_qty }) => id === hinted.id && (filled_qty?.gte(hinted.filled_qty ?? 0) ?? true),
      )
      if (isSeen && isWhole(found)) break
    }
    return found && { kind: 'order', report: found }
  }

  /** After a gap: the fills since the last one, without those of the years before the first look. */
  async function catchUp(account: string): Promise<OrderEvent[]> {
    const recent = JSON.stringify({ to: now().getTime(), seen: [] })
    const { fills, cursor } = await fillsAfter(fillParts, account, caughtUp.get(account) ?? recent)
    caughtUp.set(account, cursor)
    return fills.map((fill) => ({ kind: 'fill', fill }))
  }

  /** A page after the other of the orders of an account, oldest first. */
  async function listOrders(account: string, query: Call['query']): Promise<AlpacaOrder[]> {
    const all = new Map<string, AlpacaOrder>()
    let after: string | undefined
    for (let pages = 0; pages < mostPages; pages++) {
      const from = after === undefined ? query : { status: query?.status, after_order_id: after }
      const listed = await client.look(account, '/v2/orders', ordersPayload, {
        ...from,
        nested: 'true',
        limit: String(page),
        direction: 'asc',
      })
      if (!listed) throw new VenueError('Alpaca does not show the orders')
      for (const order of listed) all.set(order.id, order)
      if (listed.length < page || listed.at(-1)!.id === after) return [...all.values()]
      after = listed.at(-1)!.id
    }
    throw new VenueError('Alpaca shows more orders than the desk reads at once')
  }

  /** The families of listed orders, each once. One that replaced another is looked up with all that went before. */
  async function familiesOf(account: string, orders: AlpacaOrder[]): Promise<Family[]> {
    const found = new Map<string, Family>()
    for (const order of orders) {
      const isWhole =
        order.replaces === undefined &&
        order.replaced_by === undefined &&
        (order.order_class !== 'oco' || order.legs.length > 0)
      const family = isWhole ? plain(order) : await families.of(account, order)
      found.set(family.chain[0].id, family)
    }
    return [...found.values()]
  }

  async function cancel(reference: OrderReference): Promise<Cancelled> {
    const { account } = reference
    // A cancel may race with a fill or a replacement; then the order is looked at again.
    for (let tries = 0; ; tries++) {
      const family = await familyOf(reference, urgent)
      if (!family) return refused('NO_SUCH_ORDER', 'Alpaca does not show the order')
      const live = [family.chain, ...family.legs].map(newestOf).find(({ status }) => stateOf(status) === 'working')
      if (!live) return { outcome: 'ended', report: await report(account, family, urgent) }
      const path = `/v2/orders/${encodeURIComponent(live.id)}`
      const answer = await client.call(account, { method: 'DELETE', path, share: 'exit' })
      if (answer.outcome === 'done') return { outcome: 'asked' }
      if (tries > 0 || answer.status === 429 || answer.status === 401) {
        const refusal = refusalOf(answer)
        return refusal.code === 'NO_SUCH_ORDER' ? { ...refusal, code: 'NOT_CHANGEABLE' } : refusal
      }
    }
  }

  return {
    name: 'alpaca',
    capabilities: {
      refusesDuplicates: true,
      lostAfterMs,
      canReplace: true,
      canStop: true,
      canProtect: true,
      canExtend: true,
      canShort: true,
      endsPartsDaily: true,
      isLinked: true,
    },

    submit: (order) => answered('Alpaca', () => submit(order)),
    find: (order) => find(order),
    cancel: (reference) => answered('Alpaca', () => cancel(reference)),
    replace: (reference, price) =>
      answered('Alpaca', () =>
        replaceOrder(client, families, reference, price, (family) => report(reference.account, family)),
      ),

    async openOrders(account) {
      const listed = await familiesOf(account, await listOrders(account, { status: 'open' }))
      return listed.map((family) => reportOf(account, family, []))
    },
    async orders(account, since) {
      const listed = await familiesOf(account, await listOrders(account, { status: 'all', after: since.toISOString() }))
      return Promise.all(listed.map((family) => report(account, family)))
    },
    fills: (account, cursor) => fillsAfter(fillParts, account, cursor),
    positions: facts.positions,
    balance: facts.balance,
    instrument: facts.instrument,
    hours: facts.hours,
    corporateActions: (account, cursor) => corporateActionsAfter(client, account, cursor),
    providers: () => providersOf('alpaca', news.states(), calls, budgets, facts.lastFour),
    follow: news.follow,
    subscribe: news.subscribe,
  }
}

/** The parts that look at an order. */
type Lookers = Pick<FillParts, 'client' | 'families' | 'memory'>

/** An order that replaced none, with its other halves as it shows them. */
const plain = (order: AlpacaOrder): Family => ({ chain: [order], legs: order.legs.map((leg) => [leg]) })
