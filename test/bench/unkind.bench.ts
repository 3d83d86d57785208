// Closes under bad conditions: with Redis stopped, with 2,000 rows waiting in the outbox, and 10,000 positions of 1,000
// accounts at one moment, with the first message to every thread; with the time of as many bare transactions.
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { startOutbox, startWorker } from '../../jobs/worker.ts'
import type { Desk } from '../../src/desk.ts'
import type { Poster } from '../../src/talk/chat/door.ts'
import { servers } from './database.ts'
import { percentile, report } from './figures.ts'
import { noPlatform } from './no-platform.ts'
import {
  bareCloses,
  bareTransaction,
  closeOneByOne,
  commitsOfAClose,
  handMarket,
  holdAndProtect,
  openDesk,
  watched,
} from './stopped-desk.ts'

const closes = 200
const waiting = 2000
/** Milliseconds that the platform takes for every post. */
const postMs = 200
const manyPositions = 10_000
const manyAccounts = 1000
/** Positions of an account, each in another symbol; all prices jump at the same moment. */
const each = manyPositions / manyAccounts

await withRedisStopped()
await withRowsWaiting()
await manyAtOnce()
process.exit()

async function withRedisStopped(): Promise<void> {
  const market = handMarket(closes)
  const { desk, close } = await openDesk(market)
  await holdAndProtect(desk, closes, (index) => `S${index}`)
  const worker = startWorker(desk)
  await watched(desk, market)
  const pid = await redisPid()
  process.kill(pid, 'SIGSTOP')
  try {
    await tellOf('stop to committed close with Redis stopped, p99', desk, market, 1000)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await worker.close()
  await close()
}

async function withRowsWaiting(): Promise<void> {
  const market = handMarket(closes)
  const { desk, close } = await openDesk(market)
  await holdAndProtect(desk, closes, (index) => `S${index}`)
  await sql`insert into replies (conversation_id, kind, body, state, urgent)
    select n % ${closes} + 1, 'post', jsonb_build_object('text', 'row ' || n), 'queued', false
    from generate_series(1, ${waiting}) n`.execute(desk.parts.db)
  await desk.sweep()
  const running = [startWorker(desk), startOutbox(desk, slowPlatform())]
  await watched(desk, market)
  await tellOf(`stop to committed close with ${waiting} rows waiting in the outbox, p99`, desk, market, 1000)
  await Promise.all(running.map((one) => one.close()))
  await close()
}

/** Closes one position after the other, and reports the time of each. */
async function tellOf(figure: string, desk: Desk, market: ReturnType<typeof handMarket>, goal: number): Promise<void> {
  const samples = await closeOneByOne(desk, market, 0, closes)
  const floors = await bareCloses(desk, closes)
  const value = percentile(samples, 0.99)
  report({
    figure,
    value,
    unit: 'ms',
    floor: percentile(floors, 0.99),
    floorOf: `${commitsOfAClose} bare transactions, one after the other`,
    samples: closes,
    goal: `at most ${goal} ms`,
    holds: value <= goal,
    note: `median ${percentile(samples, 0.5).toFixed(1)} ms`,
  })
}

/**
 * Each account has its positions in a thread of its own, in a channel of its own, so that the platform's limits delay nobody.
 */
async function manyAtOnce(): Promise<void> {
  const market = handMarket(each)
  const { desk, close } = await openDesk(market)
  await holdInAccounts(desk)
  const running = [startWorker(desk), startOutbox(desk, noPlatform())]
  await watched(desk, market)
  const began = performance.now()
  for (let symbol = 0; symbol < each; symbol++) market.jump(`S${symbol}`, 90)
  const closed = until(began, async () => {
    const { rows } = await sql<{ open: number }>`
      select count(*)::int as open from positions where closed_at is null`.execute(desk.parts.db)
    return rows[0]!.open === 0
  })
  const told = until(began, async () => {
    const { rows } = await sql<{ told: number }>`
      select count(distinct conversation_id)::int as told from replies where state = 'posted'`.execute(desk.parts.db)
    return rows[0]!.told === manyAccounts
  })
  const value = await closed
  const floor = await bareAtOnce(desk)
  report({
    figure: `${manyPositions} positions of ${manyAccounts} accounts stopped at one moment: all committed`,
    value,
    unit: 'ms',
    floor,
    floorOf: `${manyPositions} bare transactions on the desk's connections`,
    goal: 'at most 3000 ms',
    holds: value <= 3000,
  })
  report({
    figure: 'the first word to every thread, from the tick',
    value: await told,
    unit: 'ms',
    floor: value,
    floorOf: 'all closes committed; the channels are each below the limits of a platform',
  })
  await Promise.all(running.map((one) => one.close()))
  await close()
}

async function holdInAccounts({ parts }: Desk): Promise<void> {
  for (const statement of [
    sql`insert into members (name, role) select 'trader ' || n, 'trader' from generate_series(1, ${manyAccounts}::int) n`,
    sql`insert into accounts (member_id, starting_balance) select id, 100000000 from members order by id`,
    sql`insert into conversations (key, place) select 'slack:T1:C' || id || ':t' || id,
      jsonb_build_object('door', 'slack', 'workspace', 'T1', 'channel', 'C' || id, 'thread', 't' || id) from members order by id`,
    sql`insert into positions (account_id, symbol, signed_quantity, open_cost, conversation_id, opened_at)
      select n / ${each}::int + 1, 'S' || n % ${each}::int, 100, 10000, n / ${each}::int + 1, now()
      from generate_series(0, ${manyPositions - 1}::int) n`,
    sql`insert into protective_orders
        (position_id, account_id, member_id, conversation_id, symbol, kind, price, quantity, created_at)
      select id, account_id, account_id, conversation_id, symbol, 'stop', 95, 100, now() from positions`,
    sql`analyze`,
  ]) {
    await statement.execute(parts.db)
  }
}

async function bareAtOnce(desk: Desk): Promise<number> {
  const began = performance.now()
  await Promise.all(
    Array.from({ length: manyPositions }, (_, index) => bareTransaction(desk, (index % manyAccounts) + 1)),
  )
  return performance.now() - began
}

/** Milliseconds from `began` until the condition holds. */
async function until(began: number, isSo: () => Promise<boolean>): Promise<number> {
  while (!(await isSo())) await wait(10)
  return performance.now() - began
}

function slowPlatform(): Poster {
  const platform = noPlatform()
  return {
    ...platform,
    async post(post) {
      await wait(postMs)
      return platform.post(post)
    },
  }
}

async function redisPid(): Promise<number> {
  const redis = new Redis(servers().redis)
  const info = await redis.info('server')
  redis.disconnect()
  return Number(/process_id:(\d+)/.exec(info)![1])
}
