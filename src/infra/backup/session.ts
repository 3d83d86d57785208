import pg from 'pg'

/** The text of a row depends on these settings of a session: both ends of a backup have the same. */
const settings = [
  `set timezone to 'UTC'`,
  `set datestyle to 'ISO, MDY'`,
  `set intervalstyle to 'postgres'`,
  `set bytea_output to 'hex'`,
  `set extra_float_digits to 1`,
  `set statement_timeout to 0`,
  `set idle_in_transaction_session_timeout to 0`,
  `set lock_timeout to 0`,
]

/** Opens a session for a backup or a restore, does the work and closes it. */
export async function inSession<Made>(url: string, work: (client: pg.Client) => Promise<Made>): Promise<Made> {
  const client = new pg.Client({ connectionString: url, application_name: 'deskhand-backup', keepAlive: true })
  client.on('error', () => {}) // the statement under way fails with it
  await client.connect()
  try {
    await client.query(settings.join(';'))
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** The same server's database with another name. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(name)}`
  return other.href
}

/** The name of a URL's database. */
export const databaseIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1))

export const quoted = (name: string): string => pg.escapeIdentifier(name)
