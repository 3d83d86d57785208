import { describe, expect } from 'vitest'
import { placeKey } from '../../../src/talk/chat/place.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { createQuestions } from '../../../src/talk/questions/questions.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from '../commands/someone.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk } = deskTest({ worker: false, clock })
test.beforeEach(({ alice }) => alice.say('long BYND 100 @ 1'))

const paces = 'How fast should I scale out?'
const chat = (who: Someone, text: string) => who.hear(text, { addressed: false })

describe('small talk while a question is open', () => {
  test('is reminded of it in a line, once, and answers nothing', async ({ alice }) => {
    expect(await alice.say('scaleout')).toContain(paces)
    const [hint, ...others] = await chat(alice, 'thanks!')
    expect(others).toEqual([])
    expect(hint!.text).toBe(
      '💬 The question of `scaleout` is still open: answer with a number from 1 to 5, or `never mind`.',
    )
    expect(hint!.question).toBeUndefined()
    expect(await chat(alice, 'lol nice')).toEqual([])
    expect(await alice.say('thank you')).toBe('👍')
    expect(await alice.say('the fast one please')).toContain('SCALEOUT INITIATED')
  })

  test('is no quantity and no price', async ({ alice }) => {
    await alice.say('long AAPL')
    expect(await alice.say('thanks!')).toContain('💬 The question of `long` is still open: answer with a number,')
    expect(await alice.say('two hundred')).toContain('LONG 200 AAPL')
  })
})

describe('an answer in words', () => {
  test('may say the whole command, for the symbol of the question', async ({ alice }) => {
    expect(await alice.say('long AAPL')).toContain('How many AAPL')
    expect(await alice.say('aapl 100 @ 190')).toContain('LONG 100 AAPL @ $190.00')
  })

  test('with another symbol is repeated back as an order of its own, or refused', async ({ alice }) => {
    expect(await alice.say('long')).toContain('How many BYND')
    expect(await alice.say('aapl 100 @ 190')).toContain('🤔 Did you mean: record a long position 100 AAPL @ $190?')
    expect(await alice.say('yes')).toContain('LONG 100 AAPL @ $190.00')
    expect(await alice.say('buy bynd')).toContain('How many BYND')
    expect(await alice.say('20 aapl')).toContain('🤔 Did you mean: buy 20 AAPL?')
    expect(await alice.say('no')).toContain('Nothing was done')
    await alice.say('stop bynd')
    expect(await alice.say('aapl 150')).toContain('That names AAPL, and the question is about BYND. Nothing was done.')
    expect(await alice.say('50 cents')).toContain('$0.50')
  })

  test('that is no quantity is told so', async ({ alice }) => {
    await alice.say('long AAPL')
    expect(await alice.say('half')).toContain('"half" is not a quantity')
  })

  test.for(['nvm', 'no thanks', 'forget it', 'stop', 'never mind!'])('is a no: %j', async (text, { alice }) => {
    await alice.say('scaleout')
    expect(await alice.say(text)).toContain('OK, never mind: `scaleout` asks no more. Nothing was done.')
    expect(await alice.say('1')).toContain('No question is open here.')
  })
})

