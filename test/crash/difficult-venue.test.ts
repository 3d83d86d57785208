import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { timerAgenda } from '../contracts/venues/difficult/agenda.ts'
import { serveDifficultVenue } from '../contracts/venues/difficult/serve.ts'
import { createDifficultVenue, type DifficultVenue } from '../contracts/venues/difficult/venue.ts'
import { criticalMoments, type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

/** Several processes, one after the other, on a machine that may be busy. */
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

type DifficultScene = Scene & { venue: DifficultVenue }

const nextRound = roundsIn<DifficultScene>(async (whenOver) => {
  const venue = createDifficultVenue({
    ...{ seed: 1, agenda: timerAgenda(), difficulties },
    timings: { ...timings } as never,
  })
  const served = await serveDifficultVenue(venue)
  whenOver(async () => {
    venue.close()
    await served.close()
  })
  const scene = await openScene(await discordPlatform(), { whenOver, venueUrl: served.url })
  return { ...scene, venue }
})

/** Sets the price of BYND at the venue and for the desk, in dollars. */
function priceIs({ environment, venue }: DifficultScene, price: string): void {
  venue.setPrice('BYND', price)
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,${price},${price},${price}\n`)
}

/**
 * Expects the desk's books to equal the venue's: each fill once, with its quantity and price; nothing set aside; no id
 * accepted twice.
 */
async function expectBooksAgree({ db, platform, venue }: DifficultScene): Promise<void> {
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
  const { rows } = await sql<{ held: number; bought: number; adds_up: boolean; sold: number }>`select
    (select sum(abs(signed_quantity) + working_quantity + resting_quantity)::float from positions) as held,
    (select count(*) * 3750 from positions) as bought,
    (select sum(realized_pnl) from fills) = (select sum(realized_pnl) from positions) as adds_up,
    (select coalesce(sum(quantity), 0)::float from fills where side = 'sell') as sold`.execute(db)
  const { held, bought, adds_up, sold } = rows[0]!
  expect({ adds_up, all: held + sold }).toEqual({ adds_up: true, all: bought })
  // A venue that is silent three times in a row stops a scaleout, and what is left stays.
  const isStopped = platform.seen('everywhere').some(({ text }) => text.startsWith('🛑 SCALEOUT STOPPED'))
  if (!isStopped) expect(held).toBe(0)
  for (const { clientOrderId } of venue.truth.orders()) expect(venue.truth.timesTaken(clientOrderId)).toBe(1)
}

/**
 * Waits until a process has died. A venue like this one may end the scaleout before the moment comes, or leave the chunk to the
 * sweep, which has no such moment: then the process dies at its end.
 */
async function dies({ life, db }: Round): Promise<void> {
  const isOver = async () => {
    const { state } = await db.selectFrom('scaleouts').select('state').orderBy('id', 'desc').executeTakeFirstOrThrow()
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
    const round = await nextRound()
    priceIs(round, '1.01')
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.dies({ moment, chunk: 'first' })
    await round.platform.say('scaleout fast')
    for (const chunk of ['middle', 'last'] as const) {
      await round.nextLife(30, { moment, chunk })
      await dies(round)
    }
    await round.nextLife(30)
    await round.comesToRest()
    // The last order of a scaleout that was stopped may be filled all the same.
    await round.sees(/^(🎉 SCALEOUT COMPLETE|🛑 SCALEOUT STOPPED)/u)
    await expectBooksAgree(round)
    const ends = round.platform.seen().filter(({ text }) => /^(🎉 SCALEOUT COMPLETE|🛑 SCALEOUT STOPPED)/u.test(text))
    expect(ends).toHaveLength(1)
    await sellsTheRest(round)
  },
)

test.each(criticalMoments.slice(0, 4))(
  'a stop on a difficult venue closes once when the process dies %s',
  patience,
  async (moment: Moment) => {
    const round = await nextRound()
    priceIs(round, '1.01')
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.ask('stop .80', /STOP SET/)
    await round.dies({ moment, answer: '🛑 STOP HIT' })
    priceIs(round, '0.79')
    await round.nextLife(30)
    await round.sees(/Position: FLAT/)
    await round.comesToRest()
    await expectBooksAgree(round)
  },
)

/** Closes what a scaleout that was stopped has left: nothing is open in the next round. */
async function sellsTheRest(round: Round<DifficultScene>): Promise<void> {
  const open = () => round.db.selectFrom('positions').select('id').where('closed_at', 'is', null).execute()
  if ((await open()).length === 0) return
  await round.platform.say('close now')
  await round.comesToRest()
  await expect.poll(open, { timeout: 60_000 }).toEqual([])
}
