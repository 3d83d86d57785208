import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { exactText } from '../../base/format.ts'
import { exchangeZone } from '../../base/zone.ts'
import type { Config } from '../../config.ts'
import { BackupError } from '../../infra/backup/backup-error.ts'
import type { BackupFacts } from '../../infra/backup/load.ts'
import { restoreBackup } from '../../infra/backup/restore.ts'
import type { Database } from '../../infra/db/schema.ts'
import { forgetAll } from '../../infra/queue/forget.ts'
import { backUp } from './back-up.ts'

/** The words of a command line, and the folder in which they were typed. */
export interface Typed {
  words: string[]
  cwd: string
  say(line: string): void
}

type Settings = Pick<Config, 'DATABASE_URL' | 'REDIS_URL' | 'BACKUP_FOLDER' | 'BACKUP_KEY' | 'BACKUP_KEEP'>

/** `npm run backup [-- --to FOLDER]`: makes a backup, checks it, and says where it is. Throws `BackupError`. */
export async function backupTyped(
  config: Settings,
  { words, cwd, say }: Typed,
  db: Kysely<Database>,
  log: Logger,
): Promise<void> {
  const { values } = read(words, { to: { type: 'string' } }, 'npm run backup [-- --to FOLDER]')
  const folder = typeof values.to === 'string' ? resolve(cwd, values.to) : config.BACKUP_FOLDER
  if (!folder) throw new BackupError('Say where to: npm run backup -- --to FOLDER, or set BACKUP_FOLDER.')
  const { DATABASE_URL: url, BACKUP_KEY: keys, BACKUP_KEEP: keep } = config
  const { path, bytes, isEncrypted, facts, removed } = await backUp(db, log, { url, folder, keys, keep })
  say(`Backup: ${path} (${sizeText(bytes)}, ${isEncrypted ? 'encrypted' : 'NOT encrypted: BACKUP_KEY is not set'})`)
  say(`  ${factsText(facts)}`)
  say('  It was restored into a database beside, and every table was the same.')
  if (removed.length > 0) say(`  ${removed.length} older ${removed.length === 1 ? 'one was' : 'ones were'} removed.`)
}

/** `npm run restore -- FILE [--replace]`: restores a backup, and says what it holds. Throws `BackupError`. */
export async function restoreTyped(
  config: Settings,
  { words, cwd, say }: Typed,
  now: Date,
  log: Logger,
): Promise<void> {
  const usage = 'npm run restore -- FILE [--replace]'
  const { values, positionals } = read(words, { replace: { type: 'boolean' } }, usage)
  const [file] = positionals
  if (!file || positionals.length > 1) throw new BackupError(`Say which file: ${usage}`)
  const { facts, migrated, setAside } = await restoreBackup({
    ...{ url: config.DATABASE_URL, path: resolve(cwd, file), keys: config.BACKUP_KEY, now },
    replaces: values.replace === true,
    forgetJobs: () => forgetAll(config.REDIS_URL, log),
  })
  say(`Restored: ${factsText(facts)}`)
  if (migrated.length > 0) say(`  Migrations since then: ${migrated.join(', ')}`)
  if (setAside) say(`  The database of before is kept as "${setAside}": drop it when you miss nothing.`)
  say(
    '  The desk knows nothing of what happened after the backup. Compare positions with each broker before you start it (docs/operations.md).',
  )
}

function read(words: string[], options: Record<string, { type: 'string' | 'boolean' }>, usage: string) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true })
  } catch {
    throw new BackupError(`That is not understood. ${usage}`)
  }
}

function factsText({ madeAt, server, migrations, accounts, openPositions, tables }: BackupFacts): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  return [
    `made ${exactText(new Date(madeAt), exchangeZone)} from Postgres ${server}`,
    `${migrations.length} migrations up to ${migrations.at(-1)}`,
    counted(accounts, 'account'),
    counted(openPositions, 'open position'),
    `${counted(rows, 'row')} in ${counted(Object.keys(tables).length, 'table')}`,
  ].join(' · ')
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

const sizeText = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
