import { csvText } from '../../../base/csv-text.ts'
import { Refusal } from '../../../base/refusal.ts'
import { type EventFilter, listEvents } from '../../../trading/events/rows/event-list.ts'
import { endOfEvents, eventsAfter, isGoodCursor, type OrderedEvent } from '../../../trading/events/rows/event-stream.ts'
import { cursorText, readCursor } from '../../../trading/events/rules/event-cursor.ts'
import type { Event } from '../../contract/events.ts'
import { toStreamed } from '../../stream/format/streamed-event.ts'
import type { Context, Handlers } from '../context.ts'
import { asFile, fileName, linesOf } from './files.ts'
import { type Part, pageOf, partOf } from './pages.ts'

/** Events in one file; for more of them, name a shorter time. */
const mostExported = 10_000
/** A text is looked for in so many events, and so many are read at once. */
const mostSearched = 50_000
const atOnce = 1000

type Query = Parameters<Handlers['eventTable']>[1]['query']

export const eventReads: Pick<Handlers, 'events' | 'eventLines' | 'eventTable'> = {
  async events(context, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    return query.after === undefined ? newest(context, query, part) : since(context, query, part, query.after)
  },
  async eventLines(context, { query }) {
    return asFile(nameOf(context, query, 'jsonl'), linesOf(await exported(context, query)))
  },
  async eventTable(context, { query }) {
    const names = ['id', 'at', 'type', 'urgency', 'symbol', 'account', 'scaleout', 'text', 'data'] as const
    const rows = (await exported(context, query)).map((event) => names.map((name) => event[name]))
    return asFile(nameOf(context, query, 'csv'), csvText(names, rows))
  },
}

/** A page of events, the newest first. The place of the stream is read before them, so that none between is missed. */
async function newest(context: Context, query: Query, part: Part) {
  const { parts } = context
  const end = await endOfEvents(parts.db)
  const events = await listed(context, query, { before: part.after, most: part.limit + 1 }, end.epoch)
  const page = pageOf(
    events,
    part,
    (event) => eventItem(context, event),
    ({ cursor }) => cursor.id,
  )
  return { ...page, latest: cursorText(end), isReset: false }
}

/** The events since a cursor, as the stream would bring them. */
async function since(context: Context, query: Query, { limit }: Part, after: string) {
  const { db, clock } = context.parts
  const cursor = readCursor(after)
  if (!cursor || !(await isGoodCursor(db, cursor, clock.now())))
    return { items: [], next: null, latest: cursorText(await endOfEvents(db)), isReset: true }
  const page = await eventsAfter(db, cursor, { accountIds: accountsIn(context, query), most: limit })
  const through = cursorText(page.through)
  const items = page.events
    .filter(fitting(filterOf(query)))
    .filter(saying(context, query.text ?? ''))
    .map((event) => eventItem(context, event))
  return { items, next: page.isMore ? through : null, latest: through, isReset: false }
}

async function exported(context: Context, query: Query): Promise<Event[]> {
  const { db } = context.parts
  const { epoch } = await endOfEvents(db)
  const events = await listed(context, query, { most: mostExported }, epoch)
  return events.reverse().map((event) => eventItem(context, event))
}

function nameOf(context: Context, { account }: Query, ending: 'csv' | 'jsonl'): string {
  return fileName(context, 'events', { accountId: account === undefined ? undefined : context.accountId, ending })
}

/** Events of a request, the newest first. Sentences are made and not stored, so that words are looked for in what was read. */
async function listed(
  context: Context,
  query: Query,
  { before, most }: Pick<EventFilter, 'before' | 'most'>,
  epoch: string,
): Promise<OrderedEvent[]> {
  const filter = filterOf(query)
  const accounts = accountsIn(context, query)
  const read = (from: number | undefined, count: number) =>
    listEvents(context.parts.db, accounts, { ...filter, before: from, most: count }, epoch)
  if (query.text === undefined) return read(before, most)
  const has = saying(context, query.text)
  const found: OrderedEvent[] = []
  for (let from = before, looked = 0; found.length < most && looked < mostSearched; looked += atOnce) {
    const events = await read(from, atOnce)
    found.push(...events.filter(has))
    if (events.length < atOnce) break
    from = events.at(-1)!.cursor.id
  }
  return found.slice(0, most)
}

/** Does the sentence of an event, its type, its symbol or its data have this text in it? Case does not matter. */
function saying(context: Context, text: string) {
  const wanted = text.toLowerCase()
  return (event: OrderedEvent) => {
    const { type, symbol, text: sentence } = eventItem(context, event)
    return [symbol, sentence, type, JSON.stringify(event.data)].join(' ').toLowerCase().includes(wanted)
  }
}

/** The account of the request when it names one, else all that the caller may see. */
function accountsIn({ accounts, accountId }: Context, { account }: Query): number[] {
  return account === undefined ? accounts.map(({ id }) => id) : [accountId]
}

function filterOf({ symbol, type, urgency, from, to }: Query): Omit<EventFilter, 'most'> {
  return {
    symbol: symbol?.toUpperCase(),
    types: type?.split(',').map((one) => one.trim()),
    urgencies: urgency?.split(',').map((one) => one.trim().toUpperCase()),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  }
}

/** The same filter on events that were read already. */
function fitting({ symbol, types, urgencies, from, to }: Omit<EventFilter, 'most'>) {
  return (event: OrderedEvent) =>
    (symbol === undefined || event.symbol === symbol) &&
    (types === undefined || types.includes(event.type)) &&
    (urgencies === undefined || urgencies.includes(event.urgency)) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to)
}

function eventItem({ parts }: Pick<Context, 'parts'>, event: OrderedEvent): Event {
  return toStreamed(parts, event) as Event
}
