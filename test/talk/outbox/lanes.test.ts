import { expect, onTestFinished, test } from 'vitest'
import { type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { createLanes, type Lanes } from '../../../src/talk/outbox/lanes.ts'
import { urgentConversations } from '../../../src/talk/outbox/rows.ts'
import { createAllowances } from '../../platforms/slack-allowances.ts'
import { openScene, type Scene } from './scene.ts'

const place = (channel: string, thread: string): Place => ({ door: 'slack', workspace: 'T1', channel, thread })

interface Platform extends Poster {
  texts: string[]
  calls: number
  limited: number
}

/** A fake Slack whose channels have a rate and a burst. */
function limitedSlack(limit: { everyMs: number; burst: number }, pace = limit): Platform {
  const allowances = createAllowances()
  allowances.limit(limit)
  const platform: Platform = {
    door: 'slack',
    pace,
    texts: [],
    calls: 0,
    limited: 0,
    async post({ place, reply, key }) {
      platform.calls += 1
      if (!allowances.take(place.channel)) {
        platform.limited += 1
        throw new PostFailed('later', 'Slack asks for a pause', { retryAfterMs: 4 * limit.everyMs, reach: 'channel' })
      }
      platform.texts.push(reply.text)
      return { message: key, place }
    },
  }
  return platform
}

function lanesOf({ desk }: Scene, poster: Poster): Lanes {
  const { parts } = desk.desk
  const lanes: Lanes = createLanes(parts, poster, createDelivery(parts, poster), (ids) => {
    for (const id of ids) void lanes.wake(id)
  })
  onTestFinished(() => lanes.close())
  return lanes
}

test.each([1, 2])(
  'threads of a channel share its limit, in %i processes: hardly anything is refused, and each thread hears early',
  async (processes) => {
    const scene = await openScene()
    const slack = limitedSlack({ everyMs: 20, burst: 3 })
    const ids: number[] = []
    for (let thread = 0; thread < 20; thread++) {
      const conversationId = await scene.conversation(place('C1', `${thread}`))
      ids.push(conversationId)
      for (let message = 0; message < 4; message++) await scene.queue({ conversationId }, `${thread}-${message}`)
    }
    const all = Array.from({ length: processes }, () => lanesOf(scene, slack))
    for (const lanes of all) for (const id of ids) await lanes.wake(id)
    await expect.poll(() => slack.texts.length).toBe(80)
    expect(slack.limited).toBeLessThanOrEqual(4)
    // Each thread had a turn while the others still had many messages. Two rounds of all threads are 40.
    expect(new Set(slack.texts.slice(0, 50).map((text) => text.split('-')[0])).size).toBe(20)
    for (let thread = 0; thread < 20; thread++) {
      expect(slack.texts.filter((text) => text.startsWith(`${thread}-`))).toEqual(
        [0, 1, 2, 3].map((message) => `${thread}-${message}`),
      )
    }
  },
)

test('a channel that asks for a pause holds up its own threads and no other channel', async () => {
  const scene = await openScene()
  const paused = new Set(['C1'])
  const asked: string[] = []
  const slack: Poster = {
    door: 'slack',
    pace: { everyMs: 1, burst: 100 },
    async post({ place, reply, key }) {
      asked.push(reply.text)
      if (paused.has(place.channel)) {
        throw new PostFailed('later', 'a pause', { retryAfterMs: 600_000, reach: 'channel' })
      }
      return { message: key, place }
    },
  }
  const ids: number[] = []
  for (const channel of ['C1', 'C2']) {
    for (let thread = 0; thread < 10; thread++) {
      const conversationId = await scene.conversation(place(channel, `${thread}`))
      await scene.queue({ conversationId }, `${channel}-${thread}`)
      ids.push(conversationId)
    }
  }
  const lanes = lanesOf(scene, slack)
  for (const id of ids) await lanes.wake(id)
  await expect.poll(() => asked.filter((text) => text.startsWith('C2')).length).toBe(10)
  expect(asked.filter((text) => text.startsWith('C1'))).toHaveLength(1)
})

test('a door that asks for a pause is left alone', async () => {
  const scene = await openScene()
  let calls = 0
  const slack: Poster = {
    door: 'slack',
    pace: { everyMs: 1, burst: 100 },
    async post() {
      calls += 1
      throw new PostFailed('later', 'the token is refused', { retryAfterMs: 600_000, reach: 'door' })
    },
  }
  const lanes = lanesOf(scene, slack)
  const first = await scene.conversation(place('C1', '1'))
  await scene.queue({ conversationId: first }, 'one')
  await lanes.wake(first)
  const { db } = scene.desk.desk.parts
  const isPaused = async () =>
    (await db.selectFrom('posting_limits').select('paused_until').where('key', '=', 'slack').executeTakeFirst())
      ?.paused_until
  await expect.poll(isPaused).toBeInstanceOf(Date)
  for (const channel of ['C2', 'C3', 'C4']) {
    const conversationId = await scene.conversation(place(channel, '1'))
    await scene.queue({ conversationId }, channel)
    await lanes.wake(conversationId)
  }
  await lanes.close()
  expect(calls).toBe(1)
})

test('what is urgent does not wait for turns that a platform does not end', async () => {
  const scene = await openScene()
  const posted: string[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let hanging = 0
  const slack: Poster = {
    door: 'slack',
    pace: { everyMs: 1, burst: 1000 },
    async post({ place, reply, key }) {
      if (reply.text === 'hangs') {
        hanging += 1
        await ended
      }
      posted.push(reply.text)
      return { message: key, place }
    },
  }
  const lanes = lanesOf(scene, slack)
  for (let channel = 0; channel < 40; channel++) {
    const conversationId = await scene.conversation(place(`C${channel}`, '1'))
    await scene.queue({ conversationId }, 'hangs')
    await lanes.wake(conversationId)
  }
  await expect.poll(() => hanging).toBe(20)
  const conversationId = await scene.conversation(place('C-urgent', '1'))
  await scene.queue({ conversationId, urgent: true }, '🛑 STOP HIT')
  await lanes.wake(conversationId, true)
  await expect.poll(() => posted).toEqual(['🛑 STOP HIT'])
  end()
  await expect.poll(() => posted.length).toBe(41)
})

test('what is urgent is posted next, though two thousand conversations wait', async () => {
  const scene = await openScene()
  const { parts } = scene.desk.desk
  const posted: string[] = []
  let isOpen = () => {}
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve
  })
  const slack: Poster = {
    door: 'slack',
    pace: { everyMs: 1, burst: 100_000 },
    async post({ place, reply, key }) {
      await opened
      posted.push(reply.text)
      return { message: key, place }
    },
  }
  const conversations = await parts.db
    .insertInto('conversations')
    .values(
      Array.from({ length: 2000 }, (_, index) => ({
        key: `slack:T1:C${index}:1`,
        place: JSON.stringify(place(`C${index}`, '1')),
      })),
    )
    .returning('id')
    .execute()
  await parts.db
    .insertInto('replies')
    .values(
      conversations.map(({ id }) => ({
        conversation_id: id,
        kind: 'post' as const,
        state: 'queued' as const,
        body: JSON.stringify({ text: `of ${id}` }),
      })),
    )
    .execute()
  const lanes = lanesOf(scene, slack)
  for (const { id } of conversations) await lanes.wake(id)
  const last = conversations.at(-1)!.id
  await scene.queue({ conversationId: last, urgent: true }, '🛑 STOP HIT')
  for (const id of await urgentConversations(parts.db, 'slack', new Date())) await lanes.wake(id, true)
  isOpen()
  await expect.poll(() => posted.includes('🛑 STOP HIT')).toBe(true)
  // Only posts that had begun came before it.
  expect(posted.indexOf('🛑 STOP HIT')).toBeLessThanOrEqual(25)
})
