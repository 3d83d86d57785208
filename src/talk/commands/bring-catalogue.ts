import { pino } from 'pino'
import { connectDatabase } from '../../infra/db/client.ts'
import { isAhead } from '../../infra/db/migrator.ts'
import { writeCatalogue } from '../language/catalogue.ts'
import { handlers } from './index.ts'

/**
 * Writes the shipped words of the commands into a migrated database. A database that a newer release has migrated stays as it
 * is.
 */
export async function bringCatalogue(databaseUrl: string): Promise<void> {
  const db = connectDatabase(databaseUrl, pino({ level: 'silent' }), 1, true)
  try {
    if (!(await isAhead(db))) await writeCatalogue(db, handlers)
  } finally {
    await db.destroy()
  }
}
