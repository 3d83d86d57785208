import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { criticalMoments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

/** More time passes between two lives of the process than a door's or a poster's lease on a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }

function priceIs({ environment }: Scene, price: string): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,${price},${price},${price}\n`)
}

const nextRound = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))

/** A round with a long position of 3,750 BYND. */
async function holding() {
  const round = await nextRound()
  priceIs(round, '1.01')
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  return round
}

/** Sold once, told once, nothing left to do, and one order cancelled the other. */
async function expectClosedOnce(round: Round, said: RegExp, sold = 3750, left = 0): Promise<void> {
  const { db, platform } = round
  await round.sees(said)
  await round.comesToRest()
  await round.expectSoldOnce(sold, left)
  expect(platform.seen().filter(({ text }) => said.test(text))).toHaveLength(1)
  const unsettled = () =>
    db
      .selectFrom('desk_events')
      .select('type')
      .where('urgency', '=', 'CRITICAL')
      .where('settled_at', 'is', null)
      .execute()
  await expect.poll(unsettled).toEqual([])
  const { id } = await db.selectFrom('accounts').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  const orders = await db
    .selectFrom('orders')
    .select('id')
    .where('account_id', '=', id)
    .where('purpose', '<>', 'record')
    .execute()
  expect(orders).toHaveLength(1)
  const working = await db.selectFrom('protective_orders').select('id').where('state', '=', 'working').execute()
  expect(working).toEqual([])
}

test.each(criticalMoments)(
  'a touched stop closes once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const round = await holding()
    await round.ask('stop .80', /^🛑 STOP SET/)
    await round.ask('target 2', /^🎯 TARGET SET/)
    await round.dies({ moment, answer: '🛑 STOP HIT' })
    priceIs(round, '0.79')
    await round.nextLife(downSeconds)
    await expectClosedOnce(
      round,
      /^🛑 STOP HIT — BYND\nSold 3,750 @ \$0\.79 · stop \$0\.\d+\nP&L: \$\+600\.00\nPosition: FLAT\n· alice$/,
    )
  },
)

test.each(criticalMoments.filter((_, index) => index % 3 === 1))(
  'a touched target of a part closes the part once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const round = await holding()
    await round.ask('target 1.20 for 1000', /^🎯 TARGET SET FOR 1,000 OF 3,750/)
    await round.dies({ moment, answer: '🎯 TARGET HIT' })
    priceIs(round, '1.21')
    await round.nextLife(downSeconds)
    await expectClosedOnce(round, /^🎯 TARGET HIT — BYND\nSold 1,000 of 3,750 @ \$1\.21 · target \$1\.20\n/, 1000, 2750)
    await round.ask('positions', /LONG 2,750 BYND/)
    await round.ask('close now', /^✓ SOLD 2,750 BYND/)
    await round.comesToRest()
    await round.expectSoldOnce(2750)
  },
)

// A breaker closes like a stop: the moments around its order and its reply are enough.
test.each(criticalMoments.filter((_, index) => index % 3 === 0))(
  'a tripped breaker closes once and says so once when the process dies %s',
  patience,
  async (moment) => {
    const round = await holding()
    await round.dies({ moment, answer: '🚨 CIRCUIT BREAKER TRIPPED — BYND' })
    // Among people it is carried out at once only when it is said to the desk.
    await round.platform.say(`<@${round.platform.server.state.bot.id}> breaker`)
    await round.nextLife(downSeconds)
    await expectClosedOnce(round, /^🚨 CIRCUIT BREAKER TRIPPED — BYND\nSold 3,750 @ \$1\.01/)
    await round.ask('positions', /^⛔ HALTED since/)
  },
)
