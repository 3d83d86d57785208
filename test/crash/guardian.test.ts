import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { openNotices } from '../../src/infra/db/notices.ts'
import { createQueues } from '../../src/infra/queue/queues.ts'
import { connectRedis } from '../../src/infra/queue/redis.ts'
import { wording } from '../../src/talk/wording/index.ts'
import { createAlarm } from '../../src/trading/protection/close-now/alarm.ts'
import { raise } from '../../src/watch/monitor/raise.ts'
import type { Death } from './moments.ts'
import { discordPlatform, slackPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

/** More time passes between two lives of the process than a door's or a poster's lease on a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }
const log = pino({ level: 'silent' })

/** Raises an event of the position, as the monitor does. */
async function happens({ db, environment, redis }: Scene): Promise<void> {
  const connection = connectRedis(redis.url, log)
  const queues = createQueues(connection, log)
  const notices = openNotices(db, environment.DATABASE_URL!, log)
  onTestFinished(async () => {
    await notices.close()
    await queues.close()
    connection.disconnect()
  })
  const position = await db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .selectAll('p')
    .select('a.member_id')
    .where('p.closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  const seen = { signedQuantity: '3750', averageEntryPrice: '1.01', price: '1.01', unrealizedReturn: '0' }
  const event = {
    type: 'position.thesis_invalidation' as const,
    data: { ...seen, version: position.version, because: 'the last swing low is broken' },
    memberId: position.member_id,
    accountId: position.account_id,
    positionId: position.id,
    conversationId: position.conversation_id ?? undefined,
    symbol: 'BYND',
    at: new Date(),
    dedupeKey: `test-${position.id}`,
  }
  expect(
    await raise({ db, queues, notices, alarm: createAlarm(() => {}), clock: systemClock(), log, wording }, event),
  ).toBeDefined()
}

const questions = (scene: Scene) =>
  scene.platform.seen().filter(({ text }) => text.includes('Guardian suggests: TRAIL 2% — '))
const sales = (scene: Scene) => scene.platform.seen().filter(({ text }) => text.includes('SOLD 3,750 BYND'))
/** The decisions about the position of this round. */
const decisions = ({ db }: Scene) =>
  db
    .selectFrom('guardian_decisions')
    .selectAll()
    .where('position_id', '=', ({ selectFrom }) => selectFrom('positions').select(({ fn }) => fn.max('id').as('id')))
    .execute()

const onDiscord = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))
const onSlack = roundsIn(async (whenOver) => openScene(await slackPlatform(), { whenOver }))

async function dyingOverTheQuestion(round: Round, death: Death): Promise<void> {
  await round.dies(death)
  await round.ask('long BYND 3750 @ 1.01', /✓ LONG/)
  await happens(round)
  await round.nextLife(downSeconds)
  await round.sees(/Guardian suggests: TRAIL 2% — 1️⃣ EXIT now/)
  await round.comesToRest()
  expect(questions(round)).toHaveLength(1)
  expect(await decisions(round)).toMatchObject([{ state: 'proposed' }])

  await round.ask('1', /SOLD 3,750 BYND/)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  expect(await decisions(round)).toMatchObject([{ state: 'acted', chosen: 'EXIT' }])
}

async function dyingOverTheAnswer(round: Round, death: Death): Promise<void> {
  await round.ask('long BYND 3750 @ 1.01', /✓ LONG/)
  await happens(round)
  await round.sees(/Guardian suggests: TRAIL 2% — 1️⃣ EXIT now/)
  await round.comesToRest()
  await round.dies(death)
  await round.platform.say('1')
  expect(await round.life.ended).toBe('SIGKILL')
  expect(await decisions(round)).toMatchObject([{ chosen: 'EXIT' }])
  await round.nextLife(downSeconds)
  await round.sees(/SOLD 3,750 BYND/)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await expect.poll(() => decisions(round)).toMatchObject([{ state: 'acted', chosen: 'EXIT' }])
  expect(sales(round)).toHaveLength(1)
  expect(questions(round)).toHaveLength(1)
}

test.each([
  'after the commit, before anybody is woken',
  'after the reply is queued, before it is posted',
  'after the reply is posted, before that is noted',
] as const)('the guardian decides and asks once when the process dies %s', patience, async (moment) =>
  dyingOverTheQuestion(await onDiscord(), { moment }),
)

test.each([
  'after a proposal was accepted, before the order row',
  'after the order row, before the venue has it',
  'after the venue took it, before the desk knows',
] as const)('an accepted proposal is carried out once when the process dies %s', patience, async (moment) =>
  dyingOverTheAnswer(await onDiscord(), { moment }),
)

test("the result of a member's answer is told once when the process dies before it is posted", patience, async () =>
  dyingOverTheAnswer(await onSlack(), {
    moment: 'after it was heard, before the answer is posted',
    answer: '✓ SOLD',
  }),
)
