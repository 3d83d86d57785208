import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { expectOneOrderAChunk, expectSoldOnce } from './ledger.ts'
import { moreMoments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

/** The moments between the desk's answer to a command, and the note that it was given. */
const answering = moreMoments.slice(0, 2)

// In a channel the announcement fills in the response to the slash command, and begins the thread for everything after it.
test.each(answering)(
  'a scaleout by `/trade` in a channel gets one announcement and one thread when the process dies %s',
  { timeout: 240_000 },
  async (moment) => {
    const scene = await openScene(await discordPlatform())
    const { db, platform } = scene
    const { people, channel, state } = platform.server
    const alice = people.person('alice-in-the-channel')
    const life = await scene.begin({ death: { moment, answer: '🔄' } })
    people.slash(alice, channel, ['trade', 'long'], { symbol: 'BYND', quantity: '3750', price: '.63' })
    await scene.sees(/^✓ LONG/)
    people.slash(alice, channel, ['trade', 'scaleout'], { symbol: 'BYND', speed: 'fast' })
    expect(await life.ended).toBe('SIGKILL')
    await scene.letPass(600)
    await scene.begin()
    await scene.sees(/^🎉/)
    await scene.comesToRest()
    await expectSoldOnce(db, 3750)
    await expectOneOrderAChunk(db)
    exactLook.expectScaleout(platform.seen('everywhere'), 'FAST (1-3 minutes)', 'alice-in-the-channel')
    const announced = platform.server.said(channel).filter(({ content }) => content.startsWith('🔄'))
    const threads = [...state.channels.values()].filter(
      ({ parent, id }) => parent === channel.id && id !== platform.thread.id,
    )
    expect(threads.map(({ id }) => id)).toEqual(announced.map(({ id }) => id))
    const told = platform.server.said().filter(({ content }) => /^(✓ Chunk|🎉)/.test(content))
    expect(new Set(told.map((message) => message.channel))).toEqual(new Set([threads[0]!.id]))
  },
)
