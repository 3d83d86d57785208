import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { timerAgenda } from '../contracts/venues/difficult/agenda.ts'
import { serveDifficultVenue } from '../contracts/venues/difficult/serve.ts'
import { createDifficultVenue, type DifficultVenue } from '../contracts/venues/difficult/venue.ts'
import { criticalMoments, type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Life, openScene, type Scene } from './scene.ts'

/** Four processes, one after the other, on a machine that may be busy. */
const patience = { timeout: 240_000 }

/**
 * The difficulties besides the process that dies. Parts take their time, the stream is unreliable, and some answers are lost.
 */
const difficulties = {
  parts: 0.7,
  waits: 0.3,
  lostAnswers: 0.15,
  lostRequests: 0.05,
  lostEvents: 0.4,
  doubledEvents: 0.3,
  lateEvents: 0.3,
  reorderedEvents: 0.3,
  slowCancels: 0.5,
  racingCancels: 0.5,
}
const timings = { part: [20, 400], event: [20, 500], wish: [20, 300] } as const

async function difficultScene(seed: number) {
  const venue = createDifficultVenue({ seed, agenda: timerAgenda(), difficulties, timings: { ...timings } as never })
  venue.setPrice('BYND', '1.01')
  const served = await serveDifficultVenue(venue)
  const scene = await openScene(await discordPlatform(), { venueUrl: served.url })
  onTestFinished(async () => {
    venue.close()
    await served.close()
  })
  return { venue, scene }
}

/**
 * Expects the desk's books to equal the venue's: each fill once, with its quantity and price; nothing set aside; no id
 * accepted twice.
 */
async function expectSoldOnce({ db, platform }: Scene, venue: DifficultVenue): Promise<void> {
  const booked = async () => {
    const rows = await db
      .selectFrom('fills as f')
      .innerJoin('orders as o', 'o.id', 'f.order_id')
      .where('o.purpose', '<>', 'record')
      .select(['f.venue_fill_id', 'f.quantity', 'f.price', 'o.sent_as'])
      .execute()
    return rows.map((row) => [row.venue_fill_id, row.quantity, row.price, row.sent_as].join(' ')).sort()
  }
  const real = () =>
    venue.truth
      .fills()
      .map((fill) => [fill.venueFillId, fill.quantity.toFixed(), fill.price.toFixed(), fill.clientOrderId].join(' '))
      .sort()
  await expect
    .poll(async () => ({ booked: await booked(), real: real() }), { timeout: 60_000 })
    .toSatisfy(
      (found: { booked: string[]; real: string[] }) => JSON.stringify(found.booked) === JSON.stringify(found.real),
    )
  const { rows } = await sql<{ held: number; adds_up: boolean; sold: number }>`select
    (select sum(abs(signed_quantity) + working_quantity + resting_quantity)::float from positions) as held,
    (select sum(realized_pnl) from fills) = (select sum(realized_pnl) from positions) as adds_up,
    (select coalesce(sum(quantity), 0)::float from fills where side = 'sell') as sold`.execute(db)
  const { held, adds_up, sold } = rows[0]!
  expect({ adds_up, all: held + sold }).toEqual({ adds_up: true, all: 3750 })
  // A venue that is silent three times in a row stops a scaleout, and what is left stays.
  const isStopped = platform.seen('everywhere').some(({ text }) => text.startsWith('🛑 SCALEOUT STOPPED'))
  if (!isStopped) expect(held).toBe(0)
  for (const { clientOrderId } of venue.truth.orders()) expect(venue.truth.timesTaken(clientOrderId)).toBe(1)
}

/**
 * Waits until a process has died. A venue like this one may end the scaleout before the moment comes, or leave the chunk to the
 * sweep, which has no such moment: then the process dies at its end.
 */
async function dies(life: Life, { db }: Scene): Promise<void> {
  const isOver = async () => {
    const { state } = await db.selectFrom('scaleouts').select('state').executeTakeFirstOrThrow()
    return !life.isAlive() || !['running', 'paused'].includes(state)
  }
  await expect.poll(isOver, { timeout: 120_000 }).toBe(true)
  await life.kill()
}

// The later moments do not depend on the venue: `matrix` and `critical-close` have them.
test.each(moments.slice(0, 4))(
  'a scaleout on a difficult venue sells once when the process dies %s of the first, a middle and the last chunk',
  patience,
  async (moment: Moment) => {
    const { venue, scene } = await difficultScene(moments.indexOf(moment as never) + 1)
    let life = await scene.begin({ death: { moment, chunk: 'first' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.platform.say('scaleout fast')
    expect(await life.ended).toBe('SIGKILL')
    for (const chunk of ['middle', 'last'] as const) {
      await scene.letPass(30)
      life = await scene.begin({ death: { moment, chunk } })
      await dies(life, scene)
    }
    await scene.letPass(30)
    await scene.begin()
    await scene.comesToRest()
    // The last order of a scaleout that was stopped may be filled all the same.
    await scene.sees(/^(🎉 SCALEOUT COMPLETE|🛑 SCALEOUT STOPPED)/u)
    await expectSoldOnce(scene, venue)
    const ends = scene.platform.seen().filter(({ text }) => /^(🎉 SCALEOUT COMPLETE|🛑 SCALEOUT STOPPED)/u.test(text))
    expect(ends).toHaveLength(1)
  },
)

test.each(criticalMoments.slice(0, 4))(
  'a stop on a difficult venue closes once when the process dies %s',
  patience,
  async (moment: Moment) => {
    const { venue, scene } = await difficultScene(criticalMoments.indexOf(moment as never) + 11)
    const life = await scene.begin({ death: { moment, answer: '🛑 STOP HIT' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('stop .80', /STOP/i)
    venue.setPrice('BYND', '0.79')
    const file = scene.environment.MARKET!.slice('quotes:'.length)
    writeFileSync(file, 'symbol,bid,ask,last\nBYND,0.79,0.79,0.79\n')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(30)
    await scene.begin()
    await scene.sees(/Position: FLAT/)
    await scene.comesToRest()
    await expectSoldOnce(scene, venue)
  },
)
