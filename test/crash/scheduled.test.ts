import { writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 240_000 }
/** Longer than any lease on a scheduled order, or on a reply. */
const downSeconds = 40

function priceIs({ environment }: Scene, price: number): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,1.01,1.01,1.01\nBTC-USD,${price},${price},${price}\n`)
}

/**
 * Rounds of a desk with something to sell that trades at any hour. A planned minute takes a tenth of a second, or a second: then
 * what is late by more than 15 of them, and is asked about, is late by 15 seconds.
 */
function roundsAt(timeScale: number): () => Promise<Round> {
  const next = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver, timeScale }))
  return async () => {
    const round = await next()
    priceIs(round, 63)
    await round.ask('long BTC-USD 100 @ 60', /^✓ LONG/)
    return round
  }
}
const [quickRound, slowRound] = [roundsAt(600), roundsAt(60)]

/** The state of the order for later that was made last. */
const stateOf = async ({ db }: Scene) =>
  (await db.selectFrom('scheduled_orders').select('state').orderBy('id', 'desc').executeTakeFirst())?.state

test.each([moments[1], moments[2], moments[4], moments[5]])(
  'a scheduled order is carried out once and told once when the process dies %s',
  patience,
  async (moment) => {
    const round = await quickRound()
    await round.dies({ moment, answer: '✓ SOLD' })
    await round.ask('close BTC-USD in 10 minutes', /^⏰ CLOSE BTC-USD/)
    await round.nextLife(downSeconds)
    await round.sees(/^✓ SOLD/)
    await expect.poll(() => stateOf(round), { timeout: 60_000 }).toBe('done')
    await round.comesToRest()
    await round.expectSoldOnce(100)
    const said = round.platform.seen('everywhere').map(({ text }) => text)
    expect(said.filter((text) => text.startsWith('⏰ NOW'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('✓ SOLD'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('🛑'))).toEqual([])
  },
)

test('an order for which the desk was down long is asked about by the next life, once', patience, async () => {
  const round = await quickRound()
  await round.ask('close BTC-USD in 40 minutes', /^⏰ CLOSE BTC-USD/)
  await round.life.kill()
  await round.letPass(downSeconds)
  await Promise.all([round.begin(), round.nextLife(0)])
  expect(await round.sees(/^⏰ LATE: CLOSE BTC-USD/)).toContain('Nothing was ordered.')
  expect(await stateOf(round)).toBe('waiting')
  await round.expectSoldOnce(0, 100)
  expect(round.platform.seen('everywhere').filter(({ text }) => text.startsWith('⏰ LATE'))).toHaveLength(1)
})

test('a process that is killed while an order waits, and a Redis that forgets it, do no harm', patience, async () => {
  const round = await slowRound()
  await round.ask('close BTC-USD in 12 minutes', /^⏰ CLOSE BTC-USD/)
  await round.comesToRest() // otherwise its lease on the answer would have to end first
  await round.life.kill()
  const redis = new Redis(round.redis.url)
  await redis.flushall()
  redis.disconnect()
  expect(await stateOf(round)).toBe('waiting')
  await round.nextLife(0)
  await round.sees(/^✓ SOLD/)
  await round.comesToRest()
  await round.expectSoldOnce(100)
})

test('a price that was reached while no process ran is acted on once by the next two processes', patience, async () => {
  const round = await slowRound()
  await round.ask('sell 100 BTC-USD if it breaks 64', /^⏰ SELL 100 BTC-USD/)
  await round.life.kill()
  priceIs(round, 64.5)
  await Promise.all([round.begin(), round.nextLife(0)])
  await round.sees(/^✓ SOLD/)
  await round.comesToRest()
  await round.expectSoldOnce(100)
  expect(await stateOf(round)).toBe('done')
})
