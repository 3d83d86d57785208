import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'

/** A Friday, ten in the morning in New York: there is time until the close. */
const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
})

describe('CUSTOM in the question of a scaleout', () => {
  test('asks for terms in words, and starts with them', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.say('scaleout')).toContain('\n  5️⃣  CUSTOM - Your own length, chunks or price limit\n')
    expect(await alice.say('5')).toBe(`📉 INTERACTIVE SCALEOUT
Position: LONG 3,750 BYND @ $0.63

How long should it take? You may also name the chunks, a floor (a cap for a short one) or its end.
💡 Such as \`45m\`, \`2 hours, 20 chunks\` or \`by 3pm, floor .60\``)
    const started = await alice.say('2 hours, 20 chunks, floor .60')
    expect(started).toContain('Mode: CUSTOM (2 h)')
    expect(started).toContain('Chunks: 20')
    expect(started).toContain('$0.60')
  })

  test.for([
    ['45m', /Mode: CUSTOM \(45 min\)/],
    ['over 90 minutes in 12 chunks', /Mode: CUSTOM \(1 h 30 min\)[\s\S]*Chunks: 12/],
    ['12 chunks and 45m', /Mode: CUSTOM \(45 min\)[\s\S]*Chunks: 12/],
  ] as const)('reads %j', async ([terms, started], { alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('scaleout')
    await alice.say('custom')
    expect(await alice.say(terms)).toMatch(started)
  })

  test('without a length or an end asks for the speed, with the other terms', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('scaleout custom')
    expect(await alice.say('20 chunks, floor .60')).toMatch(
      /With a floor of \$0\.60\n[\s\S]*SLOW - Next hour \(20 chunks\)/,
    )
    expect(await alice.say('slow')).toMatch(/Mode: SLOW[\s\S]*Chunks: 20/)
  })

  test.for(['lots', '45m or so', '45m 2 hours', 'floor', '45m 99999 chunks', '10 s', '30 days', '45m cap 2'])(
    'refuses %j with the reason, and starts nothing',
    async (terms, { alice }) => {
      await alice.say('long BYND 3750 @ .63')
      await alice.say('scaleout')
      await alice.say('5')
      expect(await alice.say(terms)).toMatch(/Nothing was started/)
      expect(await alice.say('tasks')).not.toContain('BYND')
    },
  )

  test('is a form where the platform has forms, which says what it cannot read', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    const [asked] = await alice.hear('scaleout')
    const choice = asked!.question!.choices.find(({ value }) => value === 'custom')!
    expect(choice).toMatchObject({ label: 'CUSTOM', form: [{ name: 'terms' }] })
    expect(choice.form![0]!.title.length).toBeLessThanOrEqual(45)
    const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: alice.thread }
    const faults = (more: string[]) =>
      desk.desk.faultsIn({ place, questionId: asked!.question!.id, answer: 'custom', more })
    expect(await faults(['45m, 12 chunks'])).toEqual([undefined])
    expect(await faults(['soon'])).toEqual([expect.stringContaining('"soon" has something else than a length')])
    const started = await alice.press(asked!, 'custom', { more: ['45m, 12 chunks'] })
    expect(started.map(({ text }) => text).join()).toMatch(/Mode: CUSTOM \(45 min\)[\s\S]*Chunks: 12/)
  })

  test('is an option of the platform command', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.command('scaleout', { symbol: 'BYND', speed: 'custom' })).toContain('How long should it take?')
  })

  test('asks anew when the position is another one by then', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('scaleout')
    await alice.say('5')
    await alice.in(`${alice.thread}-b`).say('close BYND now')
    await alice.in(`${alice.thread}-b`).say('long BYND 100 @ .70')
    expect(await alice.say('45m')).toMatch(/Position: LONG 100 BYND @ \$0\.70\n\nHow fast/)
  })

  test('is there for several at once', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('long AAPL 10 @ 190')
    await alice.say('scaleout all')
    expect(await alice.say('5')).toMatch(/Positions: 2\n[\s\S]*How long should it take\?/)
    expect(await alice.say('45m, 5 chunks')).toMatch(/SCALEOUT INITIATED - 2 positions\nMode: CUSTOM \(45 min\)/)
  })
})
