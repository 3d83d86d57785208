import { describe, expect } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'

/** After this time a message that a process has not finished may be taken over by another process. */
const abandonedMs = 40_000

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(({ alice }) => alice.say('long BYND 100 @ 1'))

const already = /^⚠️ That question is not open any more: you answered it with Market\. Nothing more was done\./

async function asked(alice: Someone, text = 'close'): Promise<Reply> {
  const question = (await alice.hear(text)).at(-1)
  if (!question?.question) throw new Error(`nothing was asked: ${question?.text}`)
  return question
}

/** Simulates a process that died after it acted on a message and before it recorded the outcome. */
async function diedOver(inboundId: string): Promise<void> {
  await desk.desk.parts.db.updateTable('audit').set({ finished_at: null }).where('inbound_id', '=', inboundId).execute()
  clock.advance(abandonedMs)
}

/** Simulates a process that stops forever during a message, at its first look at a price. */
async function diesOver(say: () => unknown): Promise<void> {
  const { quote } = market
  await new Promise<void>((stopped) => {
    market.quote = async () => {
      stopped()
      return new Promise(() => {})
    }
    say()
  })
  market.quote = quote
}

async function orders(alice: Someone): Promise<string[]> {
  const { db } = desk.desk.parts
  const own = db.selectFrom('orders as o').innerJoin('members as m', 'm.id', 'o.member_id')
  const rows = await own
    .where('m.name', '=', alice.name)
    .where('o.purpose', '<>', 'record')
    .select('o.client_order_id')
    .execute()
  return rows.map((row) => row.client_order_id)
}

describe('the same answer, delivered again', () => {
  test.for(['press', 'typed'])('is silent while and after it is acted on: %s', async (how, { alice }) => {
    const question = await asked(alice)
    const id = `${alice.name}-answer`
    const answer = () =>
      how === 'press' ? alice.press(question, 'market', { id }) : alice.hear('1', { id, addressed: false })
    expect((await answer())[0]!.text).toContain('✓ SOLD 100 BYND')
    expect(await answer()).toEqual([])
    await diedOver(id)
    expect(await answer()).toEqual([])
    await diedOver(id)
    expect(await answer()).toEqual([])
    expect(await orders(alice)).toEqual([`close-${id}`])
  })

  test('to `close all` is silent, whatever each of its orders came to', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    await asked(alice, 'close all')
    const id = `${alice.name}-yes`
    expect(await alice.hear('yes', { id })).toHaveLength(2)
    await diedOver(id)
    expect(await alice.hear('yes', { id })).toEqual([])
    expect(await orders(alice)).toHaveLength(2)
  })

  test.for(['press', 'typed'])(
    'is acted on, once, when the process had died before it ordered: %s',
    async (how, { alice }) => {
      const question = await asked(alice)
      const id = `${alice.name}-answer`
      const answer = () =>
        how === 'press' ? alice.press(question, 'market', { id }) : alice.hear('1', { id, addressed: false })
      await diesOver(answer)
      expect(await answer()).toEqual([])
      clock.advance(abandonedMs)
      const replies = await Promise.all([answer(), answer(), answer()])
      expect(replies.flat().map(({ text }) => text)).toEqual([expect.stringContaining('✓ SOLD 100 BYND')])
      expect(await answer()).toEqual([])
      expect(await orders(alice)).toEqual([`close-${id}`])
    },
  )
})

describe('another answer to what was answered', () => {
  test('is told that it was, and with what', async ({ alice }) => {
    const question = await asked(alice)
    await alice.say('1')
    for (const answer of ['market', 'limit'])
      expect(await alice.press(question, answer)).toMatchObject([
        { private: true, text: expect.stringMatching(already) },
      ])
    expect(await alice.say('1')).toMatch(already)
    expect(await alice.hear('1', { addressed: false })).toEqual([])
    expect(await orders(alice)).toHaveLength(1)
  })

  test('given at the same instant is told so, too', async ({ alice }) => {
    const question = await asked(alice)
    const replies = await Promise.all(Array.from({ length: 5 }, () => alice.press(question, 'market')))
    expect(replies.flat().filter(({ text }) => text.includes('✓ SOLD'))).toHaveLength(1)
    expect(replies.flat().filter(({ text }) => already.test(text))).toHaveLength(4)
  })

  test('is told so, too, when the process had died over the first', async ({ alice }) => {
    const question = await asked(alice)
    await alice.press(question, 'market', { id: `${alice.name}-first` })
    await diedOver(`${alice.name}-first`)
    expect((await alice.press(question, 'market'))[0]!.text).toMatch(already)
    expect(await alice.say('1')).toMatch(already)
    expect(await orders(alice)).toHaveLength(1)
  })

  test('counts when the process had died over the first before it ordered, and then as that one', async ({ alice }) => {
    const question = await asked(alice)
    const first = `${alice.name}-first`
    await diesOver(() => alice.press(question, 'market', { id: first }))
    expect((await alice.press(question, 'market'))[0]!.text).toMatch(already)
    clock.advance(abandonedMs)
    expect(await alice.say('1')).toContain('✓ SOLD 100 BYND')
    expect(await alice.press(question, 'market', { id: first })).toEqual([])
    expect((await alice.press(question, 'market'))[0]!.text).toMatch(already)
    expect(await orders(alice)).toEqual([`close-${first}`])
  })

  test('is none when it comes too late, when it was not offered, and when somebody else gives it', async ({
    alice,
  }) => {
    const question = await asked(alice)
    await diesOver(() => alice.press(question, 'market'))
    clock.advance(abandonedMs)
    const bob = someone(desk, undefined, alice.thread)
    expect((await bob.press(question, 'market'))[0]!.text).toContain(`That question is for ${alice.name}.`)
    expect((await alice.press(question, 'warp'))[0]!.text).toContain('not open any more. Nothing was done.')
    clock.advance(5 * 60_000)
    expect((await alice.press(question, 'market'))[0]!.text).toMatch(already)
    expect(await alice.say('1')).not.toContain('SOLD')
    expect(await orders(alice)).toEqual([])
  })
})
