import { expect, test } from 'vitest'
import { type Post, type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { buttonsOf, readableText } from '../../platforms/slack-blocks.ts'
import { type OpenDoor, openDoor } from './slack-door.ts'

/** A poster and a thread for its posts. */
async function posting() {
  const opened = await openDoor('socket')
  const poster = opened.door.poster as Required<Poster>
  const place: Place = { door: 'slack', workspace: 'T0DESK', channel: opened.channel.id, thread: opened.thread() }
  return { ...opened, poster, place }
}

async function failure(posting: Promise<unknown>): Promise<PostFailed> {
  const error = await posting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PostFailed)
  return error as PostFailed
}

const methods = (opened: OpenDoor) => opened.slack.calls.map((call) => call.method)
const ago = (ms: number) => new Date(Date.now() - ms)

test('a post returns its address, and carries its key for later', async () => {
  const { poster, place, posted } = await posting()
  const out = await poster.post({ key: 'reply-12', place, reply: { text: '✓ Chunk 1/8' } })
  const [message] = posted()
  expect(out).toEqual({ message: message!.ts, place })
  expect(message!.metadata).toEqual({ event_type: 'deskhand_reply', event_payload: { key: 'reply-12', part: 0 } })
})

test('a first attempt does not look for an earlier one', async () => {
  const opened = await posting()
  await opened.poster.post({ key: 'k', place: opened.place, reply: { text: 'a' } })
  expect(methods(opened)).not.toContain('conversations.replies')
})

test('an attempt with an unknown outcome is found in the thread and not repeated', async () => {
  const { poster, place, texts } = await posting()
  const reply = { text: '✓ Chunk 1/8' }
  const begun = new Date()
  const first = await poster.post({ key: 'k1', place, reply })
  await poster.post({ key: 'k2', place, reply: { text: 'another' } })
  expect(await poster.post({ key: 'k1', place, reply, attemptedAt: begun })).toEqual(first)
  expect(texts()).toEqual(['✓ Chunk 1/8', 'another'])
})

test('an attempt that never arrived is made again', async () => {
  const { poster, place, texts } = await posting()
  await poster.post({ key: 'k1', place, reply: { text: 'a' }, attemptedAt: ago(60_000) })
  expect(texts()).toEqual(['a'])
})

test('an earlier attempt is found in a direct message and in a channel, too', async () => {
  const { poster, channel, direct, texts } = await posting()
  for (const where of [channel, direct]) {
    const place: Place = { door: 'slack', workspace: 'T0DESK', channel: where.id }
    const first = await poster.post({ key: 'k1', place, reply: { text: 'a' } })
    expect(await poster.post({ key: 'k1', place, reply: { text: 'a' }, attemptedAt: ago(1000) })).toEqual(first)
    expect(texts(where)).toEqual(['a'])
  }
})

test('an earlier attempt is found behind hundreds of other messages', async () => {
  const opened = await posting()
  const { slack, poster, place, alice, texts } = opened
  const begun = new Date()
  for (let index = 0; index < 450; index += 1) {
    const ts = slack.world.nextTs()
    slack.world.messages.push({
      type: 'message',
      ts,
      channel: place.channel,
      user: alice,
      text: 'x',
      thread_ts: place.thread,
    })
  }
  await poster.post({ key: 'k1', place, reply: { text: 'a' } })
  await poster.post({ key: 'k1', place, reply: { text: 'a' }, attemptedAt: begun })
  expect(texts()).toEqual(['a'])
  expect(methods(opened).filter((method) => method === 'conversations.replies')).toHaveLength(3)
})

test('somebody else’s message with the same metadata is not taken for the desk’s', async () => {
  const { slack, poster, place, texts } = await posting()
  slack.world.messages.push({
    type: 'message',
    ts: slack.world.nextTs(),
    channel: place.channel,
    user: 'U0OTHER',
    bot_id: 'B0OTHER',
    text: 'forged',
    thread_ts: place.thread,
    metadata: { event_type: 'deskhand_reply', event_payload: { key: 'k1', part: 0 } },
  })
  await poster.post({ key: 'k1', place, reply: { text: 'real' }, attemptedAt: ago(1000) })
  expect(texts()).toEqual(['real'])
})

test('a long text with only its first part posted is completed', async () => {
  const { slack, poster, place, texts } = await posting()
  const text = Array.from({ length: 300 }, (_, index) => `line ${index} of a long text`).join('\n')
  const post: Post = { key: 'k1', place, reply: { text } }
  slack.fail('chat.postMessage', 'none', { status: 429, retryAfter: 1 })
  expect((await failure(poster.post(post))).kind).toBe('later')
  expect(texts()).toHaveLength(1)
  await poster.post(post)
  expect(texts().join('\n')).toBe(text)
})

test('after a broken connection the poster looks for the post, even if the outbox names no attempt', async () => {
  const { slack, poster, place, texts } = await posting()
  slack.fail('chat.postMessage', 'dropped')
  const failed = await failure(poster.post({ key: 'k1', place, reply: { text: 'a' } }))
  expect(failed).toMatchObject({ kind: 'later', retryAfterMs: 2000 })
  await poster.post({ key: 'k1', place, reply: { text: 'a' } })
  expect(texts()).toEqual(['a'])
})

