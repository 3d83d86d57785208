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
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
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
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}
