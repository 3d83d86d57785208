import { expect, test } from 'vitest'
import type { Posted, Reply } from '../../../src/talk/chat/reply.ts'
import { directChannel } from '../../platforms/discord-state.ts'
import { heard, openScene, placeOf, type Scene, said, settled, shown, until } from './opened.ts'

/** Lets the desk answer the next message with these replies. */
function answerWith(set: Scene, ...replies: Reply[]): void {
  set.desk.answer = () => (set.desk.heard.length === 1 ? replies : [])
}

async function told(set: Scene): Promise<{ row: number; posted: Posted | 'undelivered' }> {
  await until(() => expect(set.desk.told).toHaveLength(1))
  return set.desk.told[0]!
}

test('splits a long reply between its lines, cuts nothing, and puts the buttons under the end', async () => {
  const set = await openScene()
  const lines = Array.from({ length: 200 }, (_, at) => `✓ Chunk ${at}/200: Sold 468 @ $1.01 | *so far* so_good`)
  const question = { id: 'q', name: 'n', kind: 'choice' as const, title: 't', choices: [{ value: 'a', label: 'A' }] }
  answerWith(set, { text: lines.join('\n'), question, row: 3 })
  set.server.people.say(set.alice, set.server.thread, 'history')
  const { posted } = await told(set)
  const parts = set.server.said()
  expect(parts.length).toBeGreaterThan(4)
  expect(parts.map(({ content }) => shown(content)).join('\n')).toBe(lines.join('\n'))
  expect(parts.filter(({ components }) => components.length > 0)).toEqual([parts.at(-1)])
  expect(posted).toEqual({ message: parts.at(-1)?.id, place: placeOf(set.server.thread) })
})

test('never pings anybody, whatever the text says', async () => {
  const set = await openScene()
  const { server, alice, bob } = set
  const text = `@everyone @here <@${bob.id}> <@!${bob.id}> <@&${server.state.guild}> <#${server.channel.id}>`
  answerWith(set, { text })
  server.people.say(alice, server.thread, 'pl')
  const [reply] = await said(set, 1)
  expect(reply?.pings).toEqual([])
  expect(shown(reply!.content)).toBe(text)

  set.desk.answer = () => [{ text }, { text, private: true }]
  const used = server.people.slash(alice, server.thread, ['trade', 'help'])
  await said(set, 3)
  expect(server.said().flatMap(({ pings }) => pings)).toEqual([])
  await settled(set)
  expect(used.acknowledged).toBe(5)
})

test('answers a command with `private` to its person alone, from the first placeholder on', async () => {
  const set = await openScene()
  const { server, alice } = set
  set.desk.answer = () => [
    { text: 'one', private: true },
    { text: 'two', private: true },
  ]
  const used = server.people.slash(alice, server.thread, ['trade', 'help'], { private: true })
  const replies = await said(set, 2)
  expect(replies.map(({ content, privateTo }) => [content, privateTo])).toEqual([
    ['one', alice.id],
    ['two', alice.id],
  ])
  expect(used.original).toBe(replies[0]?.id)
  expect(await heard(set, 1)).toMatchObject({ kind: 'command', command: 'help', options: { private: 'true' } })
})

test('sends a private answer to a typed message as a direct message', async () => {
  const set = await openScene()
  const { server, alice } = set
  answerWith(set, { text: 'for you alone', private: true, row: 5 }, { text: 'for all' })
  server.people.say(alice, server.thread, '2')
  await said(set, 2)
  const direct = directChannel(server.state, alice)
  expect(server.said(direct).map(({ content }) => content)).toEqual(['for you alone'])
  expect(server.said(server.thread).map(({ content }) => content)).toEqual(['for all'])
  expect(await told(set)).toMatchObject({ row: 5, posted: { place: placeOf(direct) } })
})

test('tells somebody who takes no direct messages only that there is something for them', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.state.closed.add(alice.id)
  answerWith(set, { text: 'the secret', private: true })
  const message = server.people.say(alice, server.thread, '2')
  const [notice] = await said(set, 1, server.thread)
  expect(notice).toMatchObject({ replyTo: message.id, pings: [] })
  expect(notice?.content).toContain('direct messages')
  expect(notice?.content).not.toContain('secret')
})

test('leaves a direct message that cannot be sent now to the outbox', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 500, times: 4, path: /users/ })
  answerWith(set, { text: 'the secret', private: true, row: 6 })
  server.people.say(alice, server.thread, '2')
  expect(await told(set)).toEqual({ row: 6, posted: 'undelivered' })
  expect(server.said()).toEqual([])
})

test('answers in a direct message with a remedy where it may not write', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.channel.denied.add('send')
  const question = { id: 'q', name: 'n', kind: 'choice' as const, title: 't', choices: [{ value: 'a', label: 'A' }] }
  answerWith(set, { text: 'SOLD', question, row: 4 })
  server.people.say(alice, server.channel, `<@${server.state.bot.id}> close now`)
  const direct = directChannel(server.state, alice)
  expect((await told(set)).posted).toMatchObject({ place: placeOf(direct) })
  const both = () => server.said(direct).map(({ content }) => content)
  expect(server.said(direct)[0]!.components).toEqual([])
  expect(both()).toEqual(['SOLD', expect.stringContaining('may not write')])
  const { posted } = await told(set)
  if (posted !== 'undelivered') await set.door.poster.edit!(posted, { text: 'SOLD in full' })
  expect(both()).toEqual(['SOLD in full', expect.stringContaining('may not write')])
})

