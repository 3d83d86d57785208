import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { prepareStatements } from './prepared.ts'
import type { Database } from './schema.ts'

/** The database or a transaction on it: every query is a function of one of these. */
export type Db = Kysely<Database> | Transaction<Database>
export type Trx = Transaction<Database>

const int8 = 20

/** Bigints come as numbers (ids stay far below 2^53), numerics as strings, timestamps as dates. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === int8 ? Number : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/** A query that takes longer has failed: a database that hangs must not hang the desk. */
const longestQueryMs = 15_000

/**
 * A pool of up to `size` connections. A restart of the server costs the queries in flight, never the process. A query
 * fails after 15 s, unless it may take as long as it likes (`patient`).
 */
export function connectDatabase(url: string, log: Logger, size = 10, patient = false): Kysely<Database> {
  return kyselyOn(openPool(url, log, { size, patient }))
}

/** Connections that are there before they are needed, and stay: no other use of the server can take them away. */
export interface Reserved {
  db: Kysely<Database>
  close(): Promise<void>
}

/** So often each reserved connection is made sure of; one that does not answer is replaced. */
const checkEveryMs = 5000
const answersWithinMs = 2000

/** The driver takes this for a query as well, which its types do not say. */
const checking = { text: 'select 1', query_timeout: answersWithinMs } as pg.QueryConfig

/** Opens `size` connections at once, keeps them open, and looks now and then whether they answer. */
export function connectReserved(url: string, log: Logger, size: number): Reserved {
  const pool = openPool(url, log, { size, idleMs: 0 })
  const check = () => Promise.all(Array.from({ length: size }, () => pool.query(checking)))
  const look = () =>
    check().then(
      () => {},
      (cause) => log.warn({ err: cause }, 'a reserved database connection does not answer'),
    )
  let looking = look()
  const timer = setInterval(() => {
    looking = look()
  }, checkEveryMs)
  timer.unref()
  const db = kyselyOn(pool)
  return {
    db,
    async close() {
      clearInterval(timer)
      await looking
      await db.destroy()
    },
  }
}

function openPool(
  url: string,
  log: Logger,
  { size, idleMs = 60_000, patient = false }: { size: number; idleMs?: number; patient?: boolean },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: idleMs,
    // Statements that do not wait for each other's answers are sent together.
    pipeline: true,
    keepAlive: true,
    ...(patient
      ? {}
      : {
          statement_timeout: longestQueryMs,
          query_timeout: longestQueryMs + 1000,
          idle_in_transaction_session_timeout: 2 * longestQueryMs,
        }),
  })
  pool.on('error', (cause) => log.warn({ err: cause }, 'database connection lost'))
  pool.on('connect', (client) => {
    client.on('error', (cause) => log.warn({ err: cause }, 'database connection lost'))
    prepareStatements(client)
  })
  return pool
}

function kyselyOn(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}
