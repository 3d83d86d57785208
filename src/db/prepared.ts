import type { Client } from 'pg'

/** Statements that are kept prepared; beyond, they are parsed and planned each time, so that no number of texts fills memory. */
const mostStatements = 500
/** A statement with more values than this has a row of them for each of many, and a text of its own for each number of rows. */
const mostValues = 64
/** What Postgres says when a migration has changed a table under a prepared `select *`. */
const changedUnderneath = '0A000'

const names = new Map<string, string>()
let named = 0

/**
 * Lets a connection prepare each statement with values once and then only send the values: Postgres spends a third less
 * on a chunk. A statement whose tables were migrated meanwhile fails once, and is then prepared anew.
 */
export function prepareStatements(client: Pick<Client, 'query'>): void {
  const send = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((...args: unknown[]) => {
    const [text, values] = args
    if (typeof text !== 'string' || !Array.isArray(values)) return send(...args)
    if (values.length === 0 || values.length > mostValues) return send(...args)
    const name = nameOf(text)
    if (!name) return send(...args)
    const sent = send({ name, text, values }, ...args.slice(2))
    if (sent instanceof Promise) sent.catch((cause) => cause.code === changedUnderneath && names.delete(text))
    return sent
  }) as typeof client.query
}

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= mostStatements) return known
  named += 1
  const name = `deskhand-${named}`
  names.set(text, name)
  return name
}
