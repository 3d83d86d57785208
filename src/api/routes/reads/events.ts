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

/** Events in one file. Whoever wants more names a shorter time. */
const mostExported = 10_000

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
  const filter = { ...filterOf(query), before: part.after, most: part.limit + 1 }
  const events = await listEvents(parts.db, accountsIn(context, query), filter, end.epoch)
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
  const items = page.events.filter(fitting(filterOf(query))).map((event) => eventItem(context, event))
  return { items, next: page.isMore ? through : null, latest: through, isReset: false }
}

async function exported(context: Context, query: Query): Promise<Event[]> {
  const { db } = context.parts
  const { epoch } = await endOfEvents(db)
  const filter = { ...filterOf(query), most: mostExported }
  const events = await listEvents(db, accountsIn(context, query), filter, epoch)
  return events.reverse().map((event) => eventItem(context, event))
}

function nameOf(context: Context, { account }: Query, ending: 'csv' | 'jsonl'): string {
  return fileName(context, 'events', { accountId: account === undefined ? undefined : context.accountId, ending })
}

/** The account of the request when it names one, else all that the caller may see. */
function accountsIn({ accounts, accountId }: Context, { account }: Query): number[] {
  return account === undefined ? accounts.map(({ id }) => id) : [accountId]
}

function filterOf({ symbol, type, urgency, from, to, text }: Query): Omit<EventFilter, 'most'> {
  return {
    symbol: symbol?.toUpperCase(),
    types: type?.split(',').map((one) => one.trim()),
    urgencies: urgency?.split(',').map((one) => one.trim().toUpperCase()),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    text,
  }
}

/** The same filter on events that were read already. */
function fitting({ symbol, types, urgencies, from, to, text }: Omit<EventFilter, 'most'>) {
  return (event: OrderedEvent) =>
    (symbol === undefined || event.symbol === symbol) &&
    (types === undefined || types.includes(event.type)) &&
    (urgencies === undefined || urgencies.includes(event.urgency)) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to) &&
    (text === undefined ||
      [event.type, event.symbol ?? '', JSON.stringify(event.data)].join(' ').toLowerCase().includes(text.toLowerCase()))
}

function eventItem({ parts }: Pick<Context, 'parts'>, event: OrderedEvent): Event {
  return toStreamed(parts, event) as Event
}
