import { spawn } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { root } from '../../src/setup/folders.mjs'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { freshRedis } from '../support/redis.ts'
import type { TestServer } from '../support/servers.ts'

const patience = { interval: 20 }

let database: FreshDatabase
let redis: TestServer
let client: pg.Client
beforeAll(async () => {
  redis = await freshRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  return async () => {
    await client.end()
    await database.drop()
  }
})

/** A process of the desk as a deployment starts it. */
function play(role: string) {
  const child = spawn(process.execPath, ['src/main.ts', role], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DATABASE_URL: database.url, REDIS_URL: redis.url, MARKET: 'sim', LOG_LEVEL: 'silent' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    ended,
    stop: () => child.kill('SIGTERM'),
    says: (text: string) => vi.waitFor(() => expect(said).toContain(text), patience),
  }
}

const newest = async () =>
  (await client.query('select name from kysely_migration order by name desc limit 1')).rows[0].name as string

test('a worker waits for the schema that it needs, migrates nothing, and begins when it is there', async () => {
  const name = await newest()
  await client.query('delete from kysely_migration where name = $1', [name])
  const worker = play('worker')
  await worker.says(`Database: waiting up to 120 s for the migration ${name}, which the role release brings`)
  expect(await newest()).not.toBe(name)
  await client.query("insert into kysely_migration values ($1, '2026-01-01')", [name])
  await worker.says('Worker: running')
  worker.stop()
  expect(await worker.ended).toBe(0)
})

test('a worker that waits for its schema ends when it is asked to', async () => {
  await client.query('delete from kysely_migration where name = $1', [await newest()])
  const worker = play('worker')
  await worker.says('Database: waiting')
  worker.stop()
  expect(await worker.ended).toBe(0)
})

test('a worker and a release of an older version continue to work beside a newer schema', async () => {
  await client.query("insert into kysely_migration values ('999_from_the_future', '2030-01-01')")
  await client.query('alter table orders add column from_the_future int default 1')
  expect(await play('release').ended).toBe(0)
  const worker = play('worker')
  await worker.says('Worker: running')
  worker.stop()
  expect(await worker.ended).toBe(0)
})
