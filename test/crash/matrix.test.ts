import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import { type Moment, moments } from './moments.ts'
import { discordPlatform, type Platform, slackPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

/** Ten minutes between two lives of the process: longer than Discord remembers a nonce. */
const downSeconds = 600
/** Four processes, one after the other, on a machine that may be busy. */
const patience = { timeout: 240_000 }

async function dyingThreeTimes(
  platform: Platform,
  moment: Moment,
  environment?: Record<string, string>,
): Promise<void> {
  const scene = await openScene(platform, { environment })
  const { db } = scene
  let life = await scene.begin({ death: { moment, chunk: 'first' } })
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await platform.say('scaleout fast')
  expect(await life.ended).toBe('SIGKILL')
  for (const chunk of ['middle', 'last'] as const) {
    await scene.letPass(downSeconds)
    life = await scene.begin({ death: { moment, chunk } })
    expect(await life.ended).toBe('SIGKILL')
  }
  await scene.letPass(downSeconds)
  await scene.begin()

  await scene.comesToRest()
  await expectSoldOnce(db, 3750)
  await expectOneOrderAChunk(db)
  exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  expect(platform.seen().filter(({ text }) => /^[⚠🛑⏸]/u.test(text))).toEqual([])
}

test.each(moments)(
  'sells once and says so once on Discord when the process dies %s of the first, a middle and the last chunk',
  patience,
  async (moment) => dyingThreeTimes(await discordPlatform(), moment),
)

test(
  'sells once and says so once when each of these chunks has an old order that never reached the venue',
  patience,
  async () =>
    dyingThreeTimes(await discordPlatform(), 'after the order row, before the venue has it', {
      EXIT_DEADLINE_SECONDS: '60',
    }),
)

// The earlier moments do not depend on the platform.
test.each(moments.slice(-2))(
  'says every fill once on Slack when the process dies %s of the first, a middle and the last chunk',
  patience,
  async (moment) => dyingThreeTimes(await slackPlatform(), moment),
)
