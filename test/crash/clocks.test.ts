import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { expectOneOrderAChunk, expectSoldOnce, letPass } from './ledger.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 240_000 }
const minutes = 60_000

/** From now on the database records, by its own clock, when an order is written. */
const noteWrites = ({ db }: Scene) =>
  sql`alter table orders add column written_at timestamptz default clock_timestamp()`.execute(db)

/** Chunks that were sold before they were due, by the database's clock. */
async function early({ db }: Scene): Promise<unknown[]> {
  const { rows } = await sql`
    select c.number, c.due_at - o.written_at as by from orders o join scaleout_chunks c on c.id = o.chunk_id
    where o.written_at < c.due_at - interval '100 milliseconds'`.execute(db)
  return rows
}

/** Pairs of consecutive chunks in a tenth of the planned time between them, or less. */
async function bursts({ db }: Scene): Promise<unknown[]> {
  const { rows } = await sql`
    select * from (
      select c.number, o.written_at - lag(o.written_at) over by_number as apart, c.due_at - lag(c.due_at) over by_number as planned
      from orders o join scaleout_chunks c on c.id = o.chunk_id window by_number as (order by c.number)
    ) s where apart < planned / 10`.execute(db)
  return rows
}

async function expectWhole(scene: Scene): Promise<void> {
  await scene.comesToRest()
  await expectSoldOnce(scene.db, 3750)
  await expectOneOrderAChunk(scene.db)
  expect(await early(scene)).toEqual([])
  expect(await bursts(scene)).toEqual([])
  exactLook.expectScaleout(scene.platform.seen(), 'FAST (1-3 minutes)', 'alice')
  const said = scene.platform.seen().map(({ text }) => text)
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
    const scene = await openScene(await discordPlatform(), { timeScale: 30 })
    await noteWrites(scene)
    await Promise.all([scene.begin(), scene.begin({ skewMs })])
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('scaleout fast', /^🔄/)
    await scene.sees(/^🎉/, 90_000)
    await expectWhole(scene)
  },
)

test.each([
  ['ten minutes ahead', 10 * minutes],
  ['ten minutes back', -10 * minutes],
])('a scaleout neither stalls nor bursts when the clock of its machine is set %s', patience, async (_, skewMs) => {
  const scene = await openScene(await discordPlatform(), { timeScale: 30 })
  await noteWrites(scene)
  const life = await scene.begin()
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  await scene.sees(/^✓ Chunk 2\//)
  await life.setClock(skewMs)
  await scene.sees(/^🎉/, 60_000)
  await expectWhole(scene)
})

test("a scaleout does not stall when the database's clock is set ten minutes back", patience, async () => {
  const scene = await openScene(await discordPlatform(), { timeScale: 30 })
  await noteWrites(scene)
  await scene.begin()
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  await scene.sees(/^✓ Chunk 2\//)
  // As if everything in the database were from ten minutes in the future.
  await letPass(scene.db, -600)
  await scene.sees(/^🎉/, 60_000)
  await scene.comesToRest()
  await expectSoldOnce(scene.db, 3750)
  await expectOneOrderAChunk(scene.db)
  expect(await bursts(scene)).toEqual([])
})
