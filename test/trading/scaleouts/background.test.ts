import { expect, vi } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp, isAtRest } from '../orders/books.ts'

// A planned minute takes a tenth of a second.
const { test, desk } = deskTest({ timeScale: 600 })

/** The posts of background jobs in a thread, oldest first. */
const postedIn = (thread: string) => desk.posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)
const until = (check: () => void) => vi.waitFor(check, { interval: 20 })

test('two people who scale out at the same time are told their own fills, each in their thread and in order', async () => {
  const people = [someone(desk), someone(desk)]
  await people[0]!.say('long BYND 3750 @ .63')
  await people[1]!.say('short BYND 40 @ 1.50')
  const announced = await Promise.all(people.map((one) => one.say('scaleout fast')))
  for (const [index, one] of people.entries()) {
    await until(() => expect(postedIn(one.thread).at(-1)).toContain('Position: FLAT'))
    const chunks = Number(/Chunks: (\d+)/.exec(announced[index]!)![1])
    const titles = postedIn(one.thread).map((text) => text.split(':')[0]!.split('\n')[0])
    expect(titles).toEqual([
      ...Array.from({ length: chunks - 1 }, (_, chunk) => `✓ Chunk ${chunk + 1}/${chunks}`),
      '🎉 SCALEOUT COMPLETE - BYND',
    ])
  }
  expect(postedIn(people[0]!.thread).join()).not.toContain('Bought back')
  expect(postedIn(people[1]!.thread).join()).not.toContain('Sold')
  await expectBooksToAddUp(desk)
})

test('a watcher in another thread sees every event there, in order and once, and nothing after unwatch', async ({
  alice,
}) => {
  const there = alice.in(`${alice.thread}-watching`)
  await alice.say('long BYND 4 @ 1')
  await there.say('watch BYND')
  await alice.say('scaleout fast')
  await until(() => expect(postedIn(there.thread).at(-1)).toContain('scaleout complete'))
  expect(postedIn(there.thread).map((text) => text.split(':')[0])).toEqual([
    '👁 BYND scaleout started',
    '👁 BYND chunk 1/4',
    '👁 BYND chunk 2/4',
    '👁 BYND chunk 3/4',
    '👁 BYND chunk 4/4',
    '👁 BYND scaleout complete',
  ])
  await there.say('unwatch BYND')
  await alice.say('long BYND 1 @ 1')
  await alice.say('scaleout fast')
  await until(() => expect(postedIn(alice.thread).filter((text) => text.includes('Position: FLAT'))).toHaveLength(2))
  expect(postedIn(there.thread)).toHaveLength(6)
})

test('a scaleout that is cancelled from another thread says so in both, and sells nothing more', async ({ alice }) => {
  await alice.say('long BYND 100 @ 1')
  await alice.say('scaleout slow')
  await until(() => expect(postedIn(alice.thread)).not.toEqual([]))
  const there = alice.in(`${alice.thread}-other`)
  const said = await there.say('cancel scaleout BYND')
  expect(said).toContain('🛑 SCALEOUT CANCELLED - BYND (by you)')
  await until(() => expect(postedIn(alice.thread).filter((text) => text.startsWith('🛑'))).toHaveLength(1))
  // A chunk that was at the venue at that moment is still filled and reported.
  await vi.waitFor(async () => expect(await isAtRest(desk)).toBe(true), { interval: 20 })
  expect(await alice.say('close now')).toMatch(/^✓ SOLD \d+ BYND @ \$1\.01\nP&L: .*\nPosition: FLAT$/)
  expect(await alice.say('pl')).toContain('Realized P&L: $+1.00')
  await expectBooksToAddUp(desk)
})
