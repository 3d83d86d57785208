import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { type Post, type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import type { Edit, Posted } from '../../../src/talk/chat/reply.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { queueReply } from '../../../src/trading/events/rows/replies.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { runNextChunk, runToTheEnd } from '../../trading/orders/by-hand.ts'
import { someone } from '../commands/someone.ts'

/** The conversation of a thread for one test. */
let conversation: number
let platform: Platform

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk } = deskTest({ worker: false, clock })
test.beforeEach(async () => {
  const alice = someone(desk)
  await alice.say('help')
  conversation = await conversationOf(alice.thread)
  platform = new Platform()
})

async function conversationOf(thread: string): Promise<number> {
  const { id } = await desk.desk.parts.db
    .selectFrom('conversations')
    .select('id')
    .where('key', '=', `slack:T1:C1:${thread}`)
    .executeTakeFirstOrThrow()
  return id
}

/** A platform that records posts and fails on request: one given fate for each call, then none. */
class Platform implements Poster {
  door = 'slack' as const
  posts: Post[] = []
  edits: { message: string; text: string }[] = []
  fates: (PostFailed | 'silent' | undefined)[] = []

  get texts(): string[] {
    return this.posts.map(({ reply }) => reply.text)
  }

  async post(post: Post): Promise<Posted> {
    const fate = this.fates.shift()
    if (fate instanceof PostFailed) throw fate
    const before = this.posts.find(({ key }) => key === post.key)
    if (!before) this.posts.push(post)
    // The message is out, but the process dies before it records that.
    if (fate === 'silent') throw new Error('the process died')
    return { message: `m-${post.key}`, place: this.placeFor(post) }
  }

  placeFor = (post: Post): Place => post.place

  async edit({ message }: Posted, { text }: Edit): Promise<void> {
    const fate = this.fates.shift()
    if (fate instanceof PostFailed) throw fate
    this.edits.push({ message, text })
  }
}

const queue = (text: string, postedBy: 'outbox' | 'door' = 'outbox', to = conversation) =>
  desk.desk.parts.db
    .transaction()
    .execute((trx) => queueReply(trx, { conversationId: to, at: clock.now() }, { text }, postedBy))
const deliver = (to = conversation) => createDelivery(desk.desk.parts, platform)(to)
const stateOf = async (row: number) =>
  desk.desk.parts.db.selectFrom('replies').selectAll().where('id', '=', row).executeTakeFirstOrThrow()

/** Lets the half minute of a door for its own row run out. */
const leaseEnds = (row: number) =>
  desk.desk.parts.db.updateTable('replies').set({ leased_until: sql<Date>`now()` }).where('id', '=', row).execute()

/** Lets the lease of a conversation run out. */
const postingEnds = () =>
  desk.desk.parts.db
    .updateTable('conversations')
    .set({ posting_until: sql<Date>`now() - interval '1 millisecond'` })
    .where('id', '=', conversation)
    .execute()

describe('what jobs have to say', () => {
  test('is posted once and in order', async () => {
    for (const text of ['one', 'two', 'three']) await queue(text)
    expect((await deliver()).againInMs).toBeUndefined()
    await deliver()
    expect(platform.texts).toEqual(['one', 'two', 'three'])
  })

  test('is posted once and in order, however many deliver it at once and whatever the platform does', async () => {
    const fate = fc.constantFrom(undefined, undefined, undefined, new PostFailed('later', 'busy'))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(fate, { maxLength: 6 }), async (count, fates) => {
        const alice = someone(desk)
        await alice.say('help')
        const to = await conversationOf(alice.thread)
        platform = new Platform()
        platform.fates = [...fates]
        const texts = Array.from({ length: count }, (_, index) => `text ${index}`)
        await Promise.all([
          texts.reduce(
            (before, text) => before.then(() => queue(text, 'outbox', to)),
            Promise.resolve() as Promise<unknown>,
          ),
          deliver(to),
          deliver(to),
        ])
        for (let tries = 0; platform.posts.length < count && tries < 20; tries++) {
          clock.advance(60_000)
          await Promise.all([deliver(to), deliver(to)])
        }
        expect(platform.texts).toEqual(texts)
      }),
      { numRuns: 20 },
    )
  })

  test('waits as long as the platform asks, and everything behind it waits too', async () => {
    await queue('one')
    await queue('two')
    platform.fates = [new PostFailed('later', 'rate limited', { retryAfterMs: 7000 })]
    expect((await deliver()).againInMs).toBe(7000)
    clock.advance(6999)
    expect((await deliver()).againInMs).toBe(50)
    expect(platform.texts).toEqual([])
    clock.advance(1)
    await deliver()
    expect(platform.texts).toEqual(['one', 'two'])
  })

  test('is tried again at growing distances while the platform is down', async () => {
    await queue('one')
    const waits: number[] = []
    platform.fates = Array.from({ length: 8 }, () => new PostFailed('later', 'down'))
    for (let tries = 0; tries < 8; tries++) {
      const { againInMs } = await deliver()
      waits.push(againInMs!)
      clock.advance(againInMs!)
    }
    expect(waits).toEqual([500, 1000, 2000, 5000, 10_000, 30_000, 30_000, 30_000])
    await deliver()
    expect(platform.texts).toEqual(['one'])
  })

  test('is given up when its place is gone, and what is behind it goes on', async () => {
    const { row } = await queue('one')
    await queue('two')
    platform.fates = [new PostFailed('never', 'the channel is gone')]
    await deliver()
    expect(platform.texts).toEqual(['two'])
    expect(await stateOf(row)).toMatchObject({ state: 'failed', failed_because: 'the channel is gone' })
  })

  test('is looked for first when the outcome of an earlier attempt is unknown', async () => {
    const { row } = await queue('one')
    platform.fates = ['silent']
    await expect(deliver()).rejects.toThrow('the process died')
    const { attempted_at: begun } = await stateOf(row)
    // Its lease is still valid by the database's clock.
    await deliver()
    expect(platform.posts).toHaveLength(1)
    await postingEnds()
    const seen: Post[] = []
    const post = platform.post.bind(platform)
    platform.post = (one) => {
      seen.push(one)
      return post(one)
    }
    await deliver()
    expect(seen).toMatchObject([{ attemptedAt: begun }])
    expect(platform.texts).toEqual(['one'])
  })
})

