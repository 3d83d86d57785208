import { expect, test } from 'vitest'
import { type Post, type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { editRow } from '../../../src/trading/events/rows/replies.ts'
import fc from '../../support/fast-check.ts'
import { openScene, type Scene } from './scene.ts'

const minute = 60_000
const thread = (name: string): Place => ({ door: 'slack', workspace: 'T1', channel: 'C1', thread: name })

/** A platform that posts each key once, as doors do. On request the process dies after a post and before it is recorded. */
function keeping(): Poster & { posts: Post[]; edits: string[]; diesAfter?: number } {
  const posts: Post[] = []
  const edits: string[] = []
  return {
    door: 'slack',
    pace: { everyMs: 1, burst: 1000 },
    posts,
    edits,
    async post(post) {
      if (!posts.some(({ key }) => key === post.key)) posts.push(post)
      if (posts.length === this.diesAfter) {
        this.diesAfter = undefined
        throw new Error('the process died')
      }
      return { message: `m-${post.key}`, place: post.place }
    },
    async edit({ message }, { text }) {
      edits.push(`${message}: ${text}`)
    },
  }
}

const textsOf = ({ posts }: { posts: Post[] }) => posts.map(({ reply }) => reply.text)

/** Lets the lease of a dead poster run out. */
const expire = ({ desk }: Scene) =>
  desk.desk.parts.db
    .updateTable('conversations')
    .set({ posting_until: new Date(0) })
    .execute()

test('ten messages that waited are told one by one, eleven in one table with a line and a time for each', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const platform = keeping()
  for (let index = 0; index < 10; index++) await scene.queue(alice, `message ${index}`, 5 * minute)
  await scene.deliver(platform, alice.conversationId)
  expect(textsOf(platform)).toEqual(Array.from({ length: 10 }, (_, index) => `message ${index}`))
  platform.posts.length = 0
  for (let index = 0; index < 11; index++) await scene.queue(alice, `✓ Chunk ${index}\nP&L: $+1\n💡 advice`, 5 * minute)
  await scene.deliver(platform, alice.conversationId)
  expect(textsOf(platform)).toHaveLength(1)
  const [heading, ...lines] = textsOf(platform)[0]!.split('\n')
  expect(heading).toMatch(/^📋 11 MESSAGES THAT WAITED · 20\d\d-.* to 20\d\d-/)
  expect(lines).toEqual(
    Array.from({ length: 11 }, (_, index) =>
      expect.stringMatching(new RegExp(`^\\d\\d:\\d\\d:\\d\\d · ✓ Chunk ${index} · P&L: \\$\\+1$`)),
    ),
  )
  expect((await scene.rows(alice.conversationId)).filter(({ state }) => state !== 'posted')).toEqual([])
})

test('messages of the last seconds are no backlog, however many there are', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const platform = keeping()
  for (let index = 0; index < 15; index++) await scene.queue(alice, `message ${index}`)
  await scene.deliver(platform, alice.conversationId)
  expect(platform.posts).toHaveLength(15)
})

test('where a platform sets no pace there are no tables', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const platform = { ...keeping(), pace: undefined }
  for (let index = 0; index < 20; index++) await scene.queue(alice, `message ${index}`, 5 * minute)
  await scene.deliver(platform, alice.conversationId)
  expect(textsOf(platform)).toEqual(Array.from({ length: 20 }, (_, index) => `message ${index}`))
})

test('the newest come first, what is urgent stays alone before all, and what asks stays a message of its own', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const { db } = scene.desk.desk.parts
  for (let index = 0; index < 100; index++) await scene.queue(alice, `message ${index} ${'.'.repeat(60)}`, 5 * minute)
  const question = await scene.queue(alice, 'a question', 5 * minute)
  const asks = { text: 'a question', question: { id: 'q', name: 'q', kind: 'choice', title: 'q', choices: [] } }
  await db
    .updateTable('replies')
    .set({ body: JSON.stringify(asks) })
    .where('id', '=', question)
    .execute()
  await scene.queue({ ...alice, urgent: true }, '🛑 STOP HIT', 5 * minute)
  const platform = keeping()
  await scene.deliver(platform, alice.conversationId)
  const [urgent, asked, newest, ...older] = textsOf(platform)
  expect([urgent, asked]).toEqual(['🛑 STOP HIT', 'a question'])
  expect(newest).toContain('message 99 ')
  expect(newest).toContain('💡 Older ones follow')
  expect(older.at(-1)).toContain('message 0 ')
  expect(older.length).toBeLessThan(12)
  expect(Math.max(...textsOf(platform).map((text) => text.length))).toBeLessThan(1500)
})

