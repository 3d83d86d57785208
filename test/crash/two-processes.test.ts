import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createDesk } from '../../src/desk.ts'
import { runChunk } from '../../src/trading/scaleouts/chunk.ts'
import { exactLook } from '../contracts/exact-look.ts'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }

test('two processes with worker and door each hear, sell and say everything once', patience, async () => {
  const scene = await openScene(await discordPlatform())
  const { db, platform } = scene
  await Promise.all([scene.begin(), scene.begin()])
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  await scene.sees(/^🎉/)
  await scene.comesToRest()
  await expectSoldOnce(db, 3750)
  await expectOneOrderAChunk(db)
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(platform.seen().filter(({ text }) => text.startsWith('✓ LONG'))).toHaveLength(1)
})

test.each([moments[2], moments[5]])(
  'when one of two processes dies %s, the other one continues',
  patience,
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const { db, platform } = scene
    const mortal = await scene.begin({ death: { moment, chunk: 'middle' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('scaleout fast', /^🔄/)
    expect(await mortal.ended).toBe('SIGKILL')
    const other = await scene.begin()
    await scene.letPass(40)
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    await expectSoldOnce(db, 3750)
    await expectOneOrderAChunk(db)
    exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
    expect(other.isAlive()).toBe(true)
  },
)

test('a chunk is sold once, however many workers run it at the same instant', patience, async () => {
  const scene = await openScene(await discordPlatform(), { timeScale: 3600 })
  const { db, environment } = scene
  const door = await scene.begin({ roles: ['discord'] })
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('scaleout fast', /^🔄/)
  const config = readConfig(environment)
  const desks = await Promise.all([1, 2, 3].map(() => createDesk({ config, log: pino({ level: 'silent' }) })))
  onTestFinished(async () => void (await Promise.all(desks.map((desk) => desk.close()))))

  const chunks = await db.selectFrom('scaleout_chunks').select('id').orderBy('number').execute()
  const failures: unknown[] = []
  await scene.letPass(60)
  for (const { id } of chunks) {
    // A later chunk keeps its distance from a late one, so each is run until it is done.
    await expect
      .poll(
        async () => {
          await Promise.all(
            [...desks, ...desks].map((desk) => runChunk(desk.parts, id).catch((cause) => failures.push(cause))),
          )
          const chunk = await db.selectFrom('scaleout_chunks').select('state').where('id', '=', id).executeTakeFirst()
          return chunk?.state
        },
        { timeout: 60_000 },
      )
      .toBe('done')
  }
  expect(failures).toEqual([])
  await scene.sees(/^🎉/)
  await scene.comesToRest()
  await expectSoldOnce(db, 3750)
  await expectOneOrderAChunk(db)
  exactLook.expectScaleout(scene.platform.seen(), 'FAST (1-3 minutes)', 'alice')
  await door.end()
})
