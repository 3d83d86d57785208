import { expect, test } from 'vitest'
import { render } from '../../../bots/discord/render.ts'
import type { Door, Post } from '../../../src/talk/chat/door.ts'
import { PostFailed } from '../../../src/talk/chat/door.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { openScene, placeOf, type Scene, shown, until } from './opened.ts'

type Opened = Scene & { door: Door }

const chunk = { text: '✓ Chunk 1/8: Sold 468 @ $1.01\nP&L: $+177.84 | Remaining: 3,282 | Total P&L: $+177.84' }

/** Posts into the thread. */
const post = ({ door, server }: Opened, reply: Reply, traits: Partial<Post> = {}) =>
  door.poster.post({ key: 'reply-17', place: placeOf(server.thread), reply, ...traits })

const texts = ({ server }: Opened) => server.said().map(({ content }) => shown(content))

async function failure(attempt: Promise<unknown>): Promise<PostFailed> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PostFailed)
  return error as PostFailed
}

test('posts the reply of a job, and returns its address', async () => {
  const set = await openScene()
  const posted = await post(set, chunk)
  const [message] = set.server.said()
  expect(posted).toEqual({ message: message?.id, place: placeOf(set.server.thread) })
  expect(texts(set)).toEqual([chunk.text])
})

test('posts once for one key, however many attempts there are', async () => {
  const set = await openScene()
  const long = { text: Array.from({ length: 300 }, (_, at) => `line ${at} ${'.'.repeat(20)}`).join('\n') }
  const first = await post(set, long)
  const parts = texts(set)
  expect(await post(set, long, { attemptedAt: new Date() })).toEqual(first)
  expect(texts(set)).toEqual(parts)
  expect(parts.join('\n')).toBe(long.text)
  expect(new Set(set.server.said().map(({ nonce }) => nonce)).size).toBe(parts.length)
})

test('posts another text and in another place although the key is the same: a new database begins to count anew', async () => {
  const set = await openScene()
  await post(set, { text: 'one' })
  await post(set, { text: 'two' })
  await post(set, { text: 'two' }, { place: placeOf(set.server.channel) })
  expect(texts(set)).toEqual(['one', 'two', 'two'])
})

test('makes one message of a reply that the door posted but could not note, and that the outbox posts again', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  const reply = { text: 'BYND *begun*', row: 17 }
  desk.answer = () => [reply]
  server.people.say(alice, server.thread, 'scaleout fast')
  await until(() => expect(desk.told).toHaveLength(1))
  await post(set, reply, { key: 'r17' })
  expect(texts(set)).toEqual([reply.text])
})

test('finds what an earlier attempt posted when Discord no longer knows the nonce', async () => {
  const set = await openScene()
  set.desk.answer = () => []
  const long = { text: Array.from({ length: 300 }, (_, at) => `*line* ${at} ${'.'.repeat(20)}`).join('\n') }
  const attemptedAt = new Date(Date.now() - 60_000)
  for (let more = 0; more < 120; more += 1) set.server.people.say(set.alice, set.server.thread, `chatter ${more}`)
  const first = await post(set, long)
  const parts = texts(set)
  set.server.forgetNonces()
  expect(await post(set, long, { attemptedAt })).toEqual(first)
  expect(texts(set)).toEqual(parts)
})

test('finds the answer to a slash command that the door posted but could not note', async () => {
  const set = await openScene()
  const { server, alice, desk } = set
  const reply = { text: 'BYND *begun*', row: 17 }
  desk.answer = () => [reply]
  const used = server.people.slash(alice, server.thread, ['trade', 'help'])
  await until(() => expect(desk.told).toHaveLength(1))
  const posted = await post(set, reply, { attemptedAt: new Date(Date.now() - 30_000) })
  expect(posted.message).toBe(used.original)
  expect(texts(set)).toEqual([reply.text])
})