test('gives a private answer in the same direct message', async () => {
  const set = await openScene()
  const direct = directChannel(set.server.state, set.alice)
  answerWith(set, { text: 'for you alone', private: true })
  set.server.people.say(set.alice, direct, 'pl')
  expect((await said(set, 1, direct))[0]?.content).toBe('for you alone')
})

test('opens a thread on the reply in a channel, and reports that place', async () => {
  const set = await openScene()
  const { server, alice } = set
  answerWith(set, { text: 'SCALEOUT INITIATED', thread: 'Scaleout BYND', row: 8 })
  server.people.say(alice, server.channel, `<@${server.state.bot.id}> scaleout fast`)
  const { posted } = await told(set)
  const [reply] = server.said(server.channel)
  expect(posted).toEqual({ message: reply?.id, place: { ...placeOf(server.channel), channel: reply?.id } })
  expect(server.state.channels.get(reply!.id)).toMatchObject({
    name: 'Scaleout BYND',
    parent: server.channel.id,
    joined: true,
  })
  server.people.say(alice, server.state.channels.get(reply!.id)!, 'cancel scaleout')
  expect(await heard(set, 2)).toMatchObject({ text: 'cancel scaleout', place: { channel: reply?.id } })
})

test('opens a thread on the answer to a slash command as well', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.answer = () => [{ text: 'SCALEOUT INITIATED', thread: 'x'.repeat(150), row: 8 }]
  const used = server.people.slash(alice, server.channel, ['trade', 'scaleout'], { speed: 'fast' })
  const { posted } = await told(set)
  expect(posted).toEqual({ message: used.original, place: { ...placeOf(server.channel), channel: used.original } })
  expect(server.state.channels.get(used.original!)?.name).toHaveLength(100)
})

test('opens no thread in a thread or in a direct message', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.answer = () => [{ text: 'SCALEOUT INITIATED', thread: 'Scaleout BYND', row: 8 }]
  server.people.say(alice, server.thread, 'scaleout fast')
  server.people.say(alice, directChannel(server.state, alice), 'scaleout fast')
  await until(() => expect(desk.told).toHaveLength(2))
  const places = desk.told.map(({ posted }) => posted !== 'undelivered' && posted.place)
  expect(places).toEqual(expect.arrayContaining([placeOf(server.thread), placeOf(directChannel(server.state, alice))]))
  expect(server.state.requests.some(({ path }) => path.endsWith('/threads'))).toBe(false)
})

test('stays in the channel where it may not open threads', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.channel.denied.add('threads')
  answerWith(set, { text: 'SCALEOUT INITIATED', thread: 'Scaleout BYND', row: 8 })
  server.people.say(alice, server.channel, `<@${server.state.bot.id}> scaleout fast`)
  expect((await told(set)).posted).toMatchObject({ place: placeOf(server.channel) })
})

test('leaves a reply that cannot be posted now to the outbox', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  server.fail({ with: 500, times: 4, method: 'POST', path: /messages/ })
  desk.answer = (inbound) =>
    inbound.kind === 'message' && inbound.text === 'pl' ? [{ text: 'first', row: 1 }] : [{ text: 'next' }]
  server.people.say(alice, server.thread, 'pl')
  expect(await told(set)).toEqual({ row: 1, posted: 'undelivered' })
  server.people.say(alice, server.thread, 'quote')
  expect((await said(set, 1))[0]?.content).toBe('next')
})

test('leaves later replies to the outbox as well, so that the order stays', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  server.fail({ with: 500, times: 4, method: 'POST', path: /messages/ })
  answerWith(set, { text: 'first', row: 1 }, { text: 'second', row: 2 }, { text: 'a look' })
  server.people.say(alice, server.thread, 'close all')
  await said(set, 1)
  expect(server.said().map(({ content }) => content)).toEqual(['a look'])
  expect(desk.told).toEqual([
    { row: 1, posted: 'undelivered' },
    { row: 2, posted: 'undelivered' },
  ])
})

test('says a reply once when the connection breaks after it was taken', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 'lost', times: 2, method: 'POST', path: /messages/ })
  answerWith(set, { text: 'once', row: 1 })
  server.people.say(alice, server.thread, 'pl')
  const { posted } = await told(set)
  const replies = server.said()
  expect(replies.map(({ content }) => content)).toEqual(['once'])
  expect(posted).toMatchObject({ message: replies[0]?.id })
})

test('says it once in answer to a slash command, too', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 'lost', times: 1, method: 'PATCH', path: /original/ })
  answerWith(set, { text: 'once', row: 1 })
  const used = server.people.slash(alice, server.channel, ['trade', 'help'])
  expect((await told(set)).posted).toMatchObject({ message: used.original })
})

test('waits out a 429 and keeps the order', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 429, times: 2, method: 'POST', path: /messages/, retryAfterSeconds: 0.1 })
  answerWith(set, { text: 'one' }, { text: 'two' }, { text: 'three' })
  server.people.say(alice, server.thread, 'pl')
  expect((await said(set, 3)).map(({ content }) => content)).toEqual(['one', 'two', 'three'])
})

test('goes on when the desk cannot note the outcome of a reply', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.delivered = () => Promise.reject(new Error('the database is away'))
  desk.answer = () => [{ text: 'one', row: 1 }, { text: 'two' }]
  server.people.say(alice, server.thread, 'pl')
  expect((await said(set, 2)).map(({ content }) => content)).toEqual(['one', 'two'])
})
