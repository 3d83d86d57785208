import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import { moreMoments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

/** The moments between the desk's answer to a command, and the note that it was given. */
const answering = moreMoments.slice(0, 2)

const nextRound = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))

// In a channel the announcement fills in the response to the slash command, and begins the thread for everything after it.
test.each(answering)(
  'a scaleout by `/trade` in a channel gets one announcement and one thread when the process dies %s',
  { timeout: 240_000 },
  async (moment) => {
    const round = await nextRound()
    const { platform } = round
    const { people, channel, state } = platform.server
    const alice = people.person('alice-in-the-channel')
    const [before, known] = [platform.server.said().length, new Set(state.channels.keys())]
    const told = (text: RegExp) =>
      platform.server
        .said()
        .slice(before)
        .filter(({ content }) => text.test(content))
    await round.dies({ moment, answer: '🔄' })
    people.slash(alice, channel, ['trade', 'long'], { symbol: 'BYND', quantity: '3750', price: '.63' })
    await round.sees(/^✓ LONG/)
    people.slash(alice, channel, ['trade', 'scaleout'], { symbol: 'BYND', speed: 'fast' })
    await round.nextLife(600)
    await round.sees(/^🎉/)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    await round.expectOneOrderAChunk()
    exactLook.expectScaleout(platform.seen('everywhere'), 'FAST (1-3 minutes)', 'alice-in-the-channel')
    const announced = told(/^🔄/)
    expect(announced.map((message) => message.channel)).toEqual([channel.id])
    const threads = [...state.channels.values()].filter(({ parent, id }) => parent === channel.id && !known.has(id))
    expect(threads.map(({ id }) => id)).toEqual(announced.map(({ id }) => id))
    expect(new Set(told(/^(✓ Chunk|🎉)/).map((message) => message.channel))).toEqual(new Set([threads[0]!.id]))
  },
)
