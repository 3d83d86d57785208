import { expect, test } from 'vitest'
import { directChannel } from '../../platforms/discord-state.ts'
import { heard, openScene, placeOf, said, settled, until } from './opened.ts'

test('hears a message in a thread, with its author, place and id', async () => {
  const set = await openScene()
  const { server, alice } = set
  const { id } = server.people.say(alice, server.thread, 'long BYND 3750 @ .63')
  expect(await heard(set, 1)).toEqual({
    kind: 'message',
    id: `discord:${id}`,
    author: { id: `discord:${alice.id}`, name: 'alice' },
    place: { door: 'discord', workspace: server.state.guild, channel: server.thread.id },
    text: 'long BYND 3750 @ .63',
    addressed: false,
  })
  const [reply] = await said(set, 1)
  expect(reply).toMatchObject({
    channel: server.thread.id,
    content: 'heard long BYND 3750 @ .63',
    privateTo: undefined,
  })
})

test('hears in a channel only where it is mentioned or replied to, and takes its own mention off', async () => {
  const set = await openScene()
  const { server, alice, bob } = set
  const desk = server.state.bot.id
  server.people.say(alice, server.channel, 'scaleout')
  server.people.say(alice, server.channel, `<@${bob.id}> scaleout`)
  await settled(set)
  expect(set.desk.heard).toEqual([])

  server.people.say(alice, server.channel, `<@${desk}> role <@${bob.id}> viewer`)
  expect(await heard(set, 1)).toMatchObject({ text: `role <@${bob.id}> viewer`, addressed: true })
  const [own] = await said(set, 1, server.channel)
  server.people.say(alice, server.channel, 'pl', { replyTo: own!.id })
  expect(await heard(set, 2)).toMatchObject({ text: 'pl', addressed: true })
  server.people.say(alice, server.channel, `pl <@!${desk}>`)
  expect(await heard(set, 3)).toMatchObject({ text: 'pl' })
  server.people.say(alice, server.channel, `<@${desk}>`)
  expect(await heard(set, 4)).toMatchObject({ text: 'help', addressed: true })
})

test('hears direct messages, which belong to no guild', async () => {
  const set = await openScene()
  const { server, alice } = set
  const direct = directChannel(server.state, alice)
  server.people.say(alice, direct, 'pl')
  expect(await heard(set, 1)).toMatchObject({ text: 'pl', addressed: true, place: placeOf(direct) })
  expect(placeOf(direct).workspace).toBe('')
  await said(set, 1, direct)
})

test('does not hear bots, webhooks, itself, system messages, pictures or edits', async () => {
  const set = await openScene()
  const { server, alice } = set
  const robot = { ...server.people.person('robot'), bot: true }
  server.people.say(robot, server.thread, 'pl')
  server.people.say(alice, server.thread, 'pl', { webhook: server.state.application })
  server.people.say(server.state.bot, server.thread, 'pl')
  server.people.say(alice, server.thread, 'renamed the thread', { type: 4 })
  server.people.say(alice, server.thread, '')
  await settled(set)
  expect(set.desk.heard).toEqual([])

  const message = server.people.say(alice, server.thread, 'pl')
  await heard(set, 1)
  server.people.edit(message, 'close')
  await settled(set)
  expect(set.desk.heard).toHaveLength(1)
})

test('gives the desk a message that is delivered twice with the same id', async () => {
  const set = await openScene()
  const message = set.server.people.say(set.alice, set.server.thread, 'pl')
  set.server.people.deliverAgain(message)
  await heard(set, 2)
  expect(set.desk.heard[0]).toEqual(set.desk.heard[1])
})

test('keeps the messages of one person in order, and does not delay others', async () => {
  const set = await openScene()
  const { server, desk, alice, bob } = set
  const slow = Promise.withResolvers<void>()
  desk.answer = async (inbound) => {
    const text = inbound.kind === 'message' ? inbound.text : ''
    if (text === 'slow') await slow.promise
    return [{ text: `heard ${text}` }]
  }
  server.people.say(alice, server.thread, 'slow')
  server.people.say(alice, server.thread, 'quick')
  server.people.say(bob, server.thread, 'other')
  await said(set, 1)
  slow.resolve()
  const replies = await said(set, 3)
  expect(replies.map(({ content }) => content)).toEqual(['heard other', 'heard slow', 'heard quick'])
})

test('hears the messages from a broken connection once it is back, each once', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.gateway.breakConnections()
  await until(() => expect(server.gateway.connected).toBe(0))
  server.people.say(alice, server.thread, 'are you there')
  expect(await heard(set, 1)).toMatchObject({ text: 'are you there', writtenAt: expect.any(Date) })
  expect(server.gateway.resumed).toBe(1)
  server.people.say(alice, server.thread, 'now')
  expect(await heard(set, 2)).not.toHaveProperty('writtenAt')
})

test('survives malformed events', async () => {
  const set = await openScene()
  const { server, alice } = set
  const message = { id: '1', channel_id: server.thread.id, guild_id: server.state.guild, content: 'pl', type: 0 }
  const broken = [
    ['INTERACTION_CREATE', { id: '1', type: 2, data: null }],
    ['INTERACTION_CREATE', { id: '1', type: 3, token: 't', user: alice, data: { component_type: 2 } }],
    ['MESSAGE_CREATE', { ...message, author: null, components: null, thread: null }],
    ['MESSAGE_CREATE', { ...message }],
    ['MESSAGE_CREATE', { ...message, author: { id: alice.id }, content: null, mentions: [] }],
    ['THREAD_CREATE', null],
    ['CHANNEL_UPDATE', { id: server.channel.id, type: null, permission_overwrites: null }],
    ['NOT_AN_EVENT', { anything: true }],
  ]
  for (const [t, d] of broken) server.gateway.sendRaw({ op: 0, s: 0, t, d })
  server.gateway.sendRaw({ op: 99 })
  server.people.say(alice, server.thread, 'pl')
  expect(await heard(set, 1)).toMatchObject({ text: 'pl' })
})

test('says that something went wrong when the desk fails, if the author expects an answer', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.answer = () => {
    throw new Error('the database is away')
  }
  server.people.say(alice, server.thread, 'did you see the game')
  server.people.say(alice, server.thread, `<@${server.state.bot.id}> pl`)
  const [reply] = await said(set, 1)
  expect(reply?.content).toBe('⚠️ Something went wrong here. Look before you try it again.')
})
