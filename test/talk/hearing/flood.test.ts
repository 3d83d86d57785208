import { expect } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { createDesk } from '../../../src/desk.ts'
import { createQuestions } from '../../../src/talk/questions/questions.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'

const most = 5

const { test, desk, market } = deskTest({ environment: { MESSAGES_PER_MINUTE: String(most) } })

async function sayAll(who: Someone, count: number, text = 'positions'): Promise<string[]> {
  const said: string[] = []
  for (let number = 0; number < count; number++) said.push(await who.say(text))
  return said
}
const isTold = (text: string) => text.startsWith(`⚠️ That is more than ${most} messages in a minute.`)
const heardOf = async (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('audit as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['a.text', 'a.code'])
    .where('m.name', '=', who.name)
    .orderBy('a.heard_at')
    .execute()

test('more than so many messages in a minute are told once to be too many, and then met with silence', async ({
  alice,
}) => {
  const said = await sayAll(alice, most + 3)
  expect(said.slice(0, most).filter(isTold)).toEqual([])
  expect(said[most]).toMatch(
    /I hear nothing more of you for (60|5\d) s, and did nothing about this one\.\n💡 What gets you out I always hear: `close`, `flat`/,
  )
  expect(said.slice(most + 1)).toEqual(['', ''])
  const heard = await heardOf(alice)
  expect(heard).toHaveLength(most + 1)
  expect(heard.at(-1)!.code).toBe('TOO_MANY_MESSAGES')
  const [reply] = await someone(desk).hear('positions')
  expect(reply!.text).not.toMatch(/more than/)
})

test('they count for the member, in whatever conversation and by whatever process they are heard', async ({
  alice,
}) => {
  const { config, parts } = desk.desk
  const other = await createDesk({ config, log: parts.log, market })
  await sayAll(alice, 2)
  await sayAll(alice.in('another-thread'), 2)
  const author = { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name }
  const place = { door: 'slack' as const, workspace: 'T1', channel: 'C2', thread: 'third' }
  const message = (id: string) => ({ kind: 'message' as const, id, author, place, text: 'positions', addressed: true })
  expect(isTold((await other.hear(message('flood-1')))[0]!.text)).toBe(false)
  expect(isTold((await other.hear(message('flood-2')))[0]!.text)).toBe(true)
  expect(await alice.say('positions')).toBe('')
  await other.parts.queues.close()
  other.parts.redis.disconnect()
  await Promise.all([other.parts.db.destroy(), other.critical.db.destroy()])
})

test('a desk that begins again within the minute tells once more: what it said before may never have been read', async ({
  alice,
}) => {
  await sayAll(alice, most + 2)
  await desk.restart()
  const said = await sayAll(alice, 2)
  expect(said.map((text) => isTold(text))).toEqual([true, false])
  expect(said[1]).toBe('')
})

test('a message that came a second time takes nobody’s telling with it', async ({ alice }) => {
  await sayAll(alice, most - 1)
  await alice.hear('positions', { id: 'flood-twice' })
  expect(await alice.hear('positions', { id: 'flood-twice' })).toEqual([])
  expect((await sayAll(alice, 2)).map(isTold)).toEqual([true, false])
})

test('what gets somebody out is heard in the middle of it, with its question and the answer', async ({ alice }) => {
  await alice.say('long BYND 100 @ 1')
  await sayAll(alice, most + 2)
  expect(await alice.say('stop .5')).toContain('🛑 STOP SET')
  expect(await alice.say('trim 10 BYND')).toContain('✓ SOLD 10 BYND')
  expect(await alice.say('sell 10 BYND @ 1.50')).toContain('(working)')
  expect(await alice.say('cancel all')).toContain('CANCELLED')
  const [asked] = await alice.hear('close BYND')
  expect(await alice.say('pl')).toBe('')
  expect((await alice.press(asked!, asked!.question!.choices[0]!.value)).map(({ text }) => text).join()).toContain(
    'Position: FLAT',
  )
  expect(await alice.say('close all')).toContain('You have no open position')
  expect(await alice.say('breaker')).toContain('CIRCUIT BREAKER TRIPPED')
})

test('a typed answer to a question about getting out is heard, and one about getting in is not', async ({
  alice,
  bob,
}) => {
  await alice.say('long BYND 100 @ 1')
  await alice.hear('close BYND')
  await sayAll(alice, most + 2)
  expect(await alice.say('1')).toContain('here it is again')
  expect(await alice.say('1')).toContain('Position: FLAT')

  await bob.say('buy BYND')
  await sayAll(bob, most + 2)
  expect(await bob.say('500')).toBe('')
})

test('the answer to what the guardian asks is heard', async ({ alice }) => {
  await sayAll(alice, most + 2)
  const { db, redis } = desk.desk.parts
  const { id: memberId } = await db
    .selectFrom('members')
    .select('id')
    .where('name', '=', alice.name)
    .executeTakeFirstOrThrow()
  const questions = createQuestions(redis, systemClock(1))
  const choices = ['EXIT', 'HOLD'].map((value) => ({ value, label: value }))
  const question = { id: 'q-guardian', name: 'choice', kind: 'choice' as const, title: 'What now?', choices }
  await questions.askInBackground(`slack:T1:C1:${alice.thread}`, {
    ...{ memberId, memberName: alice.name, command: 'guardian', given: { event: '404' }, text: 'What now?', question },
    expiresAt: Date.now() + 60_000,
  })
  expect(await alice.hear('1')).not.toEqual([])
  expect(await alice.hear('3')).toEqual([])
})

test('a press counts like a word, and a flood of presses is silent', async ({ alice }) => {
  const replies = []
  for (let number = 0; number < most + 2; number++)
    replies.push(await alice.press({ text: '', question: { id: 'q-none' } as never }, 'yes'))
  expect(replies[most]!.map(({ text, private: only }) => [isTold(text), only])).toEqual([[true, true]])
  expect(replies[most + 1]).toEqual([])
})

test('when the minute is over everything is heard again', async ({ alice }) => {
  await sayAll(alice, most + 2)
  const { db, redis } = desk.desk.parts
  const { id } = await db.selectFrom('members').select('id').where('name', '=', alice.name).executeTakeFirstOrThrow()
  const key = `deskhand:messages:${id}`
  expect(await redis.pttl(key)).toBeGreaterThan(30_000)
  await redis.pexpire(key, 1)
  await expect.poll(() => redis.exists(key)).toBe(0)
  expect(await alice.say('positions')).toContain('No open positions')
})

test('a short memory that is away holds nobody up', async ({ alice }) => {
  await sayAll(alice, most)
  await desk.redis.halt()
  try {
    for (const text of await sayAll(alice, 2)) expect(text).toContain('No open positions')
  } finally {
    await desk.redis.start()
  }
})
