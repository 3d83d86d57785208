import type { Client } from 'pg'
import { showsAllColumns } from './shape.ts'

/**
 * The number of texts that are kept as prepared statements; others are parsed and planned each time, so that memory stays
 * bounded.
 */
const mostStatements = 500
/** A statement with more values than this inserts many rows, and its text differs with the number of rows. */
const mostValues = 64
/**
 * The error code of Postgres when a migration has added a column to the result of a prepared `select *`. Nothing was
 * executed.
 */
const changedUnderneath = '0A000'

interface Known {
  /** The name of the prepared statement; undefined when there are too many statements or values. */
  name?: string
  showsAllColumns: boolean
}

const statements = new Map<string, Known>()
let named = 0

/**
 * Prepares each statement with values, and each that reads, once per connection and then sends only the values; Postgres needs a
 * third less time for a chunk. A migration during operation breaks nothing: a statement that returns all columns of a table is sent again
 * when its result has changed. In a transaction, which such an error would end, it is not prepared at all.
 */
export function prepareStatements(client: Pick<Client, 'query'>): void {
  const send = client.query.bind(client) as (...args: unknown[]) => unknown
  let isInTransaction = false
  client.query = ((...args: unknown[]) => {
    const [text, values] = args
    if (typeof text !== 'string' || !Array.isArray(values)) return send(...args)
    if (values.length === 0) {
      if (/^(begin|start transaction)\b/i.test(text)) isInTransaction = true
      else if (/^(commit|rollback)\s*;?\s*$/i.test(text)) isInTransaction = false
    }
    if (values.length === 0 ? !reads(text) : values.length > mostValues) return send(...args)
    const statement = known(text)
    if (!statement.name || (isInTransaction && statement.showsAllColumns)) return send(...args)
    const isAlone = !isInTransaction
    const sent = send({ name: statement.name, text, values }, ...args.slice(2))
    if (!(sent instanceof Promise)) return sent
    return sent.catch((cause) => {
      if (cause.code !== changedUnderneath || !isAlone) throw cause
      // The name stands for the old result on every connection, so the next one is new.
      if (statements.get(text) === statement) statements.delete(text)
      return send(...args)
    })
  }) as typeof client.query
}

/** Only one statement can be prepared at once, so a text of several is left as it is. */
const reads = (text: string) => /^\s*(?:select|with)\b[^;]*$/i.test(text)

function known(text: string): Known {
  const before = statements.get(text)
  if (before) return before
  if (statements.size >= mostStatements) return { showsAllColumns: false }
  named += 1
  const statement = { name: `deskhand-${named}`, showsAllColumns: showsAllColumns(text) }
  statements.set(text, statement)
  return statement
}
