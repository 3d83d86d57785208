import pg from 'pg'

/** Postgres cannot be used as DATABASE_URL names it; the message says why and what to do, without the password. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway'
}

const answersWithinMs = 5000

/** Reasons by the code of the error: of the system, or of Postgres (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const reasons: Record<string, (url: URL) => string> = {
  ENOTFOUND: ({ hostname }) => `there is no host "${hostname}"`,
  EAI_AGAIN: ({ hostname }) => `the host "${hostname}" was not found`,
  ECONNREFUSED: ({ host }) => `nothing listens at ${host}`,
  '28P01': ({ username }) => `the password of "${decodeURIComponent(username)}" is wrong`,
  '28000': ({ username }) => `"${decodeURIComponent(username)}" may not connect`,
  '3D000': ({ pathname }) => `there is no database "${decodeURIComponent(pathname.slice(1))}"`,
}

/** Checks that Postgres lets the desk in. Throws `DatabaseAway` after five seconds at the latest. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl)
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: answersWithinMs })
  client.on('error', () => {}) // the line may break while it closes
  try {
    await client.connect()
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const reason = reasons[code]?.(url) ?? `${url.host} does not let the desk in (${code || message})`
    throw new DatabaseAway(`The database cannot be used: ${reason}. Start it, or correct DATABASE_URL.`, { cause })
  } finally {
    await client.end().catch(() => {})
  }
}
