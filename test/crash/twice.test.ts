import { expect, onTestFinished, test } from 'vitest'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }
/** Longer than the time in which a message counts as being handled by a process that may be alive. */
const abandonedSeconds = 40

async function deskWithPosition(): Promise<TestDesk> {
  const desk = await openTestDesk()
  onTestFinished(() => desk.close())
  await desk.say('long BYND 3750 @ .63')
  return desk
}

test('a message that comes again acts once and is answered once', async () => {
  const { desk, hear } = await deskWithPosition()
  expect(await hear('trim 50', { id: 'same' })).toHaveLength(1)
  expect(await hear('trim 50', { id: 'same' })).toEqual([])
  expect(await desk.parts.db.selectFrom('fills').where('side', '=', 'sell').select('quantity').execute()).toEqual([
    { quantity: '50' },
  ])
})

test('a message that comes ten times at the same instant acts once and is answered once', async () => {
  const { desk, hear } = await deskWithPosition()
  const answers = await Promise.all(Array.from({ length: 10 }, () => hear('trim 50', { id: 'same' })))
  expect(answers.flat().map(({ text }) => text)).toEqual([expect.stringMatching(/^✓ SOLD 50 /)])
  expect(await desk.parts.db.selectFrom('fills').where('side', '=', 'sell').select('quantity').execute()).toEqual([
    { quantity: '50' },
  ])
})

const nextRound = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))

test(
  'a message during which the process died is acted on when it comes again half a minute later, and once',
  patience,
  async () => {
    const round = await nextRound()
    const { platform } = round
    await round.dies({ moment: 'before the order row' })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('close now')
    await round.nextLife(0)
    // The first process may only be slow.
    const close = platform.lastSaid()
    close()
    close()
    await round.ask('positions', /LONG 3,750 BYND/)
    await round.letPass(abandonedSeconds)
    close()
    close()
    await round.sees(/^✓ SOLD 3,750/)
    close()
    await round.ask('positions', /no open positions/i)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    expect(platform.seen().filter(({ text }) => /SOLD|could not/.test(text))).toHaveLength(1)
  },
)

test.each(moments.slice(1, 3))(
  'a message during which the process died %s is not acted on again',
  patience,
  async (moment) => {
    const round = await nextRound()
    const { platform } = round
    await round.dies({ moment })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('trim 50')
    await round.nextLife(abandonedSeconds)
    const trim = platform.lastSaid()
    trim()
    await round.sees(/^✓ SOLD 50 /)
    trim()
    await round.ask('positions', /LONG 3,700 BYND/)
    await round.comesToRest()
    await round.expectSoldOnce(50, 3700)
    expect(platform.seen().filter(({ text }) => /SOLD|could not/.test(text))).toHaveLength(1)
    await round.ask('close now', /^✓ SOLD 3,700/)
    await round.expectSoldOnce(3700)
  },
)

test.each(moments.slice(1, 3))(
  'an answer during which the process died %s is ignored when it comes again, and its result follows',
  patience,
  async (moment) => {
    const round = await nextRound()
    const { platform } = round
    await round.dies({ moment })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.ask('close', /CLOSE LONG 3,750 BYND/)
    await platform.say('1')
    await round.nextLife(abandonedSeconds)
    const answer = platform.lastSaid()
    answer()
    await round.sees(/^✓ SOLD 3,750/)
    answer()
    await round.ask('positions', /no open positions/i)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    expect(platform.seen().map(({ text }) => text.split(' ')[0])).toEqual(['✓', '🚪', '✓', expect.anything()])
  },
)

test(
  'a scaleout during which the process died is not begun again, even when it has ended since',
  patience,
  async () => {
    const round = await nextRound()
    const { platform } = round
    await round.dies({ moment: 'after the commit, before anybody is woken' })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('scaleout fast half')
    const scaleout = platform.lastSaid()
    await round.nextLife(abandonedSeconds)
    await round.sees(/^🎉/)
    scaleout()
    await round.ask('positions', /LONG 1,875 BYND/)
    await round.comesToRest()
    expect(await round.db.selectFrom('scaleouts').select(['state', 'sold_quantity']).execute()).toEqual([
      { state: 'complete', sold_quantity: '1875' },
    ])
    expect(platform.seen().filter(({ text }) => text.startsWith('🔄'))).toHaveLength(1)
  },
)
