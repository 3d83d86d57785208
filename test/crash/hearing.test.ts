import { describe, expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { expectSoldOnce } from './ledger.ts'
import { moments, moreMoments } from './moments.ts'
import { discordPlatform, slackPlatform } from './platforms.ts'
import { roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

const downSeconds = 600
const patience = { timeout: 240_000 }
const sold = /^✓ SOLD 3,750 BYND @ \$1\.01\nP&L: \$\+1,425\.00\nPosition: FLAT(\n· alice)?$/

/** The moments between the desk's answer to a typed message, and the note that it was given. */
const answering = moreMoments.slice(0, 2)

const onDiscord = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver, hasApple: true }))
const onSlack = roundsIn(async (whenOver) => openScene(await slackPlatform(), { whenOver }))

/** At the venue, and after the first answer, everything is the same behind every door. */
const doors = [
  ['Discord', onDiscord, moments.slice(1, 3), answering],
  ['Slack', onSlack, [], []],
] as const

describe.each(doors)('typed on %s', (_, nextRound, ordering, announcing) => {
  test.each([...ordering, ...answering])(
    '`close` sells once and says so once when the process dies %s',
    patience,
    async (moment) => {
      const round = await nextRound()
      const { platform } = round
      await round.dies({ moment, answer: '✓ SOLD' })
      await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
      await platform.say('close now')
      await round.nextLife(downSeconds)
      await round.sees(sold)
      await round.comesToRest()
      await round.expectSoldOnce(3750)
      expect(platform.seen().map(({ text }) => text)).toEqual([
        expect.stringMatching(/^✓ LONG/),
        expect.stringMatching(sold),
      ])
    },
  )

  test.each(ordering)(
    '`close all` closes each position once, also those without an order yet, when the process dies %s',
    patience,
    async (moment) => {
      const round = await nextRound()
      await round.dies({ moment })
      await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
      await round.ask('long AAPL 10 @ 180', /^✓ LONG/)
      await round.ask('close all', /CLOSE ALL 2 POSITIONS/)
      await round.platform.say('yes')
      await round.nextLife(downSeconds)
      await round.sees(/^✓ SOLD 10 AAPL @ \$190\.00\nP&L: \$\+100\.00\nPosition: FLAT(\n· alice)?$/)
      await round.sees(sold)
      await round.comesToRest()
      await round.expectSoldOnce(3760)
    },
  )

  test.each(announcing)('a scaleout is announced once when the process dies %s', patience, async (moment) => {
    const round = await nextRound()
    const { platform } = round
    await round.dies({ moment, answer: '🔄' })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('scaleout fast')
    await round.nextLife(downSeconds)
    await round.sees(/^🎉/)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    await round.expectOneOrderAChunk()
    expect(platform.seen().at(1)?.text).toMatch(/^🔄/)
    exactLook.expectScaleout(platform.seen(), 'FAST (1-3 minutes)', 'alice')
  })
})

test(
  'nothing is sold when the process dies before the order row, and the same message works later',
  patience,
  async () => {
    const round = await onDiscord()
    await round.dies({ moment: 'before the order row' })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.platform.say('close now')
    await round.nextLife(downSeconds)
    expect(await round.ask('positions', /LONG 3,750 BYND/)).not.toContain('FLAT')
    await round.ask('close now', sold)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
  },
)

test(
  'an exit that never reached the venue is not sent ten minutes later: that is told once, and the same message works',
  patience,
  async () => {
    const scene = await openScene(await discordPlatform(), { environment: { EXIT_DEADLINE_SECONDS: '60' } })
    const { platform, db } = scene
    const life = await scene.begin({ death: { moment: 'after the order row, before the venue has it' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('close now')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(downSeconds)
    await scene.begin()
    await scene.sees(/^⚠️ NOT SENT: SELL 3,750 BYND\n.* Nothing was traded\.\n.*`close BYND now`/)
    expect(await scene.ask('positions', /LONG 3,750 BYND/)).not.toContain('FLAT')
    await scene.ask('close now', sold)
    await scene.comesToRest()
    await expectSoldOnce(db, 3750)
    expect(platform.seen().filter(({ text }) => text.includes('NOT SENT'))).toHaveLength(1)
  },
)