test('a thread that an earlier attempt began is found, with its parts', async () => {
  const { poster, channel, posted } = await posting()
  const place: Place = { door: 'slack', workspace: 'T0DESK', channel: channel.id }
  const text = Array.from({ length: 300 }, (_, index) => `line ${index} of a long text`).join('\n')
  const reply = { text, thread: 'BYND' }
  const first = await poster.post({ key: 'k1', place, reply })
  expect(first.place.thread).toBe(posted()[0]!.ts)
  expect(await poster.post({ key: 'k1', place, reply, attemptedAt: ago(1000) })).toEqual(first)
  expect(posted().map((message) => message.thread_ts)).toEqual([undefined, posted()[0]!.ts, posted()[0]!.ts])
})

test.each([
  [{ status: 429, retryAfter: 7 }, 'later', 7000],
  [{ status: 429 }, 'later', 2000],
  [{ status: 500 }, 'later', 2000],
  [{ status: 503 }, 'later', 2000],
  ['lost', 'later', 2000],
  [{ error: 'internal_error' }, 'later', 2000],
  [{ error: 'token_revoked' }, 'later', 60_000],
  [{ error: 'channel_not_found' }, 'never', 0],
  [{ error: 'is_archived' }, 'never', 0],
  [{ error: 'not_in_channel' }, 'never', 0],
  [{ error: 'thread_not_found' }, 'never', 0],
  [{ error: 'restricted_action' }, 'never', 0],
  [{ error: 'invalid_blocks' }, 'never', 0],
] as const)('a post that ends with %j is to be tried %s, after %i ms', async (what, kind, retryAfterMs) => {
  const { slack, poster, place } = await posting()
  slack.fail('chat.postMessage', what)
  const failed = await failure(poster.post({ key: 'k1', place, reply: { text: 'a' } }))
  expect(failed).toMatchObject({ kind, retryAfterMs })
  slack.fail('chat.update', what)
  const posted = await poster.post({ key: 'k2', place, reply: { text: 'a' } })
  expect(await failure(poster.edit(posted, { text: 'b' }))).toMatchObject({ kind, retryAfterMs })
})

test('a private reply without a recipient is not posted to all', async () => {
  const { poster, place, texts } = await posting()
  const failed = await failure(poster.post({ key: 'k1', place, reply: { text: 'secret', private: true } }))
  expect(failed.kind).toBe('never')
  expect(texts()).toEqual([])
})

test('an edit replaces the text and keeps the key', async () => {
  const { poster, place, posted } = await posting()
  const out = await poster.post({ key: 'k1', place, reply: { text: '▱▱▱ 0/3' } })
  await poster.edit(out, { text: '▰▱▱ 1/3 <!channel>' })
  expect(posted().map(readableText)).toEqual(['▰▱▱ 1/3 <!channel>'])
  expect(posted()[0]!.text).toContain('&lt;!channel&gt;')
  expect(posted()[0]!.metadata!.event_payload.key).toBe('k1')
})

test('a tone is a strip below the whole text, and an edit keeps it or takes it away', async () => {
  const { poster, place, posted, texts } = await posting()
  const out = await poster.post({ key: 'k1', place, reply: { text: 'STOP HIT\nP&L: $-2.80', tone: 'critical' } })
  expect(texts()).toEqual(['STOP HIT\nP&L: $-2.80'])
  expect(posted()[0]).toMatchObject({ text: 'STOP HIT\nP&amp;L: $-2.80' })
  expect(posted()[0]!.attachments).toEqual([{ color: '#b3001b', text: 'Critical', fallback: 'Critical' }])
  await poster.edit(out, { text: 'STOP APPROACHING ×2', tone: 'warning' })
  expect(posted()[0]!.attachments).toEqual([{ color: '#e0a30b', text: 'Warning', fallback: 'Warning' }])
  await poster.edit(out, { text: 'over' })
  expect(posted()[0]!.attachments).toEqual([])
})

test('an edit keeps the buttons, the link and the mention of the message', async () => {
  const { poster, place, posted } = await posting()
  const actions = [[{ label: 'Close BYND', command: 'close', options: { symbol: 'BYND' }, account: 7 }]]
  const link: Place = { door: 'slack', workspace: 'T0DESK', channel: 'C9' }
  const below = { actions, link, ping: 'U0ALICE' }
  const out = await poster.post({ key: 'k1', place, reply: { text: 'ALERT', ...below } })
  const shown = () => posted()[0]!.blocks!.map((block) => (block.type === 'section' ? block.text.text : block))
  const before = shown()
  await poster.edit(out, { text: 'ALERT ×2', ...below })
  expect(shown()).toEqual(before.map((block) => (block === 'ALERT' ? 'ALERT ×2' : block)))
  expect(buttonsOf(posted()[0]!).map(({ label }) => label)).toEqual(['Close BYND'])
  expect(before).toHaveLength(4)
})

test('an edit of a message that somebody deleted says so', async () => {
  const { poster, place } = await posting()
  const out = await poster.post({ key: 'k1', place, reply: { text: 'a' } })
  expect((await failure(poster.edit({ ...out, message: '1.000001' }, { text: 'b' }))).kind).toBe('deleted')
})

test('an edit that is too long for a message is refused, not cut', async () => {
  const { poster, place, texts } = await posting()
  const out = await poster.post({ key: 'k1', place, reply: { text: 'a' } })
  expect((await failure(poster.edit(out, { text: 'x'.repeat(4000) }))).kind).toBe('never')
  expect(texts()).toEqual(['a'])
})