test('alerts of positions that have ended are left out, and noted so', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const { db } = scene.desk.desk.parts
  const position = (closedAt: Date | null) =>
    db
      .insertInto('positions')
      .values({
        account_id: alice.accountId,
        symbol: closedAt ? 'GONE' : 'BYND',
        signed_quantity: closedAt ? '0' : '1',
        open_cost: closedAt ? '0' : '1',
        conversation_id: alice.conversationId,
        opened_at: new Date(),
        closed_at: closedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  const [ended, open] = [await position(new Date()), await position(null)]
  for (let index = 0; index < 6; index++)
    await scene.queue({ ...alice, positionId: ended.id }, `ended ${index}`, minute)
  for (let index = 0; index < 12; index++) await scene.queue({ ...alice, positionId: open.id }, `open ${index}`, minute)
  const platform = keeping()
  await scene.deliver(platform, alice.conversationId)
  const [table, ...more] = textsOf(platform)
  expect(more).toEqual([])
  expect(table).toContain('open 11')
  expect(table).not.toContain('ended 0')
  expect(table).toContain('6 alerts of positions that have ended since are left out')
  const states = Map.groupBy(await scene.rows(alice.conversationId), ({ state }) => state)
  expect([...states].map(([state, rows]) => [state, rows.length])).toEqual([
    ['left_out', 6],
    ['posted', 13],
  ])
})

test('every message is told exactly once, wherever a process dies between a post and its note', async () => {
  const scene = await openScene()
  let threads = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ urgent: fc.boolean(), isLong: fc.boolean() }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      async (messages, diesAfter) => {
        const alice = await scene.member('slack:T1:ALICE', thread(`property-${++threads}`))
        for (const [index, { urgent, isLong }] of messages.entries()) {
          await scene.queue({ ...alice, urgent }, `message <${index}>${isLong ? '.'.repeat(400) : ''}`, minute)
        }
        const platform = keeping()
        platform.diesAfter = diesAfter
        await scene.deliver(platform, alice.conversationId).catch(() => expire(scene))
        await scene.deliver(platform, alice.conversationId)
        const told = textsOf(platform).flatMap((text) =>
          [...text.matchAll(/<(\d+)>/g)].map(([, index]) => Number(index)),
        )
        expect(told.toSorted((a, b) => a - b)).toEqual(messages.map((_, index) => index))
        expect((await scene.rows(alice.conversationId)).filter(({ state }) => state !== 'posted')).toEqual([])
      },
    ),
    { numRuns: 25 },
  )
})

test('a message in a table is brought up to date by one of its own, and then by edits of that', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  const { db } = scene.desk.desk.parts
  const first = await scene.queue(alice, '⚠️ ALERT', minute)
  for (let index = 0; index < 11; index++) await scene.queue(alice, `message ${index}`, minute)
  const edit = (text: string) =>
    db
      .insertInto('replies')
      .values(editRow(alice, first, { text }))
      .execute()
  await edit('⚠️ ALERT ×2')
  const platform = keeping()
  await scene.deliver(platform, alice.conversationId)
  expect(textsOf(platform)).toEqual([expect.stringContaining('⚠️ ALERT ×2')])
  await edit('⚠️ ALERT ×3')
  await scene.deliver(platform, alice.conversationId)
  await edit('⚠️ ALERT ×4')
  await scene.deliver(platform, alice.conversationId)
  expect(textsOf(platform).slice(1)).toEqual(['⚠️ ALERT ×3'])
  expect(platform.edits).toEqual([expect.stringMatching(/: ⚠️ ALERT ×4$/)])
})

test('the rows of a table are given up with it', async () => {
  const scene = await openScene()
  const alice = await scene.member('slack:T1:ALICE', thread('1'))
  for (let index = 0; index < 12; index++) await scene.queue(alice, `message ${index}`, minute)
  const gone: Poster = {
    door: 'slack',
    pace: { everyMs: 1, burst: 1000 },
    post: () => Promise.reject(new PostFailed('never', 'the channel is gone')),
  }
  await scene.deliver(gone, alice.conversationId)
  const rows = await scene.rows(alice.conversationId)
  expect(rows).toHaveLength(13)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['failed']))
})
