import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { letPass } from './ledger.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 240_000 }
const minutes = 60_000

/** Rounds in a database that records, by its own clock, when an order is written. */
const nextRound = roundsIn(async (whenOver) => {
  const scene = await openScene(await discordPlatform(), { whenOver, timeScale: 30 })
  await sql`alter table orders add column written_at timestamptz default clock_timestamp()`.execute(scene.db)
  return scene
})

/** Chunks of the last scaleout that were sold before they were due, by the database's clock. */
async function early({ db }: Scene): Promise<unknown[]> {
  const { rows } = await sql`
    select c.number, c.due_at - o.written_at as by from orders o join scaleout_chunks c on c.id = o.chunk_id
    where c.scaleout_id = (select max(id) from scaleouts) and o.written_at < c.due_at - interval '100 milliseconds'`.execute(
    db,
  )
  return rows
}

/** Pairs of consecutive chunks of it in a tenth of the planned time between them, or less. */
async function bursts({ db }: Scene): Promise<unknown[]> {
  const { rows } = await sql`
    select * from (
      select c.number, o.written_at - lag(o.written_at) over by_number as apart, c.due_at - lag(c.due_at) over by_number as planned
      from orders o join scaleout_chunks c on c.id = o.chunk_id
      where c.scaleout_id = (select max(id) from scaleouts) window by_number as (order by c.number)
    ) s where apart < planned / 10`.execute(db)
  return rows
}

async function expectWhole(round: Round): Promise<void> {
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await round.expectOneOrderAChunk()
  expect(await early(round)).toEqual([])
  expect(await bursts(round)).toEqual([])
  exactLook.expectScaleout(round.platform.seen(), 'FAST (1-3 minutes)', 'alice')
  const said = round.platform.seen().map(({ text }) => text)
  expect(said.filter((text) => text.startsWith('✓ LONG'))).toHaveLength(1)
  expect(said.filter((text) => text.startsWith('🔄'))).toHaveLength(1)
}

test.each([
  ['ahead', 45_000],
  ['behind', -45_000],
])(
  'two processes hear, sell and say everything once, and nothing early, when the clock of one is 45 s %s',
  patience,
  async (_, skewMs) => {
    const round = await nextRound()
    const other = await round.begin({ skewMs })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.ask('scaleout fast', /^🔄/)
    await round.sees(/^🎉/, 90_000)
    await expectWhole(round)
    await other.end()
  },
)

test.each([
  ['ten minutes ahead', 10 * minutes],
  ['ten minutes back', -10 * minutes],
])('a scaleout neither stalls nor bursts when the clock of its machine is set %s', patience, async (_, skewMs) => {
  const round = await nextRound()
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.ask('scaleout fast', /^🔄/)
  await round.sees(/^✓ Chunk 2\//)
  await round.life.setClock(skewMs)
  await round.sees(/^🎉/, 60_000)
  await expectWhole(round)
  await round.life.setClock(0)
})

test("a scaleout does not stall when the database's clock is set ten minutes back", patience, async () => {
  const round = await nextRound()
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.ask('scaleout fast', /^🔄/)
  await round.sees(/^✓ Chunk 2\//)
  // As if everything in the database were from ten minutes in the future.
  await letPass(round.db, -600)
  await round.sees(/^🎉/, 60_000)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await round.expectOneOrderAChunk()
  expect(await bursts(round)).toEqual([])
})
