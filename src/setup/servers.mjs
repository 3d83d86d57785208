import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makePassable, password } from './folders.mjs'
import { startPostgres } from './postgres.mjs'
import { postgresPlace } from './postgres-place.mjs'
import { startRedis } from './redis.mjs'
import { redisProgram } from './redis-program.mjs'
import { say } from './say.mjs'
import { startWatched } from './watched.mjs'

/**
 * Settings for a Postgres whose data may be lost when the machine crashes: for tests. They spare it what pays only over
 * hours: to plan a statement anew for each of its first five uses, to think of several processes for one, and to write, tidy
 * and copy data in the background.
 */
export const throwaway = [
  ...['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'wal_level=minimal', 'max_wal_senders=0'],
  ...['max_wal_size=4GB', 'checkpoint_timeout=1h', 'autovacuum=off', 'io_method=sync'],
  ...['plan_cache_mode=force_generic_plan', 'max_parallel_workers_per_gather=0', 'max_connections=300'],
]

/**
 * Postgres and Redis as the desk needs them. A server that the environment names is used as it is. Any other is started here,
 * with its data in `folder`, and started again when it dies. Only one run at a time may use a folder.
 * @param {string} folder
 * @param {{ signal?: AbortSignal, environment?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ DATABASE_URL: string, REDIS_URL: string, hasOwnDatabase: boolean, stop: () => Promise<void> }>}
 */
export async function startServers(folder, { signal, environment = process.env } = {}) {
  makePassable(folder)
  const secret = password(folder)
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = []
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())))

  const redis = async () => {
    if (environment.REDIS_URL) {
      say('Redis: the one in REDIS_URL')
      return environment.REDIS_URL
    }
    const kept = { program: await redisProgram({ signal }), folder: join(folder, 'redis'), password: secret }
    const server = await startWatched('Redis', (again) => startRedis({ ...kept, ...again }), signal)
    started.push(server)
    say(`Redis: started on port ${server.port}`)
    return server.url
  }
  const postgres = async () => {
    if (environment.DATABASE_URL) {
      say('Postgres: the one in DATABASE_URL')
      return environment.DATABASE_URL
    }
    const place = postgresPlace(join(folder, 'postgres'))
    if (!existsSync(place.folder)) say('Postgres: making a new database …')
    const kept = { place, log: join(folder, 'postgres.log'), password: secret }
    const server = await startWatched('Postgres', (again) => startPostgres({ ...kept, ...again }), signal)
    started.push(server)
    say(`Postgres: started on port ${server.port}`)
    return server.url
  }
  const [redisUrl, databaseUrl] = await Promise.allSettled([redis(), postgres()])
  if (redisUrl.status === 'fulfilled' && databaseUrl.status === 'fulfilled') {
    const hasOwnDatabase = !environment.DATABASE_URL
    return { DATABASE_URL: databaseUrl.value, REDIS_URL: redisUrl.value, hasOwnDatabase, stop }
  }
  await stop()
  throw redisUrl.status === 'rejected' ? redisUrl.reason : /** @type {PromiseRejectedResult} */ (databaseUrl).reason
}
