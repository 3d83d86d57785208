import { writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { expectSoldOnce } from './ledger.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 60_000 }
/** Longer than anybody's right to an order for later, or to a reply, lasts. */
const downSeconds = 40

/** A desk with something to sell that is traded at any hour. A planned minute takes a tenth of a second. */
async function sceneWithCoin(): Promise<Scene> {
  const scene = await openScene(await discordPlatform())
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
  'an order for later is carried out once and told once when the process dies %s',
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
    await expect.poll(() => stateOf(scene), { timeout: 20_000 }).toEqual(['done'])
    await scene.comesToRest()
    await expectSoldOnce(scene.db, 100)
    const said = scene.platform.seen('everywhere').map(({ text }) => text)
    expect(said.filter((text) => text.startsWith('⏰ NOW'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('✓ SOLD'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('🛑'))).toEqual([])
  },
)

test('a process that is killed while an order waits, and a Redis that forgets it, cost nothing', patience, async () => {
  const scene = await sceneWithCoin()
  const life = await scene.begin()
  await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
  await scene.ask('close BTC-USD in 40 minutes', /^⏰ CLOSE BTC-USD/)
  await scene.comesToRest() // else its right to the answer would have to run out first
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

test('an order for which the desk was down too long is not done, and that is said', patience, async () => {
  const scene = await sceneWithCoin()
  const life = await scene.begin()
  await scene.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
  await scene.ask('close BTC-USD in 40 minutes', /^⏰ CLOSE BTC-USD/)
  await life.kill()
  await scene.letPass(downSeconds)
  await scene.begin()
  expect(await scene.sees(/^🛑 NOT DONE/)).toContain('Nothing was ordered.')
  expect(await stateOf(scene)).toEqual(['missed'])
  expect(await scene.db.selectFrom('orders').select('id').where('purpose', '<>', 'record').execute()).toEqual([])
})

test('a price that got there while nobody lived is acted on once by the two who come after', patience, async () => {
  const scene = await sceneWithCoin()
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
