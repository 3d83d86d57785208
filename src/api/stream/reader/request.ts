import type { IncomingMessage } from 'node:http'
import type { Refusal } from '../../../base/refusal.ts'
import { runsNamed } from '../../../strategies/runs/rows/runs.ts'
import { type EventCursor, readCursor } from '../../../trading/events/rules/event-cursor.ts'
import { accountsOfScaleouts } from '../../../trading/scaleouts/rows/accounts-of-scaleouts.ts'
import { seesRun } from '../../sessions/caller.ts'
import type { StreamParts } from '../stream-parts.ts'
import type { Reader } from './reader.ts'
import { strangeTopic, unknownThing } from './refusals.ts'
import { everything, readTopics, type Topics } from './topics.ts'

/** A cursor of no history: whoever has it begins anew. */
const unreadable: EventCursor = { epoch: '', xid: '0', id: 0 }

/** The parameters of a request. */
export function parametersOf({ url }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url?.slice(`${url}?`.indexOf('?') + 1))
}

/** The last part of the path of a request; undefined when it cannot be decoded. */
export function nameIn({ url }: IncomingMessage): string | undefined {
  const path = url?.split('?')[0] ?? ''
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
  } catch {
    return undefined
  }
}

/** The cursor after which a reader goes on: a browser's `Last-Event-ID`, or `after` in the address. */
export function cursorIn(request: IncomingMessage): EventCursor | undefined {
  const text = request.headers['last-event-id'] ?? parametersOf(request).get('after')
  if (typeof text !== 'string' || text === '') return undefined
  return readCursor(text) ?? unreadable
}

/** The topics of a request; without any, all that is the reader's own. Things of other members do not exist for the reader. */
export async function topicsIn(
  { db }: Pick<StreamParts, 'db'>,
  request: IncomingMessage,
  { caller, accountIds }: Reader,
): Promise<Topics | Refusal> {
  const text = parametersOf(request).get('topics')
  if (text === null || text === '') return everything
  const topics = readTopics(text)
  if (typeof topics === 'string') return strangeTopic(topics)
  const { accounts, scaleouts } = topics
  if (accounts !== 'own' && [...accounts].some((id) => !accountIds.has(id))) return unknownThing('such account')
  const accountOf = await accountsOfScaleouts(db, [...scaleouts])
  if ([...scaleouts].some((id) => !accountIds.has(accountOf.get(id) ?? 0))) return unknownThing('such scaleout')
  const runs = topics.runs === 'own' ? [] : [...topics.runs]
  const seen = (await runsNamed(db, runs)).filter((run) => seesRun(caller, run))
  if (seen.length < runs.length) return unknownThing('such run')
  return topics
}
