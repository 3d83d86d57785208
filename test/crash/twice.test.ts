import { expect, onTestFinished, test } from 'vitest'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { expectSoldOnce } from './ledger.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
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

test(
  'a message during which the process died is acted on when it comes again half a minute later, and once',
  patience,
  async () => {
    const scene = await openScene(await discordPlatform())
    const { platform, db } = scene
    const life = await scene.begin({ death: { moment: 'before the order row' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('close now')
    expect(await life.ended).toBe('SIGKILL')
    await scene.begin()
    // The first process may only be slow.
    const close = platform.lastSaid()
    close()
    close()
    await scene.ask('positions', /LONG 3,750 BYND/)
    await scene.letPass(abandonedSeconds)
    close()
    close()
    await scene.sees(/^✓ SOLD 3,750/)
    close()
    await scene.ask('positions', /no open positions/i)
    await scene.comesToRest()
    await expectSoldOnce(db, 3750)
    expect(platform.seen().filter(({ text }) => /SOLD|could not/.test(text))).toHaveLength(1)
  },
)

test.each(moments.slice(1, 3))(
  'a message during which the process died %s is not acted on again',
  patience,
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const { platform, db } = scene
    const life = await scene.begin({ death: { moment } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('trim 50')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(abandonedSeconds)
    await scene.begin()
    const trim = platform.lastSaid()
    trim()
    await scene.sees(/^✓ SOLD 50 /)
    trim()
    await scene.ask('positions', /LONG 3,700 BYND/)
    await scene.comesToRest()
    expect(await db.selectFrom('fills').where('side', '=', 'sell').select('quantity').execute()).toEqual([
      { quantity: '50' },
    ])
    expect(platform.seen().filter(({ text }) => /SOLD|could not/.test(text))).toHaveLength(1)
  },
)

test.each(moments.slice(1, 3))(
  'an answer during which the process died %s is ignored when it comes again, and its result follows',
  patience,
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const { platform, db } = scene
    const life = await scene.begin({ death: { moment } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await scene.ask('close', /CLOSE LONG 3,750 BYND/)
    await platform.say('1')
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(abandonedSeconds)
    await scene.begin()
    const answer = platform.lastSaid()
    answer()
    await scene.sees(/^✓ SOLD 3,750/)
    answer()
    await scene.ask('positions', /no open positions/i)
    await scene.comesToRest()
    await expectSoldOnce(db, 3750)
    expect(platform.seen().map(({ text }) => text.split(' ')[0])).toEqual(['✓', '🚪', '✓', expect.anything()])
  },
)

test(
  'a scaleout during which the process died is not begun again, even when it has ended since',
  patience,
  async () => {
    const scene = await openScene(await discordPlatform())
    const { platform, db } = scene
    const life = await scene.begin({ death: { moment: 'after the commit, before anybody is woken' } })
    await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await platform.say('scaleout fast half')
    const scaleout = platform.lastSaid()
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(abandonedSeconds)
    await scene.begin()
    await scene.sees(/^🎉/)
    scaleout()
    await scene.ask('positions', /LONG 1,875 BYND/)
    await scene.comesToRest()
    expect(await db.selectFrom('scaleouts').select(['state', 'sold_quantity']).execute()).toEqual([
      { state: 'complete', sold_quantity: '1875' },
    ])
    expect(platform.seen().filter(({ text }) => text.startsWith('🔄'))).toHaveLength(1)
  },
)
