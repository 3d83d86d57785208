import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../../src/base/log.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'
import { startPostgresServer, type TestServer } from '../../support/servers.ts'
import { type Holder, holding } from './closing.ts'

/**
 * The desk promises a second from a touch to the close, and the bench measures it. A machine that runs other tests meanwhile
 * takes up to twice that, and a close that waits for what hangs takes longer than this, in milliseconds.
 */
const withoutWaitMs = 2500
const tries = { retry: 3, timeout: 60_000 }

/** A trouble: how it begins, and how it ends. */
interface Trouble {
  begin(desk: TestDesk): Promise<(() => unknown) | undefined>
  options?(): Promise<Partial<Parameters<typeof openTestDesk>[0]>>
}

const redisOf = async (desk: TestDesk, work: (redis: Redis) => Promise<unknown>) => {
  const redis = new Redis(desk.redis.url)
  await work(redis)
  redis.disconnect()
}

const troubles: [string, Trouble][] = [
  [
    'Redis stopped in the middle of what it did',
    {
      async begin({ redis }) {
        redis.freeze()
        return () => redis.thaw()
      },
    },
  ],
  [
    'Redis full',
    {
      async begin(desk) {
        await redisOf(desk, (redis) => redis.config('SET', 'maxmemory', '1mb', 'maxmemory-policy', 'noeviction'))
        return undefined
      },
    },
  ],
  [
    'Redis read-only',
    {
      async begin(desk) {
        await redisOf(desk, (redis) => redis.replicaof('127.0.0.1', 1))
        return undefined
      },
    },
  ],
  [
    'Redis killed',
    {
      async begin({ redis }) {
        await redis.kill9()
        return () => redis.start()
      },
    },
  ],
  [
    "the log's disk full",
    {
      options: async () => ({ log: createLog({ level: 'trace', file: '/dev/full' }) }),
      begin: async () => undefined,
    },
  ],
  [
    'no database connection left',
    {
      options: async () => ({ databaseServer: (await fewToGive()).url }),
      begin: takeAllConnections,
    },
  ],
]

let postgres: Promise<TestServer> | undefined
/** A server with few connections, for all tests that take them: to make one takes longer than they do. */
function fewToGive(): Promise<TestServer> {
  postgres ??= startPostgresServer({ settings: ['max_connections=40'] })
  return postgres
}
afterAll(async () => (await postgres)?.stop())

/** Takes all connections that the server still gives, until none is left. */
async function takeAllConnections(desk: TestDesk): Promise<() => unknown> {
  const taken: pg.Client[] = []
  for (;;) {
    const client = new pg.Client({ connectionString: desk.databaseUrl })
    client.on('error', () => {})
    try {
      await client.connect()
      taken.push(client)
    } catch {
      break
    }
  }
  expect(taken.length).toBeGreaterThan(0)
  // The desk's own connections for other work are busy, too.
  const busy = Array.from({ length: 10 }, () => sql`select pg_sleep(20)`.execute(desk.desk.parts.db).catch(() => {}))
  return async () => {
    await Promise.all(taken.map((client) => client.end()))
    const cancel = sql`
      select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`
    let isOver = false
    const over = Promise.all(busy).then(() => {
      isOver = true
    })
    // More wait for a connection than the desk has: the others begin when the first are cancelled.
    while (!isOver) {
      await cancel.execute(desk.desk.critical.db).catch(() => {})
      await Promise.race([over, wait(50)])
    }
  }
}

const causes: [string, (desk: TestDesk, holder: Holder) => Promise<unknown> | unknown][] = [
  ['a stop', (desk) => desk.market.set('BYND', '0.54')],
  ['a target', (desk) => desk.market.set('BYND', '0.71')],
  ['a loss beyond the limit of the day', (desk) => desk.market.set('AAPL', '20')],
]

const cases = troubles.flatMap(([trouble, how]) => causes.map(([cause, act]) => [cause, trouble, how, act] as const))

test.each(cases)('%s closes without a wait with %s', tries, async (_, __, trouble, act) => {
  const desk = await openTestDesk(await trouble.options?.())
  onTestFinished(() => desk.close())
  const holder = await holding(desk, 'long BYND 3750 @ .63', {})
  for (const text of ['stop BYND .55', 'target BYND .70', 'long AAPL 300 @ 190']) await holder.person.say(text)
  await isWatched(desk)
  const end = await trouble.begin(desk)
  try {
    const began = performance.now()
    await act(desk, holder)
    await closed(desk, holder)
    expect(performance.now() - began).toBeLessThan(withoutWaitMs)
  } finally {
    await end?.()
  }
  expect(await holder.orders()).toMatchObject([{ quantity: '3750', state: 'filled' }])
})

/** Waits until the monitor knows both positions, and the levels of one. */
async function isWatched({ desk, market }: TestDesk): Promise<void> {
  const raised = async () => {
    const rows = await desk.parts.db.selectFrom('desk_events').select('type').execute()
    return new Set(rows.map(({ type }) => type))
  }
  for (const [symbol, price, type, back] of [
    ['BYND', '0.555', 'position.stop_approaching', '0.63'],
    ['BYND', '0.69', 'position.target_approaching', '0.63'],
    ['AAPL', '210', 'position.profit_milestone', '190'],
  ] as const) {
    market.set(symbol, price)
    await expect.poll(raised).toContain(type)
    market.set(symbol, back)
  }
}

/** Waits for the commit on a connection that the desk reserves for this. */
async function closed({ desk }: TestDesk, { held }: Holder): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: boolean }>`
      select closed_at is null as open from positions where id = ${held.position.id}`.execute(desk.critical.db)
    if (!rows[0]!.open) return
  }
}

test('a market that pushes no prices is looked at all the same while Redis is stopped', tries, async () => {
  const market = { ...handMarket(), subscribe: () => () => {} }
  const desk = await openTestDesk({ market, monitorEveryMs: 200 })
  onTestFinished(() => desk.close())
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  desk.redis.freeze()
  try {
    desk.market.set('BYND', '0.54')
    await closed(desk, holder)
  } finally {
    desk.redis.thaw()
  }
  expect(await holder.orders()).toMatchObject([{ quantity: '3750', state: 'filled' }])
})

test('a typed command does not wait for a Redis that has just been stopped', tries, async () => {
  const desk = await openTestDesk()
  onTestFinished(() => desk.close())
  const holder = await holding(desk, 'long BYND 3750 @ .63', {})
  desk.redis.freeze()
  try {
    const began = performance.now()
    expect(await holder.person.say('close now')).toContain('SOLD 3,750 BYND')
    // Until the desk knows that Redis does not answer, and no longer.
    expect(performance.now() - began).toBeLessThan(1500)
  } finally {
    desk.redis.thaw()
  }
})
