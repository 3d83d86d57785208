import { symbolOf } from '../../../market/symbol.ts'
import type { OrderedEvent } from '../../../trading/events/rows/event-stream.ts'

/** The topics of a stream. An event belongs to it when one of them fits, and only when its account is the reader's. */
export interface Topics {
  /** `own` are all accounts of the reader, also later ones. */
  accounts: ReadonlySet<number> | 'own'
  symbols: ReadonlySet<string>
  scaleouts: ReadonlySet<number>
  /** Ids of strategy runs whose progress is told; `own` are all runs of the reader, also later ones. */
  runs: ReadonlySet<string> | 'own'
}

/** A stream of all that is the reader's own. */
export const everything: Topics = { accounts: 'own', symbols: new Set(), scaleouts: new Set(), runs: 'own' }
/** No topic at all. */
export const nothing: Topics = { accounts: new Set(), symbols: new Set(), scaleouts: new Set(), runs: new Set() }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The most topics of one stream. */
export const mostTopics = 50

/** The forms of a topic, for messages. */
export const topicForms = 'account:1, symbol:BYND, scaleout:7 or run:UUID'

/** Reads topics with commas between them: `account:1,symbol:BYND,scaleout:7,run:UUID`. Returns the part that is no topic, as a string. */
export function readTopics(text: string): Topics | string {
  const accounts = new Set<number>()
  const symbols = new Set<string>()
  const scaleouts = new Set<number>()
  const runs = new Set<string>()
  const parts = text.split(',').map((part) => part.trim())
  if (parts.length > mostTopics) return parts[mostTopics]!
  for (const part of parts) {
    const [, kind, value = ''] = /^(account|symbol|scaleout|run):(.+)$/.exec(part) ?? []
    const id = /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined
    const symbol = symbolOf(value)
    if (kind === 'account' && id !== undefined) accounts.add(id)
    else if (kind === 'scaleout' && id !== undefined) scaleouts.add(id)
    else if (kind === 'symbol' && symbol !== undefined) symbols.add(symbol)
    else if (kind === 'run' && uuid.test(value)) runs.add(value.toLowerCase())
    else return part
  }
  return { accounts, symbols, scaleouts, runs }
}

/** Does an event belong to these topics? Its account is looked at elsewhere. */
export function fits({ accounts, symbols, scaleouts }: Topics, event: OrderedEvent): boolean {
  return (
    accounts === 'own' ||
    (event.accountId !== null && accounts.has(event.accountId)) ||
    (event.symbol !== undefined && symbols.has(event.symbol)) ||
    (event.scaleoutId !== undefined && scaleouts.has(event.scaleoutId))
  )
}
