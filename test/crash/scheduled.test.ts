import { writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { expectSoldOnce } from './ledger.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 240_000 }
/** Longer than any lease on a scheduled order, or on a reply. */
const downSeconds = 40

/** A desk with a position to sell that trades at any hour. A planned minute takes a tenth of a second, or `60 / timeScale` seconds. */
async function sceneWithCoin(timeScale = 600): Promise<Scene> {
  const scene = await openScene(await discordPlatform(), { timeScale })
  priceIs(scene, 63)
  return scene
}

function priceIs({ environment }: Scene, price: number): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,1.01,1.01,1.01\nBTC-USD,${price},${price},${price}\n`)
}

const stateOf = async ({ db }: Scene) =>
  (await db.selectFrom('scheduled_orders').select('state').execute()).map(({ state }) => state)

test.each([moments[1], moments[2], moments[4], moments[5]])(
  'a scheduled order is carried out once and told once when the process dies %s',
  patience,
  async (moment) => {
    const scene = await sceneWithCoin()
    const life = await scene.begin({ death: { moment, answer: '✓ SOLD' } })
    await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
    await scene.ask('close BTC-USD in 10 minutes', /^⏰ CLOSE BTC-USD/)
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await scene.sees(/^✓ SOLD/)
    await expect.poll(() => stateOf(scene), { timeout: 60_000 }).toEqual(['done'])
    await scene.comesToRest()
    await expectSoldOnce(scene.db, 100)
    const said = scene.platform.seen('everywhere').map(({ text }) => text)
    expect(said.filter((text) => text.startsWith('⏰ NOW'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('✓ SOLD'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('🛑'))).toEqual([])
  },
)

test('a process that is killed while an order waits, and a Redis that forgets it, do no harm', patience, async () => {
  // A planned minute takes a second: what is late by more than 15 of them is asked about.
  const scene = await sceneWithCoin(60)
  const life = await scene.begin()
  await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
  await scene.ask('close BTC-USD in 12 minutes', /^⏰ CLOSE BTC-USD/)
  await scene.comesToRest() // otherwise its lease on the answer would have to end first
  await life.kill()
  const redis = new Redis(scene.redis.url)
  await redis.flushall()
  redis.disconnect()
  expect(await stateOf(scene)).toEqual(['waiting'])
  await scene.begin()
  await scene.sees(/^✓ SOLD/)
  await scene.comesToRest()
  await expectSoldOnce(scene.db, 100)
})

test('an order for which the desk was down long is asked about by the next life, once', patience, async () => {
  const scene = await sceneWithCoin()
  const life = await scene.begin()
  await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
  await scene.ask('close BTC-USD in 40 minutes', /^⏰ CLOSE BTC-USD/)
  await life.kill()
  await scene.letPass(downSeconds)
  await Promise.all([scene.begin(), scene.begin()])
  expect(await scene.sees(/^⏰ LATE: CLOSE BTC-USD/)).toContain('Nothing was ordered.')
  expect(await stateOf(scene)).toEqual(['waiting'])
  expect(await scene.db.selectFrom('orders').select('id').where('purpose', '<>', 'record').execute()).toEqual([])
  expect(scene.platform.seen('everywhere').filter(({ text }) => text.startsWith('⏰ LATE'))).toHaveLength(1)
})

test('a price that was reached while no process ran is acted on once by the next two processes', patience, async () => {
  // At 600 what is late by more than 15 minutes, and is asked about, would be late by 1.5 seconds: two starts may take longer.
  const scene = await sceneWithCoin(60)
  const life = await scene.begin()
  await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
  await scene.ask('sell 100 BTC-USD if it breaks 64', /^⏰ SELL 100 BTC-USD/)
  await life.kill()
  priceIs(scene, 64.5)
  await Promise.all([scene.begin(), scene.begin()])
  await scene.sees(/^✓ SOLD/)
  await scene.comesToRest()
  await expectSoldOnce(scene.db, 100)
  expect(await stateOf(scene)).toEqual(['done'])
})
