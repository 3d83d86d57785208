import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../commands/someone.ts'

type Kept = Record<string, unknown> & { given: Record<string, string> }

let desk: TestDesk
let redis: Redis
let alice: Someone

beforeAll(async () => {
  desk = await openTestDesk({ worker: false })
  redis = new Redis(desk.redis.url)
})
afterAll(async () => {
  redis?.disconnect()
  await desk?.close()
})
beforeEach(async () => {
  desk.market.set('BYND', '1.01')
  alice = someone(desk)
  await alice.say('long BYND 100 @ 1')
})

async function asked(text: string): Promise<Reply> {
  const question = (await alice.hear(text)).at(-1)
  if (!question?.question) throw new Error(`nothing was asked: ${question?.text}`)
  return question
}

/** Writes what is kept of a question anew, as a desk of another version would have it. */
async function rewrite(question: Reply, as: (kept: Kept) => unknown): Promise<void> {
  for (const key of await redis.keys('deskhand:questions:*')) {
    for (const [field, text] of Object.entries(await redis.hgetall(key))) {
      const kept = JSON.parse(text)
      if (kept.question.id === question.question!.id) await redis.hset(key, field, JSON.stringify(as(kept)))
    }
  }
}

/** As the desk kept it before there was a state: what was shown is packed among the words. */
const older =
  (shown: string) =>
  ({ state: _, ...kept }: Kept) => ({ ...kept, version: 1, given: { ...kept.given, shown } })
const withState = (state: unknown) => (kept: Kept) => ({ ...kept, state })

const orders = async () =>
  (
    await desk.desk.parts.db
      .selectFrom('orders as o')
      .innerJoin('members as m', 'm.id', 'o.member_id')
      .where('m.name', '=', alice.name)
      .where('o.purpose', '<>', 'record')
      .select('o.id')
      .execute()
  ).length

const expired = /^⚠️ That question was open for five minutes and has expired\. Nothing was done\.\n💡 Type `/

describe('a question that another version of the desk has put', () => {
  const sellState = { flow: 'trade', v: 1, side: 'sell', price: '1.01', open: '100' }
  test.each<[string, string, string, (kept: Kept) => unknown]>([
    ['close', 'market', 'its words packed', older('1:sell:100')],
    [
      'close',
      'market',
      'another version',
      withState({ flow: 'close', v: 2, positionId: 1, side: 'sell', quantity: '9' }),
    ],
    ['close', 'market', 'another flow', withState(sellState)],
    [
      'close',
      'market',
      'an amount that is none',
      withState({ flow: 'close', v: 1, positionId: 1, side: 'sell', quantity: 'x' }),
    ],
    ['close', 'market', 'no state at all', withState('1:sell:100')],
    ['sell 500', 'turn', 'its words packed', older('sell:1:100:400:1.01:100')],
    ['scaleout', 'fast', 'its words packed', older('1:100')],
    ['long BYND 50 @ 1', 'add', 'its words packed', older('1.01')],
    ['sell 500 at 3:55pm tomorrow', 'turn', 'its words packed', older('sell:1:100:400:1.01:100')],
  ])('%j, with %s: %s counts as expired, and nothing is done', async (text, answer, _, as) => {
    const question = await asked(text)
    await rewrite(question, as)
    expect(await alice.press(question, answer)).toMatchObject([{ private: true, text: expect.stringMatching(expired) }])
    expect(await orders()).toBe(0)
  })

  test('counts as expired for a typed answer, too', async () => {
    await rewrite(await asked('close'), older('1:sell:100'))
    expect(await alice.say('1')).toMatch(expired)
    expect(await orders()).toBe(0)
  })

  test('goes on where its flow keeps nothing of what it shows', async () => {
    const question = await asked('bracket')
    await rewrite(question, ({ state: _, ...kept }) => ({ ...kept, version: 1 }))
    expect((await alice.press(question, 'quick'))[0]!.text).toContain('🎯 BRACKET ORDER SET')
  })

  test('is not acted on when its answer comes again after the process died', async () => {
    const question = await asked('close')
    const id = `${alice.name}-answer`
    await alice.press(question, 'limit', { id })
    await rewrite(question, (kept) => ({ ...kept, state: { flow: 'close', v: 2 } }))
    await desk.desk.parts.db
      .updateTable('audit')
      .set({ finished_at: null, heard_at: new Date(0) })
      .where('inbound_id', '=', id)
      .execute()
    expect(await alice.press(question, 'limit', { id })).toMatchObject([{ text: expect.stringMatching(expired) }])
  })
})

test('a question of now is kept under a version that an older desk does not read', async () => {
  const question = await asked('close')
  const versions: unknown[] = []
  const note = (kept: Kept) => {
    versions.push(kept.version, kept.state)
    return kept
  }
  await rewrite(question, note)
  await alice.press(question, 'market')
  await rewrite(question, note)
  const state = { flow: 'close', v: 1, positionId: expect.any(Number), side: 'sell', quantity: '100' }
  expect(versions).toEqual([2, state, 'answered 2', state])
})
