import type { IncomingMessage } from 'node:http'
import { symbolOf } from '../../market/symbol.ts'
import { type EventCursor, readCursor } from '../../trading/events/rules/event-cursor.ts'
import type { Parts } from '../../trading/parts.ts'
import { accountsOfScaleouts } from '../../trading/scaleouts/rows/accounts-of-scaleouts.ts'
import type { Problem } from './problems.ts'
import { problems } from './problems.ts'
import type { Reader } from './reader.ts'
import { readTopics, type Topics } from './topics.ts'

/** A cursor of no history: whoever has it begins anew. */
const unreadable: EventCursor = { epoch: '', xid: '0', id: 0 }

/** The parameters of a request. Its host does not matter. */
export function parametersOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://desk').searchParams
}

/** The cursor after which a reader goes on: a browser's `Last-Event-ID`, or `after` in the address. */
export function cursorIn(request: IncomingMessage): EventCursor | undefined {
  const text = request.headers['last-event-id'] ?? parametersOf(request).get('after')
  if (typeof text !== 'string' || text === '') return undefined
  return readCursor(text) ?? unreadable
}

/** The topics of a request; without any, all accounts of the reader. What is somebody else's does not exist for the reader. */
export async function topicsIn(
  { db }: Pick<Parts, 'db'>,
  request: IncomingMessage,
  { accountIds }: Reader,
): Promise<Topics | Problem> {
  const text = parametersOf(request).get('topics')
  if (text === null || text === '') return { accounts: accountIds, symbols: new Set(), scaleouts: new Set() }
  const topics = readTopics(text)
  if (typeof topics === 'string') return problems.topic(topics)
  const owners = await accountsOfScaleouts(db, [...topics.scaleouts])
  for (const id of topics.accounts) if (!accountIds.has(id)) return problems.unknown(`account ${id}`)
  for (const id of topics.scaleouts) {
    if (!accountIds.has(owners.get(id) ?? 0)) return problems.unknown(`scaleout ${id}`)
  }
  return topics
}

/** The symbol at the end of a path, in capitals; undefined when it can be none. */
export function symbolIn(text: string): string | undefined {
  try {
    return symbolOf(decodeURIComponent(text))
  } catch {
    return undefined
  }
}
