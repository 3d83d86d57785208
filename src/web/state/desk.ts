import { batch, computed, effect, type Signal, signal } from '@preact/signals'
import type { Figures } from '../../api/contract/accounts.ts'
import type { Event } from '../../api/contract/events.ts'
import type { Decision, Question } from '../../api/contract/guardian.ts'
import type { Fill, Order } from '../../api/contract/orders.ts'
import type { Position, Price } from '../../api/contract/positions.ts'
import type { ProgressEvent } from '../../api/contract/strategies.ts'
import { call, Refused } from './call.ts'
import { heardAt, isLive } from './line.ts'
import { marked, movedBy } from './marks.ts'
import { accountId, findMe, isOver } from './session.ts'
import type { StreamMessage } from './stream.ts'

/** All that one account has: each list is undefined until the desk has told it. */
export interface Book {
  readonly account: number
  figures: Signal<Figures | undefined>
  /** The positions at their prices of the moment when the figures were told: what has moved since is added to these. */
  toldWith: Signal<Position[] | undefined>
  positions: Signal<Position[] | undefined>
  orders: Signal<Order[] | undefined>
  questions: Signal<Question[] | undefined>
  fills: Signal<Fill[] | undefined>
  decisions: Signal<Decision[] | undefined>
  /** The newest first. */
  events: Signal<Event[]>
  /** Are there older events than those? */
  hasOlder: Signal<boolean>
  /** So many events are kept; more when the member has looked further back. */
  keeps: number
  quotes: Signal<ReadonlyMap<string, Price>>
}

/** The newest events that the page keeps. */
export const mostEvents = 1000
/** Changes that come together are read together, in milliseconds. */
const gatherMs = 150
/** The shortest time between two readings of the same list, in milliseconds. */
const pauseMs = 500
/** Sums drift from the desk's own by rounding and by what is watched elsewhere, so they are read anew, in milliseconds. */
const lookMs = 15_000

/** Open questions of the guardian are looked at this often, in milliseconds: they may be answered elsewhere. */
const questionMs = 2000

const lists = ['figures', 'positions', 'orders', 'questions', 'fills', 'decisions'] as const
export type List = (typeof lists)[number]

const newBook = (account: number): Book => ({
  account,
  figures: signal(undefined),
  toldWith: signal(undefined),
  positions: signal(undefined),
  orders: signal(undefined),
  questions: signal(undefined),
  fills: signal(undefined),
  decisions: signal(undefined),
  events: signal([]),
  hasOlder: signal(false),
  keeps: mostEvents,
  quotes: signal(new Map()),
})

/** The book of the shown account; undefined while there is none. Another account has another book, so nothing mixes. */
export const book = signal<Book | undefined>(undefined)
/** Lists that could not be read, with the reason. */
export const failed = signal<ReadonlyMap<List | 'events', string>>(new Map())

export const positions = computed(() => {
  const { positions, quotes } = book.value ?? {}
  return positions?.value?.map((one) => marked(one, quotes?.value.get(one.symbol)))
})
export const figures = computed(() => {
  const told = book.value?.figures.value
  const then = book.value?.toldWith.value ?? book.value?.positions.value
  return told && then && positions.value ? movedBy(told, then, positions.value) : told
})

/** The newest price of a symbol: that of its position, or one that was asked for. */
export function priceOf(symbol: string): Price | undefined {
  const held = positions.value?.find((one) => one.symbol === symbol)?.price
  return held ?? book.value?.quotes.value.get(symbol)
}

const wanted = new Set<List>()
const readAt = new Map<List, number>()
let gathering: ReturnType<typeof setTimeout> | undefined

/** Reads lists anew, soon; all of them unless some are named. */
export function refresh(some: readonly List[] = lists): void {
  for (const one of some) wanted.add(one)
  if (gathering !== undefined) return
  gathering = setTimeout(() => {
    gathering = undefined
    const now = Date.now()
    const due = [...wanted].filter((one) => now - (readAt.get(one) ?? 0) >= pauseMs)
    for (const one of due) {
      wanted.delete(one)
      readAt.set(one, now)
      void read(one)
    }
    if (wanted.size > 0) refresh([])
  }, gatherMs)
}

async function read(list: List): Promise<void> {
  const into = book.value
  if (!into) return
  const query = { account: into.account }
  try {
    if (list === 'figures') {
      const told = await call('figures', { query })
      batch(() => {
        into.figures.value = told
        into.toldWith.value = book.peek() === into ? positions.peek() : undefined
      })
    } else if (list === 'positions') {
      const { items } = await call('positions', { query })
      batch(() => {
        into.positions.value = items
        // What was traded is no move of prices.
        into.toldWith.value = undefined
      })
    } else if (list === 'orders') into.orders.value = (await call('orders', { query })).items
    else if (list === 'questions') into.questions.value = (await call('questions', { query })).items
    else if (list === 'fills') into.fills.value = (await call('fills', { query: { ...query, limit: 200 } })).items
    else into.decisions.value = (await call('decisions', { query: { ...query, limit: 50 } })).items
    heardAt.value = Date.now()
    note(list, undefined)
  } catch (cause) {
    note(list, cause)
  }
}

function note(list: List | 'events', cause: unknown): void {
  if (cause instanceof Refused && cause.status === 401) isOver()
  // An account that is not there any more may be another member's.
  if (cause instanceof Refused && cause.status === 404) findMe().catch(() => {})
  if (cause === undefined && !failed.value.has(list)) return
  const now = new Map(failed.value)
  if (cause === undefined) now.delete(list)
  else now.set(list, cause instanceof Error ? cause.message : String(cause))
  failed.value = now
}

