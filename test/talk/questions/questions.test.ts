import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test: base, desk } = deskTest({ worker: false, clock })
const test = base.extend('bob', ({ alice }) => someone(desk, undefined, alice.thread))
test.beforeEach(({ alice }) => alice.say('long BYND 100 @ 1'))

const minutes = (count: number) => count * 60_000
/** How many scaleouts were started for Alice. */
const started = async (alice: Someone) => {
  const rows = await desk.desk.parts.db
    .selectFrom('scaleouts as s')
    .innerJoin('members as m', 'm.id', 's.member_id')
    .where('m.name', '=', alice.name)
    .select('s.id')
    .execute()
  return rows.length
}
const asked = async (who: Someone, text = 'scaleout') => {
  const [question] = await who.hear(text)
  expect(question!.question).toBeDefined()
  return question!
}

describe('a question that waits for its answer', () => {
  test('is answered within five minutes', async ({ alice }) => {
    await asked(alice)
    clock.advance(minutes(5) - 1)
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('expires after five: an answer six minutes later is an ordinary message and starts nothing', async ({
    alice,
  }) => {
    await asked(alice)
    clock.advance(minutes(6))
    expect(await alice.say('1')).toBe(
      '⚠️ That question was open for five minutes and has expired. Nothing was done.\n💡 Type `scaleout` to be asked again',
    )
    expect(await alice.say('1')).toContain('🤷 I did not understand that.')
    expect(await started(alice)).toBe(0)
  })

  test('keeps its buttons when the database does not answer: only the presser is told', async ({ alice }) => {
    const question = await asked(alice)
    const { db } = desk.desk.parts
    await sql`alter table audit rename to away`.execute(db)
    const [reply] = await alice.press(question, 'fast').finally(() => sql`alter table away rename to audit`.execute(db))
    expect(reply).toMatchObject({ private: true, text: expect.stringContaining('Nothing was done.') })
    expect(await alice.press(question, 'fast')).toMatchObject([{ text: expect.stringContaining('SCALEOUT INITIATED') }])
  })

  test('leaves talk beside it alone when the database does not answer', async ({ alice, bob }) => {
    await asked(alice)
    const { db } = desk.desk.parts
    await sql`alter table member_identities rename to away`.execute(db)
    const back = () => sql`alter table away rename to member_identities`.execute(db)
    expect(await bob.hear('lol did you see the game', { addressed: false }).finally(back)).toEqual([])
  })

  test('is not called closed when it cannot be looked up', async ({ alice }) => {
    const question = await asked(alice)
    await desk.redis.kill9()
    const [reply] = await alice.press(question, 'fast').finally(() => desk.redis.start())
    expect(reply).toMatchObject({ private: true, text: expect.stringContaining('short memory does not answer') })
    expect(reply!.text).not.toContain('not open any more')
    expect(await started(alice)).toBe(0)
  })

  test('expires for its button too, and only the presser is told', async ({ alice }) => {
    const question = await asked(alice)
    clock.advance(minutes(6))
    const [reply] = await alice.press(question, 'fast')
    expect(reply).toMatchObject({ private: true, text: expect.stringContaining('has expired. Nothing was done.') })
    expect(await started(alice)).toBe(0)
  })

  test('leaves commands their meaning after it expired', async ({ alice }) => {
    await asked(alice)
    clock.advance(minutes(6))
    expect(await alice.say('fast')).toContain('has expired')
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('is for the person who was asked: a press by somebody else is refused, to them alone', async ({
    alice,
    bob,
  }) => {
    const question = await asked(alice)
    const [reply] = await bob.press(question, 'fast')
    expect(reply).toEqual({
      text: `⚠️ That question is for ${alice.name}. Nothing was done.\n💡 Type \`scaleout\` for your own position`,
      private: true,
    })
    expect(await started(alice)).toBe(0)
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('is for the person who was asked: an answer typed by somebody else is refused, to them alone', async ({
    alice,
    bob,
  }) => {
    await asked(alice)
    for (const addressed of [true, false]) {
      const [reply] = await bob.hear('1', { addressed })
      expect(reply).toMatchObject({
        private: true,
        text: expect.stringContaining(`That question is for ${alice.name}.`),
      })
    }
    expect(await started(alice)).toBe(0)
  })

  test('is answered once, however often a press is delivered', async ({ alice }) => {
    const question = await asked(alice)
    const replies = await Promise.all([
      alice.press(question, 'fast', { id: 'press-1' }),
      alice.press(question, 'fast', { id: 'press-1' }),
      alice.press(question, 'slow', { id: 'press-2' }),
      alice.hear('2'),
    ])
    expect(replies.flat().filter(({ text }) => text.includes('SCALEOUT INITIATED'))).toHaveLength(1)
    expect(await started(alice)).toBe(1)
    const [late] = await alice.press(question, 'medium')
    expect(late).toMatchObject({
      private: true,
      text: expect.stringMatching(
        /^⚠️ That question is not open any more: you answered it with \w+\. Nothing more was done\./,
      ),
    })
    expect(await started(alice)).toBe(1)
  })

  test('takes no answer that it did not offer', async ({ alice }) => {
    const question = await asked(alice)
    for (const answer of ['warp', '__proto__', '', '1']) {
      const [reply] = await alice.press(question, answer)
      expect(reply!.text).toContain('That question is not open any more.')
    }
    expect(
      await alice.press({ ...question, question: { ...question.question!, id: 'q-made-up' } }, 'fast'),
    ).toMatchObject([{ private: true }])
    expect(await started(alice)).toBe(0)
  })

  test('gives way to a command: that is done, and the question still waits', async ({ alice }) => {
    await asked(alice)
    expect(await alice.say('pl')).toContain('P&L SUMMARY')
    expect(await alice.say('quote BYND')).toContain('💵 BYND')
    expect(await alice.say('slow')).toContain('SCALEOUT INITIATED')
  })

  test('gives way to the next question', async ({ alice }) => {
    const first = await asked(alice, 'scaleout 10')
    await asked(alice, 'scaleout 20')
    expect((await alice.press(first, 'fast'))[0]!.text).toContain('not open any more')
    expect(await alice.say('1')).toContain('Total Quantity: 20')
  })

  test.for(['cancel', 'never mind', 'Stop', 'no'])('is taken back with %j', async (text, { alice }) => {
    await asked(alice)
    expect(await alice.say(text)).toMatch(/^OK, never mind: `scaleout` asks no more\. Nothing was done\./)
    expect(await alice.say('1')).toContain('I did not understand that')
    expect(await started(alice)).toBe(0)
  })

  test('is what `cancel` takes back, which is said: the same word again is the command', async ({ alice }) => {
    await alice.say('close 50 @ 2')
    await asked(alice, 'scaleout 10')
    expect(await alice.say('cancel')).toMatch(
      /Nothing was done\.\n💡 That answered the question\. For the command `cancel`, say it again/,
    )
    expect(await alice.say('cancel')).toMatch(/^✓ CANCELLED order 1: /)
    await asked(alice, 'scaleout 10')
    expect(await alice.say('never mind')).toBe('OK, never mind: `scaleout` asks no more. Nothing was done.')
  })

  test('is over when its command was said again, whole: a number is no answer to it any more', async ({ alice }) => {
    await asked(alice, 'long AAPL')
    expect(await alice.say('long AAPL 5 @ 190')).toBe('✓ LONG 5 AAPL @ $190.00')
    expect(await alice.say('700')).toContain('I did not understand that')
    await asked(alice, 'close BYND')
    expect(await alice.say('close BYND @ 2')).toContain('LIMIT SELL ORDER 100 BYND @ $2.00')
    expect(await alice.say('1')).toContain('I did not understand that')
  })

  test('for a number takes half a command for what it is, and still waits', async ({ alice }) => {
    await asked(alice, 'long AAPL')
    expect(await alice.say('long ZZZZ 100 @ 5')).toContain("I don't know the symbol ZZZZ")
    expect(await alice.say('long AAPL abc')).toContain('I did not understand "abc". Nothing was done.')
    expect(await alice.say('cancel sideways')).not.toContain('is not a quantity')
    expect(await alice.say('5')).toContain('✓ LONG 5 AAPL @ $190.00')
  })

  test('is one of its thread: in another thread the same answer is none', async ({ alice }) => {
    await asked(alice)
    expect(await alice.in(`${alice.thread}-other`).say('1')).toContain('I did not understand that')
    expect(await started(alice)).toBe(0)
  })

  test('and one of somebody else beside it are answered each by their own', async ({ alice, bob }) => {
    await bob.say('long AAPL 10 @ 190')
    await asked(alice, 'scaleout BYND')
    await asked(bob, 'scaleout AAPL')
    expect(await bob.say('2')).toContain('Mode: MEDIUM')
    expect(await alice.say('3')).toContain('Mode: SLOW (55-70 minutes)')
    expect(await bob.say('tasks')).toContain('AAPL MEDIUM')
    expect(await alice.say('tasks')).toContain('BYND SLOW')
  })

  test('is put again after an answer that is none, with buttons that work', async ({ alice }) => {
    const first = await asked(alice)
    const [again] = await alice.hear('4')
    expect(again!.question!.id).not.toBe(first.question!.id)
    expect(again!.question!.choices.map(({ value }) => value)).toEqual(['fast', 'medium', 'slow', 'custom'])
    expect((await alice.press(again!, 'medium'))[0]!.text).toContain('Mode: MEDIUM')
  })

  test('that was kept by an older version of the desk counts as never asked', async ({ alice }) => {
    await asked(alice)
    const { redis } = await import('ioredis').then(({ Redis }) => ({ redis: new Redis(desk.redis.url) }))
    const keys = await redis.keys(`*${alice.thread}*`)
    expect(keys).toHaveLength(1)
    const [field] = await redis.hkeys(keys[0]!)
    await redis.hset(keys[0]!, field!, '{"version":0,"question":"garbage"}')
    expect(await alice.say('1')).toContain('I did not understand that')
    await redis.hset(keys[0]!, field!, 'not even JSON')
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
    redis.disconnect()
  })
})
