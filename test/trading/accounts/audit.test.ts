import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

const { test, desk } = deskTest({ worker: false })

/** The audit rows of a person, oldest first. */
const audit = async (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('audit as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .innerJoin('conversations as c', 'c.id', 'a.conversation_id')
    .where('m.name', '=', who.name)
    .select(['a.text', 'a.command', 'a.outcome', 'a.code', 'a.reason', 'c.key', 'a.heard_at', 'a.finished_at'])
    .orderBy('a.heard_at')
    .execute()

test('every command and every refusal is kept: who, where, what, what came of it and why', async ({ alice }) => {
  const said = [
    ['long BYND 100 @ 1', 'long', 'done', null],
    ['scaleout', 'scaleout', 'asked', null],
    ['warp', 'scaleout', 'asked', null],
    ['3', 'scaleout', 'done', null],
    ['scaleout', 'scaleout', 'refused', 'SCALEOUT_IN_PROGRESS'],
    ['trim 1000', 'trim', 'refused', 'QUANTITY_EXCEEDS_POSITION'],
    ['trim -1', 'trim', 'refused', 'QUANTITY_NOT_POSITIVE'],
    ['close BYND @ 5.001', 'close', 'refused', 'PRICE_OFF_TICK'],
    ['quote WXYZQ', 'quote', 'refused', 'UNKNOWN_SYMBOL'],
    ['role <@U1> viewer', 'role', 'refused', 'NOT_ALLOWED'],
    ['what is the meaning of life', null, 'not_understood', null],
    ['pl', 'pl', 'done', null],
  ] as const
  const replies: string[] = []
  for (const [text] of said) replies.push(await alice.say(text))
  const kept = await audit(alice)
  expect(kept.map(({ text, command, outcome, code }) => [text, command, outcome, code])).toEqual(said)
  for (const [index, row] of kept.entries()) {
    expect(row.key).toBe(`slack:T1:C1:${alice.thread}`)
    expect(row.finished_at!.getTime()).toBeGreaterThanOrEqual(row.heard_at.getTime())
    // The audit stores a refusal with its words.
    if (row.outcome === 'refused') expect(row.reason).toBe(replies[index])
  }
})

test('presses are kept too, also those that are refused', async ({ alice }) => {
  await alice.say('long BYND 100 @ 1')
  const [question] = await alice.hear('scaleout')
  const bob = someone(desk, undefined, alice.thread)
  await bob.press(question!, 'fast')
  await alice.press(question!, 'fast')
  expect(await audit(bob)).toMatchObject([{ text: '[pressed fast]', outcome: 'refused', code: 'NOT_YOUR_QUESTION' }])
  expect((await audit(alice)).at(-1)).toMatchObject({ text: '[pressed fast]', command: 'scaleout', outcome: 'done' })
})

test('a message that is delivered twice is kept once', async ({ alice }) => {
  await Promise.all([1, 2, 3].map(() => alice.hear('positions', { id: 'thrice' })))
  expect(await audit(alice)).toHaveLength(1)
})