test('posts only the parts that an earlier attempt did not', async () => {
  const set = await openScene()
  const long = { text: Array.from({ length: 300 }, (_, at) => `line ${at} ${'.'.repeat(20)}`).join('\n') }
  await post(set, long)
  const parts = texts(set)
  for (const message of set.server.said().slice(1)) message.deleted = true
  set.server.forgetNonces()
  await post(set, long, { attemptedAt: new Date(Date.now() - 60_000) })
  expect(texts(set)).toEqual(parts)
})

test('is not misled by the same words from another author, or from an hour ago', async () => {
  const set = await openScene()
  set.desk.answer = () => []
  set.server.people.say(set.alice, set.server.thread, 'tick')
  await post(set, { text: 'tick' }, { key: 'reply-1' })
  const [old] = set.server.said()
  old!.id = String(BigInt(old!.id) - (3_600_000n << 22n))
  set.server.forgetNonces()
  await post(set, { text: 'tick' }, { key: 'reply-2', attemptedAt: new Date(Date.now() - 60_000) })
  expect(texts(set)).toEqual(['tick', 'tick'])
})

test('opens a thread in a channel, and finds it again on a second attempt', async () => {
  const set = await openScene()
  const { server } = set
  const place = placeOf(server.channel)
  const first = await post(set, { ...chunk, thread: 'Scaleout BYND' }, { place })
  expect(first.place.channel).toBe(first.message)
  expect(await post(set, { ...chunk, thread: 'Scaleout BYND' }, { place, attemptedAt: new Date() })).toEqual(first)
  expect((await post(set, { ...chunk, thread: 'Scaleout BYND' })).place).toEqual(placeOf(server.thread))
})

test('edits its message, also one with a thread', async () => {
  const set = await openScene()
  const { server, door } = set
  await door.poster.edit?.(await post(set, { text: '▱▱▱ 0/3' }), { text: '▰▱▱ 1/3' })
  const started = await post(set, { text: 'begun', thread: 'T' }, { key: 'reply-2', place: placeOf(server.channel) })
  await door.poster.edit?.(started, { text: '*done* @everyone' })
  expect(texts(set)).toEqual(['▰▱▱ 1/3', '*done* @everyone'])
  expect(server.said().flatMap(({ pings }) => pings)).toEqual([])
  expect(await failure(door.poster.edit!(started, { text: 'x'.repeat(2001) }))).toMatchObject({ kind: 'never' })
})

test('shows a tone as a strip below the whole text, and an edit keeps it or takes it away', async () => {
  const set = await openScene()
  const { server, door } = set
  const posted = await post(set, { ...chunk, tone: 'gain' })
  const looks = () => server.said().map(({ flags, embeds }) => ({ flags, embeds }))
  const green = { flags: 0, embeds: [{ color: 0x2e9e5b, description: 'Gain' }] }
  expect(texts(set)).toEqual([chunk.text])
  expect(looks()).toEqual([green])
  await door.poster.edit?.(posted, { text: '⚠️ STOP APPROACHING ×2', tone: 'warning' })
  expect(looks()).toEqual([{ flags: 0, embeds: [{ color: 0xe0a30b, description: 'Warning' }] }])
  await door.poster.edit?.(posted, { text: 'over' })
  expect(looks()).toEqual([{ flags: 4, embeds: [] }])
})

test('finds a message with a strip after a crash, and posts it once', async () => {
  const set = await openScene()
  const reply = { ...chunk, tone: 'loss' as const }
  const first = await post(set, reply)
  set.server.state.nonces.clear()
  expect(await post(set, reply, { attemptedAt: new Date(Date.now() - 60_000) })).toEqual(first)
  expect(texts(set)).toEqual([chunk.text])
})

test('posts the text without its strip where the desk may not embed', async () => {
  const set = await openScene()
  set.server.thread.denied.add('embeds')
  const posted = await post(set, { ...chunk, tone: 'loss' })
  await set.door.poster.edit?.(posted, { text: 'over', tone: 'loss' })
  expect(set.server.said().map(({ content, embeds }) => [content, embeds])).toEqual([['over', []]])
})

