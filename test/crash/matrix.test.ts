import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { type Moment, moments } from './moments.ts'
import { discordPlatform, slackPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

/** Ten minutes between two lives of the process: longer than Discord remembers a nonce. */
const downSeconds = 600
/** Four processes, one after the other, on a machine that may be busy. */
const patience = { timeout: 240_000 }

async function dyingThreeTimes(round: Round, moment: Moment): Promise<void> {
  const { platform } = round
  await round.dies({ moment, chunk: 'first' })
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await platform.say('scaleout fast')
  await round.nextLife(downSeconds, { moment, chunk: 'middle' })
  await round.nextLife(downSeconds, { moment, chunk: 'last' })
  await round.nextLife(downSeconds)

  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await round.expectOneOrderAChunk()
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(platform.seen().filter(({ text }) => /^[⚠🛑⏸]/u.test(text))).toEqual([])
}

const onDiscord = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))
test.each(moments)(
  'sells once and says so once on Discord when the process dies %s of the first, a middle and the last chunk',
  patience,
  async (moment) => dyingThreeTimes(await onDiscord(), moment),
)

const withDeadline = roundsIn(async (whenOver) =>
  openScene(await discordPlatform(), { whenOver, environment: { EXIT_DEADLINE_SECONDS: '60' } }),
)
test(
  'sells once and says so once when each of these chunks has an old order that never reached the venue',
  patience,
  async () => dyingThreeTimes(await withDeadline(), 'after the order row, before the venue has it'),
)

const onSlack = roundsIn(async (whenOver) => openScene(await slackPlatform(), { whenOver }))
// The earlier moments do not depend on the platform.
test.each(moments.slice(-2))(
  'says every fill once on Slack when the process dies %s of the first, a middle and the last chunk',
  patience,
  async (moment) => dyingThreeTimes(await onSlack(), moment),
)
