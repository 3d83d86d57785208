// A sweep of the monitor over 10,000 positions, in shards as the workers share it: every position is evaluated, and its mark
// is written to Postgres; with one bare statement that updates the same rows.
import { sql } from 'kysely'
import pg from 'pg'
import { createStudies } from '../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../src/watch/monitor/sweep.ts'
import { percentile, report } from './figures.ts'
import { holdLargeBook, marketWithBars, randomWalk } from './large-book.ts'
import { openDesk } from './stopped-desk.ts'

const positions = 10_000
const symbols = 500
/** The shards of jobs/monitor.ts, and the number that one process works on at once. */
const shards = 8
const atOnce = 2
const samples = 9
/** Times the floor. */
const goal = 3

const market = marketWithBars(symbols)
const { desk, databaseUrl, close } = await openDesk(market)
await holdLargeBook(desk, positions, symbols)
const { parts } = desk
const studies = createStudies(parts)
const bare = new pg.Client({ connectionString: databaseUrl })
await bare.connect()
const walks = Array.from({ length: symbols }, (_, index) => randomWalk(index, 0.001))

const first = await sweep()
const sweeps: number[] = []
const floors: number[] = []
for (let sample = 0; sample < samples; sample++) {
  sweeps.push(await sweep())
  floors.push(await bareUpdate())
}
const value = percentile(sweeps, 0.5)
const floor = percentile(floors, 0.5)
report({
  figure: `a sweep of ${positions} positions over ${symbols} symbols, marks persisted`,
  value,
  unit: 'ms',
  floor,
  floorOf: 'one bare update of mark, P&L and time of the same rows from arrays',
  samples,
  goal: `at most ${goal} times the floor`,
  holds: value <= goal * floor,
  note: `slowest ${Math.round(Math.max(...sweeps))} ms; the first, which studies all bars and inserts the rows, ${Math.round(first)} ms`,
})
await bare.end()
await close()
process.exit()

/** Milliseconds of a sweep after all prices moved. Fails when a mark is missing. */
async function sweep(): Promise<number> {
  for (const [index, walk] of walks.entries()) market.set(`S${index}`, Number(walk().toFixed(2)))
  const at = new Date()
  const left = Array.from({ length: shards }, (_, index) => index)
  const began = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = left.shift(); index !== undefined; index = left.shift())
        await sweepPositions(parts, studies, { shard: { index, of: shards } })
    }),
  )
  const took = performance.now() - began
  const { rows } = await sql<{ marked: number }>`
    select count(*) as marked from position_watch where marked_at >= ${at} and mark is not null`.execute(parts.db)
  if (rows[0]?.marked !== positions) throw new Error(`${rows[0]?.marked} positions were marked`)
  return took
}

async function bareUpdate(): Promise<number> {
  const { rows } = await bare.query('select position_id as id, mark + 0.01 as mark from position_watch')
  const columns = [rows.map(({ id }) => id), rows.map(({ mark }) => mark)]
  const began = performance.now()
  const { rowCount } = await bare.query(
    `update position_watch w set mark = g.mark, unrealized_pnl = g.mark * 100, marked_at = now()
     from unnest($1::bigint[], $2::numeric[]) as g(id, mark) where w.position_id = g.id`,
    columns,
  )
  const took = performance.now() - began
  if (rowCount !== positions) throw new Error(`${rowCount} rows were updated`)
  return took
}
