// From the tick that touches a stop to the committed close: one position at a time, and 1,000 by one tick; with the time of
// as many bare transactions.
import { sql } from 'kysely'
import pg from 'pg'
import { startWorker } from '../../jobs/worker.ts'
import type { Desk } from '../../src/desk.ts'
import { percentile, report } from './figures.ts'
import {
  bareCloses,
  closeOneByOne,
  commitsOfAClose,
  handMarket,
  holdAndProtect,
  openDesk,
  watched,
} from './stopped-desk.ts'

const closes = 300
const atOnce = 1000
const connections = 10

await oneByOne()
await allAtOnce()
process.exit()

async function oneByOne(): Promise<void> {
  const market = handMarket(closes)
  const { desk, close } = await openDesk(market)
  await holdAndProtect(desk, closes, (index) => `S${index}`)
  const worker = startWorker(desk)
  await watched(desk, market)
  const samples = await closeOneByOne(desk, market, 0, closes)
  await worker.close()
  const floors = await bareCloses(desk, closes)
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const value = percentile(samples, share)
    const floor = percentile(floors, share)
    report({
      figure: `tick to committed close, one position, ${name}`,
      value,
      unit: 'ms',
      floor,
      floorOf: `${commitsOfAClose} bare transactions, one after the other`,
      samples: closes,
      ...(name === 'p99' ? { goal: 'at most 3 times the floor', holds: value <= 3 * floor } : {}),
    })
  }
  await close()
}

async function allAtOnce(): Promise<void> {
  const market = handMarket(1)
  const { desk, databaseUrl, close } = await openDesk(market)
  await holdAndProtect(desk, atOnce, () => 'S0')
  const worker = startWorker(desk)
  await watched(desk, market)
  const began = performance.now()
  market.jump('S0', 90)
  while ((await openCount(desk)) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const value = performance.now() - began
  const floor = await bareTransactionsAtOnce(databaseUrl)
  report({
    figure: `${atOnce} positions stopped by one tick: all committed`,
    value,
    unit: 'ms',
    floor,
    floorOf: `${atOnce} bare transactions on ${connections} connections`,
    goal: 'at most 1.5 times the floor',
    holds: value <= 1.5 * floor,
  })
  const { rows } = await sql<{ fills: number; wrong: number }>`select
    (select count(*) from fills f join paper_fills p using (venue_fill_id) where f.quantity = 100) as fills,
    (select count(*) from positions where signed_quantity <> 0 or working_quantity <> 0) as wrong`.execute(
    desk.parts.db,
  )
  if (rows[0]?.fills !== atOnce || rows[0].wrong !== 0)
    throw new Error(`not all was sold once: ${JSON.stringify(rows)}`)
  await worker.close()
  await close()
}

async function openCount({ parts }: Desk): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from positions where closed_at is null`.execute(parts.db)
  return rows[0]!.open
}

async function bareTransactionsAtOnce(databaseUrl: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
  await Promise.all(Array.from({ length: connections }, () => pool.query('select pg_sleep(0.05)')))
  const began = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, (_, index) =>
      pool.query('update members set name = name where id = $1', [index + 1]),
    ),
  )
  const took = performance.now() - began
  await pool.end()
  return took
}