async function readEvents(): Promise<void> {
  const into = book.value
  if (!into) return
  try {
    const { items, next } = await call('events', { query: { account: into.account, limit: 200 } })
    if (into.events.value.length === 0) into.hasOlder.value = next !== null
    const there = new Set(items.map(({ id }) => id))
    // An event that came by the stream in the meantime stays.
    keepEvents(into, [...into.events.value.filter(({ id }) => !there.has(id)), ...items].toSorted(newestFirst))
    note('events', undefined)
  } catch (cause) {
    note('events', cause)
  }
}

function keepEvents(into: Book, all: Event[]): void {
  if (all.length > into.keeps) into.hasOlder.value = true
  into.events.value = all.slice(0, into.keeps)
}

/** Reads events that are older than those of the shown account. */
export async function lookBack(): Promise<void> {
  const into = book.value
  if (!into) return
  const before = into.events.value
  const oldest = before.reduce((least, { id }) => Math.min(least, Number(id.split('.')[2])), Number.MAX_SAFE_INTEGER)
  try {
    const { items, next } = await call('events', {
      query: { account: into.account, limit: 500, ...(before.length > 0 && { cursor: String(oldest) }) },
    })
    into.keeps = Math.max(into.keeps, into.events.value.length + items.length)
    keepEvents(into, [...into.events.value, ...items])
    into.hasOlder.value = next !== null
    note('events', undefined)
  } catch (cause) {
    note('events', cause)
  }
}

/** The order of the stream, backwards: a cursor is `epoch.xid.id`, and times are no order. */
function newestFirst(one: Event, other: Event): number {
  const [, xid = '0', id = '0'] = one.id.split('.')
  const [, otherXid = '0', otherId = '0'] = other.id.split('.')
  return Number(BigInt(otherXid) - BigInt(xid)) || Number(otherId) - Number(id)
}

/** Those who want to know of each new event of the member's accounts. */
export const listeners = new Set<(event: Event) => void>()
/** Those who want to know of the progress of screeners. */
export const runListeners = new Set<(event: ProgressEvent) => void>()

/** Takes a message of the stream. */
export function hear({ type, data }: StreamMessage): void {
  if (type === 'run') {
    for (const listener of runListeners) listener(data as ProgressEvent)
    return
  }
  const into = book.value
  if (!into) return
  if (type === 'quote') {
    const { symbol, ...price } = data as Omit<Price, 'stale'> & { symbol: string; stale?: string }
    takePrice(into, symbol, { ...price, stale: price.stale ?? null })
    return
  }
  if (type === 'reset') {
    readAll()
    return
  }
  if (typeof data !== 'object' || data === null || !('urgency' in data)) return
  const event = data as Event
  if (event.account !== null && event.account !== into.account) {
    for (const listener of listeners) listener(event)
    return
  }
  if (into.events.value.some(({ id }) => id === event.id)) return
  keepEvents(into, [event, ...into.events.value])
  refresh(changedBy(event))
  for (const listener of listeners) listener(event)
}

let arriving: { into: Book; prices: Map<string, Price> } | undefined

/** Prices that came since the last frame are taken together; a page in the background takes the newest when it is seen again. */
export function takePrice(into: Book, symbol: string, price: Price): void {
  if (arriving?.into !== into) {
    const mine = { into, prices: new Map<string, Price>() }
    arriving = mine
    requestAnimationFrame(() => {
      into.quotes.value = new Map([...into.quotes.value, ...mine.prices])
      if (arriving === mine) arriving = undefined
    })
  }
  arriving.prices.set(symbol, price)
}

/** The lists that an event of this type may change. */
function changedBy({ type }: Event): readonly List[] {
  if (type.startsWith('protection_')) return ['positions']
  if (/^(trading|position|watching)\./.test(type)) return ['questions', 'decisions', 'positions', 'figures']
  if (['order_working', 'order_moved', 'order_cancelled', 'order_expired'].includes(type)) {
    return ['orders', 'positions', 'figures']
  }
  return lists
}

/** Reads everything of the shown account anew. */
export function readAll(): void {
  readAt.clear()
  refresh()
  void readEvents()
}

/** Keeps the book of the shown account true. Returns a function that ends it. */
export function keepBook(): () => void {
  const endings = [
    effect(() => {
      const id = accountId.value
      batch(() => {
        book.value = id === null ? undefined : newBook(id)
        failed.value = new Map()
      })
      readAt.clear()
    }),
    // After each break the lists are read anew: what the stream missed, it brings by itself, and lists have no history.
    effect(() => {
      if (isLive.value && book.value) readAll()
    }),
  ]
  const timer = setInterval(() => {
    if (document.hidden) return
    // Where no stream gets through, the page asks instead.
    if (isLive.value) refresh(['figures', 'questions'])
    else readAll()
    // An account that was opened in chat has no event here.
    findMe().catch(() => {})
  }, lookMs)
  // An answer that leaves all as it is makes no event.
  const asking = setInterval(() => {
    if (!document.hidden && book.value?.questions.value?.length) refresh(['questions'])
  }, questionMs)
  return () => {
    clearInterval(timer)
    clearInterval(asking)
    for (const end of endings) end()
  }
}