test('shows no strip below a link, of which Discord would make a preview', () => {
  const [body] = render({ text: 'see https://example.com', tone: 'loss' })
  expect(body).toMatchObject({ flags: 4, embeds: [] })
  const parts = render({ text: 'line\n'.repeat(1000), tone: 'loss' })
  expect(parts.map(({ embeds }) => embeds?.length ?? 0)).toEqual([...parts.slice(1).map(() => 0), 1])
})

test('says of an edit that somebody deleted the message', async () => {
  const set = await openScene()
  const posted = await post(set, { text: '▱▱▱ 0/3' })
  set.server.said()[0]!.deleted = true
  expect(await failure(set.door.poster.edit!(posted, { text: '▰▱▱ 1/3' }))).toMatchObject({ kind: 'deleted' })
})

test('edits a message that answered a slash command', async () => {
  const set = await openScene()
  const { server, alice, desk, door } = set
  desk.answer = () => [{ text: 'begun', row: 4 }]
  server.people.slash(alice, server.thread, ['trade', 'help'])
  await until(() => expect(desk.told).toHaveLength(1))
  const { posted } = desk.told[0]!
  if (posted !== 'undelivered') await door.poster.edit?.(posted, { text: 'done' })
  expect(texts(set)).toEqual(['done'])
})

test('gives up when the place is gone or closed', async () => {
  const set = await openScene()
  const { server, door } = set
  const gone = { ...placeOf(server.thread), channel: '1400000000000000000' }
  expect(await failure(post(set, chunk, { place: gone }))).toMatchObject({ kind: 'never' })
  expect(
    await failure(door.poster.edit!({ message: '1400000000000000001', place: gone }, { text: 'x' })),
  ).toMatchObject({
    kind: 'never',
  })
  server.thread.denied.add('send')
  expect(await failure(post(set, chunk))).toMatchObject({ kind: 'never' })
  server.thread.denied.add('view')
  const closed = await failure(post(set, chunk))
  expect(closed.message).toBe('Discord answered 403 (50001): Missing Access')
})

test('asks for another attempt when Discord fails, cannot be reached or wants a long pause', async () => {
  const set = await openScene()
  const { server } = set
  server.fail({ with: 500, times: 4, path: /messages/ })
  expect(await failure(post(set, chunk))).toMatchObject({ kind: 'later', message: 'Discord answered 500' })
  server.fail({ with: 'refused', times: 99, path: /messages/ })
  expect(await failure(post(set, chunk))).toMatchObject({ kind: 'later' })
  server.state.faults.length = 0
  server.fail({ with: 429, times: 1, path: /messages/, retryAfterSeconds: 600 })
  const limited = await failure(post(set, chunk))
  expect(limited.kind).toBe('later')
  expect(limited.retryAfterMs).toBeGreaterThanOrEqual(600_000)
})

test('posts once when the connection breaks after the message was taken', async () => {
  const set = await openScene()
  set.server.fail({ with: 'lost', times: 1, path: /messages/ })
  const posted = await post(set, chunk)
  expect(set.server.said().map(({ id }) => id)).toEqual([posted.message])
})

test('waits out a short 429', async () => {
  const set = await openScene()
  set.server.fail({ with: 429, times: 1, path: /messages/, retryAfterSeconds: 0.05 })
  await post(set, chunk)
  expect(texts(set)).toEqual([chunk.text])
})

test('goes on posting after Discord has refused the token once', async () => {
  const set = await openScene()
  const { state } = set.server
  const { token } = state
  state.token = 'another'
  await expect(post(set, chunk)).rejects.toMatchObject({ kind: 'later' })
  state.token = token
  await post(set, chunk)
  expect(texts(set)).toEqual([chunk.text])
})

test('does not post a private reply in a channel', async () => {
  const set = await openScene()
  await expect(post(set, { ...chunk, private: true })).rejects.toMatchObject({ kind: 'never' })
  expect(texts(set)).toEqual([])
})
