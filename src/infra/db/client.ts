import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { prepareStatements } from './prepared.ts'
import type { Database } from './schema.ts'

/** The database, or a transaction on it; every query function takes one of these. */
export type Db = Kysely<Database> | Transaction<Database>
export type Trx = Transaction<Database>

const int8 = 20

/** Bigints come as numbers (ids stay far below 2^53), numerics as strings, timestamps as dates. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    id === int8 ? Number : pg.types.getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/** A longer query fails: a database that hangs must not hang the desk. Milliseconds. */
const longestQueryMs = 15_000

/**
 * A pool of up to `size` connections. A restart of the server fails the queries in flight, never the process. A query fails
 * after 15 s, unless the pool is `patient`.
 */
export function connectDatabase(url: string, log: Logger, size = 10, patient = false): Kysely<Database> {
  return kyselyOn(openPool(url, log, { size, patient }))
}

/** Connections that are opened in advance and kept, so that other users of the server cannot take them away. */
export interface Reserved {
  db: Kysely<Database>
  close(): Promise<void>
}

/** Each reserved connection is checked this often, in milliseconds; one that does not answer is replaced. */
const checkEveryMs = 5000
const answersWithinMs = 2000

/** The driver also accepts `query_timeout` in a query, but its types do not say so. */
const checking = { text: 'select 1', query_timeout: answersWithinMs } as pg.QueryConfig

/** Opens `size` connections at once, keeps them open, and checks from time to time that they answer. */
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
    // Sends statements without waiting for the answers to earlier ones.
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
