import { Redis } from 'ioredis'
import pg from 'pg'
import { clean, freshDatabase } from '../support/database.ts'
import { freshRedis } from '../support/redis.ts'

/** A Postgres database and a Redis that rooms use one after the other. */
export interface Ground {
  databaseUrl: string
  redisUrl: string
  /** Removes everything of the previous room: a new database for each room would take longer than most tests. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Opens a database and a Redis of one's own. */
export async function openGround(): Promise<Ground> {
  const [database, server] = await Promise.all([freshDatabase(), freshRedis()])
  const postgres = new pg.Client({ connectionString: database.url })
  await postgres.connect()
  const redis = new Redis(server.url)
  return {
    databaseUrl: database.url,
    redisUrl: server.url,
    async clear() {
      await Promise.all([clean(postgres), redis.flushall()])
    },
    async close() {
      redis.disconnect()
      await postgres.end()
      await Promise.all([database.drop(), server.stop()])
    },
  }
}
