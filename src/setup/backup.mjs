import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { begin, readDotEnv } from './begin.mjs'
import { home, password } from './folders.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { runningPostgres } from './postgres.mjs'
import { postgresPlace } from './postgres-place.mjs'
import { ended, spawnBound } from './processes.mjs'
import { runWithServers } from './run.mjs'

// npm run backup [-- --to FOLDER]: backs the database up, also while the desk runs.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  const command = deskCommand('backup', ...process.argv.slice(2))
  const DATABASE_URL = process.env.DATABASE_URL || running()
  if (!DATABASE_URL) return runWithServers({ folder: home, command, ...stops })
  const [program, ...args] = command
  process.umask(0o077)
  // A backup needs no Redis, but every role of the desk reads where one is.
  const kept = {
    REDIS_URL: 'redis://127.0.0.1',
    BACKUP_FOLDER: join(home, 'backups'),
    LOG_FILE: join(home, 'deskhand.log'),
  }
  const env = { ...kept, ...process.env, DATABASE_URL }
  const child = spawnBound(program, args, 'SIGKILL', { stdio: 'inherit', env })
  stops.stopping.addEventListener('abort', () => child.kill('SIGTERM'))
  return ended(child)
})

/** The server of a desk that runs from this folder. */
function running() {
  const folder = join(home, 'postgres')
  return existsSync(folder) ? runningPostgres(postgresPlace(folder), password(home)) : undefined
}
