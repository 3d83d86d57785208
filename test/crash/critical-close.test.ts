import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectSoldOnce } from './ledger.ts'
import { criticalMoments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

/** More time passes between two lives of the process than a door's or a poster's lease on a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }

function priceIs({ environment }: Scene, price: string): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,${price},${price},${price}\n`)
}

/** Sold once, told once, nothing left to do, and one order cancelled the other. */
async function expectClosedOnce(scene: Scene, said: RegExp, sold = 3750, left = 0): Promise<void> {
  const { db, platform } = scene
  await scene.sees(said)
  await scene.comesToRest()
  await expectSoldOnce(db, sold, left)
  expect(platform.seen().filter(({ text }) => said.test(text))).toHaveLength(1)
  const unsettled = () =>
    db
      .selectFrom('desk_events')
      .select('type')
      .where('urgency', '=', 'CRITICAL')
      .where('settled_at', 'is', null)
      .execute()
  await expect.poll(unsettled).toEqual([])
  const orders = await db.selectFrom('orders').select('id').where('purpose', '<>', 'record').execute()
  expect(orders).toHaveLength(1)
  const working = await db.selectFrom('protective_orders').select('id').where('state', '=', 'working').execute()
  expect(working).toEqual([])
}

test.each(criticalMoments)(
  'a touched stop closes once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const life = await scene.begin({ death: { moment, answer: '🛑 STOP HIT' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('stop .80', /STOP/i)
    await scene.ask('target 2', /TARGET/i)
    priceIs(scene, '0.79')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await expectClosedOnce(
      scene,
      /^🛑 STOP HIT — BYND\nSold 3,750 @ \$0\.79 · stop \$0\.\d+\nP&L: \$\+600\.00\nPosition: FLAT\n· alice$/,
    )
  },
)

test.each(criticalMoments.filter((_, index) => index % 3 === 1))(
  'a touched target of a part closes the part once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const life = await scene.begin({ death: { moment, answer: '🎯 TARGET HIT' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('target 1.20 for 1000', /^🎯 TARGET SET FOR 1,000 OF 3,750/)
    priceIs(scene, '1.21')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await expectClosedOnce(scene, /^🎯 TARGET HIT — BYND\nSold 1,000 of 3,750 @ \$1\.21 · target \$1\.20\n/, 1000, 2750)
    await scene.ask('positions', /LONG 2,750 BYND/)
  },
)

// A breaker closes like a stop: the moments around its order and its reply are enough.
test.each(criticalMoments.filter((_, index) => index % 3 === 0))(
  'a tripped breaker closes once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const platform = await discordPlatform()
    const scene = await openScene(platform)
    const life = await scene.begin({ death: { moment, answer: '🚨 CIRCUIT BREAKER TRIPPED — BYND' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    // Among people it is carried out at once only when it is said to the desk.
    await platform.say(`<@${platform.server.state.bot.id}> breaker`)
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await expectClosedOnce(scene, /^🚨 CIRCUIT BREAKER TRIPPED — BYND\nSold 3,750 @ \$1\.01/)
    await scene.ask('positions', /^⛔ HALTED since/)
  },
)
