import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../commands/someone.ts'
import { blindSets, messagesOf } from '../language/blind-sets.ts'
import { chatter } from '../language/chatter.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeEach(({ alice }) => alice.say('long BYND 300 @ 1'))

const heard = async () => (await desk.desk.parts.db.selectFrom('audit').select('inbound_id').execute()).length
const spoken = (who: Someone, text: string) => who.hear(text, { addressed: false })
const money = 'peel off a third of bynd'
const shown = 'what stocks am i in at the moment'

const blind = messagesOf(blindSets.seen).filter(({ command }) => command === 'none')

describe('in a thread in which somebody has spoken with the desk', () => {
  test('what a model is sure is a command is asked about without naming the desk', async ({ alice }) => {
    const [asked] = await spoken(alice, money)
    expect(asked!.text).toContain('🤔 Did you mean: trim a third of BYND?')
    expect((await spoken(alice, '1'))[0]!.text).toContain('SOLD 100 BYND')
  })

  test('what is only shown is shown', async ({ alice }) => {
    expect((await spoken(alice, shown))[0]!.text).toContain('LONG 300 BYND')
  })

  test(`talk gets no answer and leaves no trace: ${chatter.length + blind.length} lines`, async ({ alice }) => {
    const before = await heard()
    for (const text of [...chatter, ...blind.map((one) => one.text)]) {
      expect(await spoken(alice, text), text).toEqual([])
    }
    expect(await heard()).toBe(before)
    // Thousands of lines are heard, on a machine that may be busy.
  }, 240_000)

  test('whoever has not is left alone, and nothing of it is kept', async ({ alice }) => {
    const bob = someone(desk, undefined, alice.thread)
    const before = await heard()
    for (const text of [money, shown]) expect(await spoken(bob, text)).toEqual([])
    expect(await heard()).toBe(before)
  })

  test('so is what is said to another person', async ({ alice }) => {
    for (const text of [`<@U777> ${money}`, `@dave ${money}`, 'what stocks are you in at the moment'])
      expect(await spoken(alice, text), text).toEqual([])
  })
})

describe('elsewhere', () => {
  test('the same words are talk: in another thread, and in a channel', async ({ alice }) => {
    const other = alice.in(`${alice.thread}-other`)
    const before = await heard()
    const channel = { door: 'slack' as const, workspace: 'T1', channel: 'C1' }
    const author = { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name }
    for (const [index, text] of [money, shown].entries()) {
      expect(await spoken(other, text)).toEqual([])
      const place = { ...channel, thread: alice.thread }
      const id = `${alice.thread}-in-channel-${index}`
      expect(await desk.desk.hear({ kind: 'message', id, author, place, channel, text, addressed: false })).toEqual([])
    }
    expect(await heard()).toBe(before)
  })
})