describe('a question that other commands have overtaken', () => {
  test('is shown again before an answer counts', async ({ alice }) => {
    expect(await alice.say('scaleout')).toContain(paces)
    for (const text of ['pl', 'quote bynd', 'positions', 'stop .5']) await alice.say(text)
    const again = await alice.say('1')
    expect(again).toContain('You said other things since that question. Nothing was done; here it is again.')
    expect(again).toContain(paces)
    expect(await alice.say('tasks')).not.toContain('BYND FAST')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('does not come back by itself, and is ended by a no', async ({ alice }) => {
    await alice.say('scaleout')
    for (const text of ['pl', 'quote bynd', 'positions']) await alice.say(text)
    expect(await alice.say('qwertz')).not.toContain(paces)
    expect(await chat(alice, 'looks good to me')).toEqual([])
    expect(await alice.say('nvm')).toContain('OK, never mind')
  })

  test('is asked anew from the present, where its figures are of a position', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    expect(await alice.say('close all')).toContain('LONG 100 BYND')
    for (const text of ['trim 40 bynd', 'quote bynd', 'positions']) await alice.say(text)
    const again = await alice.say('yes')
    expect(again).toContain('You said other things since that question. Nothing was done; here it is again.')
    expect(again).toContain('LONG 60 BYND')
    expect(again).not.toContain('LONG 100')
    expect(await alice.say('yes')).toContain('60 BYND')
    expect(await alice.say('positions')).toContain('No open positions')
  })

  test('is repeated back as its order, where the command may ask nothing now', async ({ alice }) => {
    expect(await alice.say('sell 300 bynd')).toContain('You have LONG 100 BYND')
    for (const text of ['trim 40 bynd', 'quote bynd', 'positions']) await alice.say(text)
    const again = await alice.say('2')
    expect(again).toContain('since that question, and what it showed may have changed. Nothing was done.')
    expect(again).toContain('Did you mean: sell 300 BYND?')
    expect(again).not.toContain('LONG 100')
    expect(await alice.say('yes')).toContain('You have LONG 60 BYND')
    expect(await alice.say('3')).toContain('nothing was ordered')
    expect(await alice.say('positions')).toContain('LONG 60 BYND')
  })

  test('is dropped with a word, where nothing is to be asked any more', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    await alice.say('close all')
    for (const text of ['trim 100 bynd', 'trim 10 aapl', 'positions']) await alice.say(text)
    const dropped = await alice.say('yes')
    expect(dropped).toContain('since that question, and what it showed may have changed. Nothing was done.')
    expect(dropped).not.toContain('LONG 100')
    expect(await alice.say('yes')).toContain('No question is open here.')
  })

  test('shows the present also where the answer is none of its choices', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    await alice.say('close all')
    await alice.say('trim 40 bynd')
    const again = await alice.say('7')
    expect(again).toContain('That is not one of the choices.')
    expect(again).toContain('LONG 60 BYND')
  })

  test('is answered by a number after one look', async ({ alice }) => {
    await alice.say('scaleout')
    await alice.say('quote bynd')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('is answered by its button', async ({ alice }) => {
    const [asked] = await alice.hear('scaleout')
    for (const text of ['pl', 'quote bynd', 'positions']) await alice.say(text)
    expect((await alice.press(asked!, 'fast'))[0]!.text).toContain('SCALEOUT INITIATED')
  })
})

describe('the door is told which questions are settled', () => {
  const idOf = (replies: Reply[]) => replies[0]!.question!.id

  test('by an answer in words, a no, and a new question in place of the old one', async ({ alice }) => {
    const asked = await alice.hear('scaleout')
    const instead = await alice.hear('long AAPL')
    expect(instead[0]!.settled).toEqual([idOf(asked)])
    expect((await alice.hear('nvm'))[0]!.settled).toEqual([idOf(instead)])
    const again = await alice.hear('scaleout')
    expect((await alice.hear('quote bynd'))[0]!.settled).toBeUndefined()
    expect((await alice.hear('the fast one'))[0]!.settled).toEqual([idOf(again)])
  })

  test('by a press on one that is closed, and not by one that is open for another person', async ({ alice, bob }) => {
    const asked = await alice.hear('scaleout')
    const other = await bob.in(alice.thread).press(asked[0]!, 'fast')
    expect(other).toMatchObject([{ private: true }])
    expect(other[0]!.settled).toBeUndefined()
    await alice.say('nvm')
    expect(await alice.press(asked[0]!, 'fast')).toMatchObject([{ private: true, settled: [idOf(asked)] }])
  })

  test('and not of the questions of others', async ({ alice, bob }) => {
    await alice.hear('scaleout')
    const here = bob.in(alice.thread)
    await here.say('long AAPL')
    expect((await here.hear('nvm'))[0]!.settled).toHaveLength(1)
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })
})

describe('of two open questions with numbers', () => {
  /** Puts a question of the background beside the others, as the guardian does. */
  const put = async (alice: Someone, name = 'first') => {
    const { db, redis } = desk.desk.parts
    const { id } = await db.selectFrom('members').select('id').where('name', '=', alice.name).executeTakeFirstOrThrow()
    const key = placeKey({ door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread })
    await createQuestions(redis, clock).askInBackground(key, {
      memberId: id,
      memberName: alice.name,
      command: 'guardian',
      given: {},
      text: '❓ Which?',
      question: {
        id: `g-${alice.thread}-${name}`,
        name: 'choice',
        kind: 'choice',
        title: 'Which?',
        choices: [
          { value: 'EXIT', label: 'EXIT' },
          { value: 'HOLD', label: 'HOLD' },
        ],
      },
      expiresAt: clock.now().getTime() + 120_000,
    })
  }

  test('a number answers the newer one', async ({ alice }) => {
    await put(alice)
    clock.advance(60_000)
    await alice.say('scaleout')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('a number that may mean the newer one of the background is asked about, and a word is not', async ({
    alice,
  }) => {
    await alice.say('scaleout')
    clock.advance(60_000)
    await put(alice)
    expect(await alice.say('1')).toContain('Two questions are open here')
    expect(await alice.say('fast')).toContain('SCALEOUT INITIATED')
  })

  test('a number answers the one that was shown again, unless another question comes', async ({ alice }) => {
    await put(alice)
    clock.advance(2000)
    await alice.say('scaleout')
    const both = await alice.say('1')
    expect(both).toContain('Two questions are open here: this one, and one of `guardian`')
    expect(both).toContain(paces)
    expect(both).not.toContain('newer')
    await put(alice, 'another')
    expect(await alice.say('1')).toContain('Two questions are open here')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('a number that is typed twice does not answer the older one', async ({ alice }) => {
    await put(alice)
    clock.advance(60_000)
    await alice.say('scaleout')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
    expect(await alice.say('1')).toContain(
      'The last question here is answered, and an older one of `guardian` is still open',
    )
  })
})

describe('several commands on several lines', () => {
  test.for(['close now\nlong AAPL 10 @ 190', 'stop .5\n\ntarget 2', 'pl\npositions\nquote bynd', 'cancel\nscaleout'])(
    'are refused as a whole, with the reason: %j',
    async (text, { alice }) => {
      for (const addressed of [true, false]) {
        const [said] = await alice.hear(text, { addressed })
        expect(said!.text).toMatch(/Those are \d commands in one message, and I take one at a time. Nothing was done./)
      }
      expect(await alice.say('positions')).toContain('LONG 100 BYND')
    },
  )

  test('are no several when one command is written over lines, or talk stands beside it', async ({ alice }) => {
    expect(await alice.say('long\nAAPL 10\n@ 190')).toContain('LONG 10 AAPL @ $190.00')
    expect(await alice.say('> close now\nquote bynd')).toContain('💵 BYND')
    expect(await chat(alice, 'nice day\nclose call lol')).toEqual([])
  })
})

describe('a word that only says stop', () => {
  test.for(['abort', 'stop it', 'Stop it!!', 'make it stop'])(
    'offers to end a running scaleout: %j',
    async (text, { alice }) => {
      await alice.say('scaleout slow')
      for (const addressed of [true, false]) {
        const [asked] = await alice.hear(text, { addressed })
        expect(asked!.text).toContain('🤔 Did you mean: cancel the scaleout BYND?')
        if (addressed) await alice.say('no')
      }
      expect(await alice.say('yes')).toContain('SCALEOUT CANCELLED')
    },
  )

  test('is talk where none runs', async ({ alice }) => {
    expect(await chat(alice, 'stop it')).toEqual([])
    expect(await alice.say('stop it')).not.toContain('Did you mean')
  })
})

describe('an answer where nothing is asked', () => {
  test.for(['y', 'yes', 'no', 'nvm', '2'])('says so, and shows nothing else: %j', async (text, { alice }) => {
    expect(await alice.say(text)).toContain('No question is open here.')
    expect(await chat(alice, text)).toEqual([])
  })

  test('is not for a question that was answered before another one', async ({ alice }) => {
    await alice.say('scaleout')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
    expect(await alice.say('1')).toContain('you answered it with FAST. Nothing more was done.\n💡 It was of `scaleout`')
    clock.advance(1000)
    await alice.say('long AAPL')
    await alice.say('nvm')
    expect(await alice.say('1')).toContain('No question is open here.')
  })
})
