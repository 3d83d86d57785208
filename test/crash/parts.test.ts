import { expect, test } from 'vitest'
import { type Moment, moments, restingMoments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

/** Ten minutes between two lives of the process. */
const downSeconds = 600
/** Several processes, one after the other, on a machine that may be busy. */
const patience = { timeout: 240_000 }

/** A paper venue that fills orders in parts over time, refuses some, and ends cancelled ones late. */
const inParts = { PAPER_FILLS: 'parts' }

/** The announcement, every chunk with its sold quantity, and the end: each of them once, and the quantities add up. */
function expectToldOnce({ platform }: Scene): void {
  const said = platform.seen().map(({ text }) => text)
  expect(said.filter((text) => text.startsWith('🔄'))).toHaveLength(1)
  const told = said.flatMap(
    (text) => /^[✓⏳] Chunk (\d+)\/(\d+): (?:Sold ([\d,]+) BYND @ \$1\.01|nothing of BYND sold yet)/u.exec(text) ?? [],
  )
  const chunks = said.filter((text) => /^[✓⏳] Chunk/u.test(text))
  const ends = said.filter((text) => text.startsWith('🎉'))
  expect(told.length).toBe(chunks.length * 4)
  expect(ends).toEqual([expect.stringMatching(/^Total P&L: \$\+1,425\.00\nPosition: FLAT$/m)])
  const numbers = chunks.map((text) => Number(/\d+/.exec(text)![0]))
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  const sold = [...chunks, ...ends].map((text) => /(?:Sold|Final Chunk:) ([\d,]+)(?: BYND)? @/.exec(text)?.[1] ?? '0')
  expect(sold.reduce((sum, one) => sum + Number(one.replaceAll(',', '')), 0)).toBe(3750)
}

const nextRound = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver, environment: inParts }))

// The later moments do not depend on the venue: `matrix` has them.
test.each([...moments.slice(0, 4), restingMoments[2]])(
  'a scaleout that is filled in parts is sold once and told once when the process dies %s of the first and the last chunk',
  patience,
  async (moment: Moment) => {
    const round = await nextRound()
    await round.dies({ moment, chunk: 'first' })
    await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
    await round.platform.say('scaleout fast')
    await round.nextLife(downSeconds, { moment, chunk: 'last' })
    await round.nextLife(downSeconds)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    expectToldOnce(round)
  },
)