describe('what a door has to say itself', () => {
  test('is left to it for half a minute, and holds back what comes after', async () => {
    const { row } = await queue('an answer', 'door')
    await queue('progress')
    // The times follow the database's clock, which the test does not set.
    const { againInMs } = await deliver()
    expect(againInMs).toBeGreaterThan(20_000)
    expect(againInMs).toBeLessThanOrEqual(30_000)
    expect(platform.texts).toEqual([])
    await desk.desk.delivered(row, { message: 'm-1', place: { door: 'slack', workspace: 'T1', channel: 'C1' } })
    await deliver()
    expect(platform.texts).toEqual(['progress'])
  })

  test('is posted by the outbox when the door dies before it posts', async () => {
    const { row } = await queue('an answer', 'door')
    await leaseEnds(row)
    await deliver()
    expect(platform.posts).toMatchObject([{ reply: { text: 'an answer' }, attemptedAt: expect.any(Date) }])
  })

  test('is posted by the outbox at once when the door says that it could not', async () => {
    const { row } = await queue('an answer', 'door')
    await desk.desk.undelivered(row)
    await deliver()
    expect(platform.posts).toMatchObject([{ reply: { text: 'an answer' }, attemptedAt: expect.any(Date) }])
    await desk.desk.undelivered(row)
    await deliver()
    expect(platform.posts).toHaveLength(1)
  })
})

describe('the message that announced scaleouts of several', () => {
  test('is said anew in a line where it cannot be edited, only as it is now, and not beside the total', async ({
    alice,
  }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('long AAPL 2 @ 190')
    await alice.say('scaleout all fast')
    const to = await conversationOf(alice.thread)
    const printer: Poster = { door: 'slack', post: (post) => platform.post(post) }
    const print = createDelivery(desk.desk.parts, printer)
    await runNextChunk(desk, clock)
    await print(to)
    expect(platform.texts).toEqual([expect.stringMatching(/^🔄 (BYND 1\/2 · AAPL 0\/2|BYND 0\/2 · AAPL 1\/2) · P&L /)])
    await print(to)
    expect(platform.texts).toHaveLength(1)
    await runNextChunk(desk, clock)
    await runNextChunk(desk, clock)
    await print(to)
    expect(platform.texts.slice(1)).toEqual([
      expect.stringMatching(/^🔄 (BYND 2\/2 ✓ · AAPL 1\/2|BYND 1\/2 · AAPL 2\/2 ✓) · P&L /),
    ])
    await runNextChunk(desk, clock)
    await print(to)
    expect(platform.texts.slice(2)).toEqual([expect.stringMatching(/^🎉 SCALEOUT COMPLETE - 2 positions/)])
  })
})

describe('the message that announced a scaleout', () => {
  test('of one position is not said anew where it cannot be edited: its fills are', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast')
    await runToTheEnd(desk, clock)
    await createDelivery(desk.desk.parts, { door: 'slack', post: (post) => platform.post(post) })(
      await conversationOf(alice.thread),
    )
    expect(platform.texts.map((text) => text.split('\n')[0]!.split(':')[0])).toEqual([
      '✓ Chunk 1/2',
      '🎉 SCALEOUT COMPLETE - BYND',
    ])
  })

  test('is kept up to date with a bar, and an edit that a later one overtakes is skipped', async ({ alice }) => {
    await alice.say('long BYND 3 @ 1')
    await alice.say('scaleout fast')
    const to = await conversationOf(alice.thread)
    await runNextChunk(desk, clock)
    await deliver(to)
    expect(platform.edits.map(({ text }) => text.split('\n').at(-2))).toEqual(['▰▱▱ 1/3'])
    await runNextChunk(desk, clock)
    await runNextChunk(desk, clock)
    await deliver(to)
    expect(platform.edits.map(({ text }) => text.split('\n').at(-2))).toEqual(['▰▱▱ 1/3', '▰▰▰ 3/3 COMPLETE'])
    expect(platform.edits.at(-1)!.text).toMatch(/^🔄 SCALEOUT INITIATED - BYND\nMode: FAST[\s\S]*\n· person\d+$/)
  })

  test('is not worth more than four attempts, and never keeps a fill from being told', async ({ alice }) => {
    await alice.say('long BYND 1 @ 1')
    await alice.say('scaleout fast')
    const to = await conversationOf(alice.thread)
    await runToTheEnd(desk, clock)
    const busy = () => new PostFailed('later', 'busy')
    platform.fates = [undefined, busy(), busy(), busy(), busy()]
    for (let tries = 0; tries < 4; tries++) clock.advance((await deliver(to)).againInMs ?? 0)
    expect(platform.texts).toHaveLength(1)
    expect(platform.edits).toEqual([])
    expect((await deliver(to)).againInMs).toBeUndefined()
  })

  test('waits as often as the platform asks for a pause, which is no attempt', async ({ alice }) => {
    await alice.say('long BYND 1 @ 1')
    await alice.say('scaleout fast')
    const to = await conversationOf(alice.thread)
    await runToTheEnd(desk, clock)
    const limited = () => new PostFailed('later', 'too fast', { retryAfterMs: 1000, reach: 'channel' })
    platform.fates = [undefined, ...Array.from({ length: 9 }, limited)]
    for (let tries = 0; tries < 9; tries++) clock.advance((await deliver(to)).againInMs ?? 0)
    expect(platform.edits).toEqual([])
    expect((await deliver(to)).againInMs).toBeUndefined()
    expect(platform.edits).toHaveLength(1)
  })

  test('is posted anew once when somebody deletes it, and not a second time', async ({ alice }) => {
    await alice.say('long BYND 4 @ 1')
    await alice.say('scaleout fast')
    const to = await conversationOf(alice.thread)
    const deleted = () => new PostFailed('deleted', 'unknown message')
    const step = async (fates: Platform['fates']) => {
      await runNextChunk(desk, clock)
      platform.fates = fates
      await deliver(to)
    }
    const announcements = () => platform.texts.filter((text) => text.startsWith('🔄'))
    await step([undefined, deleted()])
    expect(announcements()).toEqual([expect.stringMatching(/^🔄 SCALEOUT INITIATED - BYND\n[\s\S]*▰▱▱▱ 1\/4/)])
    await step([])
    const [again] = platform.posts.filter(({ reply }) => reply.text.startsWith('🔄'))
    expect(platform.edits.map(({ message }) => message)).toEqual([`m-${again!.key}`])
    await step([undefined, deleted()])
    await step([undefined, deleted()])
    expect(announcements()).toHaveLength(1)
  })

  test('that opened a thread takes the rest of the scaleout, and its symbol, there', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('quote AAPL')
    const [announced] = await desk.desk.hear({
      kind: 'message',
      id: `in-channel-${alice.thread}`,
      author: { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name },
      place: { door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread },
      text: 'scaleout BYND fast',
      addressed: true,
    })
    const opened: Place = { door: 'slack', workspace: 'T1', channel: 'C1', thread: `${alice.thread}-opened` }
    await desk.desk.delivered(announced!.row!, { message: 'm-1', place: opened })
    await runToTheEnd(desk, clock)
    await deliver(await conversationOf(alice.thread))
    expect(platform.texts).toEqual([])
    await deliver(await conversationOf(opened.thread!))
    expect(platform.texts.map((text) => text.split(':')[0]!.split('\n')[0])).toEqual([
      '✓ Chunk 1/2',
      '🎉 SCALEOUT COMPLETE - BYND',
    ])
    expect(platform.posts.map(({ place }) => place)).toEqual([opened, opened])
    expect(await alice.in(opened.thread!).say('quote')).toContain('💵 BYND')
  })
})
