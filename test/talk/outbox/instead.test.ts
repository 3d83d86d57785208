import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { openScene as openDiscord, placeOf, shown } from '../../bots/discord/opened.ts'
import { openDoor } from '../../bots/slack/slack-door.ts'
import { readableText } from '../../platforms/slack-blocks.ts'
import { openScene } from './scene.ts'

const sold = '🛑 STOP HIT — BYND\nSold 3,750 @ $0.549'

describe('on Slack, what is critical', () => {
  /** Alice has the account. Bob is an owner who has not spoken with the desk. */
  async function opened() {
    const slack = await openDoor('socket')
    const { world } = slack.slack
    const lines: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    const scene = await openScene({ DESKHAND_OWNERS: `slack:${world.team}:${slack.bob}` }, log)
    const place: Place = { door: 'slack', workspace: world.team, channel: slack.channel.id, thread: slack.thread() }
    const alice = await scene.member(`slack:${world.team}:${slack.alice}`, place)
    const said = (user: string) => {
      const direct = [...world.channels.values()].find(({ type, members }) => type === 'im' && members.includes(user))
      return direct ? slack.posted(direct).map(readableText) : []
    }
    const deliver = () => scene.deliver(slack.door.poster, alice.conversationId)
    return { ...slack, scene, lines, aliceIs: alice, said, deliver, critical: { ...alice, urgent: true } }
  }

  test.each<[string, (at: Awaited<ReturnType<typeof opened>>) => void]>([
    ['is_archived', ({ channel }) => void Object.assign(channel, { archived: true })],
    [
      'not_in_channel',
      ({ channel, slack }) => void channel.members.splice(channel.members.indexOf(slack.world.bot.userId), 1),
    ],
    ['channel_not_found', ({ slack, channel }) => void slack.world.channels.delete(channel.id)],
  ])('goes to the member in a direct message when Slack says %s', async (word, happens) => {
    const at = await opened()
    happens(at)
    await at.scene.queue(at.critical, sold)
    await at.scene.queue(at.aliceIs, '✓ Chunk 1/8')
    await at.deliver()
    const [told, ...more] = at.said(at.alice)
    expect(told).toContain(sold)
    expect(told).toContain(`This could not be posted where it belongs, the Slack channel ${at.channel.id}, thread `)
    expect(told).toContain(`Slack says ${word}`)
    // Only urgent rows are told elsewhere. All others are given up.
    expect(more).toEqual([])
    expect(at.said(at.bob)).toEqual([])
    expect((await at.scene.rows(at.aliceIs.conversationId)).map(({ state }) => state)).toEqual(['failed', 'failed'])
  })

  test('goes to the owners when the member cannot be reached either, once, however often it is tried', async () => {
    const at = await opened()
    at.channel.archived = true
    at.slack.fail('conversations.open', { error: 'user_disabled' })
    await at.scene.queue(at.critical, sold)
    await at.deliver()
    await at.deliver()
    expect(at.said(at.alice)).toEqual([])
    const [told, ...more] = at.said(at.bob)
    expect(more).toEqual([])
    expect(told).toContain(sold)
    expect(told).toContain(`Account of ${at.alice}.`)
    expect(told).toContain('Slack says is_archived')
    expect(told).toContain('Slack says user_disabled')
  })

  test('is logged as an error when nobody is left to tell', async () => {
    const at = await opened()
    at.channel.archived = true
    at.slack.fail('conversations.open', { error: 'user_disabled' }, { error: 'user_disabled' })
    await at.scene.queue(at.critical, sold)
    await at.deliver()
    const failed = await at.scene.desk.desk.parts.db
      .selectFrom('replies')
      .select(['state', 'last_resort'])
      .orderBy('id')
      .execute()
    expect(failed).toEqual([
      { state: 'failed', last_resort: false },
      { state: 'failed', last_resort: false },
      { state: 'failed', last_resort: true },
    ])
    const errors = at.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 50)
    expect(errors).toEqual([expect.objectContaining({ msg: 'nobody could be told of what is critical', urgent: true })])
  })
})

describe('on Discord, what is critical', () => {
  async function opened() {
    const discord = await openDiscord()
    const { server, alice, bob } = discord
    const scene = await openScene({ DESKHAND_OWNERS: `discord:${bob.id}` })
    const its = await scene.member(`discord:${alice.id}`, placeOf(server.thread))
    const said = (user: string) => {
      const direct = [...server.state.channels.values()].find(({ recipient }) => recipient?.id === user)
      return direct ? server.said(direct).map(({ content }) => shown(content)) : []
    }
    const deliver = () => scene.deliver(discord.door.poster, its.conversationId)
    return { ...discord, scene, its, said, deliver, critical: { ...its, urgent: true } }
  }

  test.each<[number, (at: Awaited<ReturnType<typeof opened>>) => void]>([
    [10003, ({ server }) => void server.state.channels.delete(server.thread.id)],
    [50001, ({ server }) => void server.thread.denied.add('view')],
    [50013, ({ server }) => void server.thread.denied.add('send')],
    [50083, ({ server }) => void Object.assign(server.thread, { archived: true, locked: true })],
  ])('goes to the member in a direct message when Discord answers %i', async (code, happens) => {
    const at = await opened()
    happens(at)
    await at.scene.queue(at.critical, sold)
    await at.deliver()
    const [told, ...more] = at.said(at.alice.id)
    expect(more).toEqual([])
    expect(told).toContain(sold)
    expect(told).toContain(`the Discord channel ${at.server.thread.id}: Discord answered`)
    expect(told).toContain(`(${code})`)
    expect(at.said(at.bob.id)).toEqual([])
  })

  test('goes to the owners when the member takes no direct messages', async () => {
    const at = await opened()
    at.server.state.channels.delete(at.server.thread.id)
    at.server.state.closed.add(at.alice.id)
    await at.scene.queue(at.critical, sold)
    await at.deliver()
    expect(at.said(at.alice.id)).toEqual([])
    expect(at.said(at.bob.id)).toEqual([expect.stringContaining(sold)])
    expect(at.said(at.bob.id)[0]).toContain('(50007)')
  })

  test('is posted in a thread that was archived, which opens it again', async () => {
    const at = await opened()
    at.server.thread.archived = true
    await at.scene.queue(at.critical, sold)
    await at.deliver()
    expect(at.server.said(at.server.thread).map(({ content }) => shown(content))).toEqual([sold])
    expect(at.server.thread.archived).toBe(false)
  })
})

test('what is critical is told on another platform when a door is shut, and once more where it belongs when it opens', async () => {
  const scene = await openScene({ DESKHAND_OWNERS: 'discord:42' })
  const place: Place = { door: 'slack', workspace: 'T1', channel: 'C1', thread: '1.1' }
  const alice = await scene.member('slack:T1:ALICE', place)
  let isShut = true
  const posted: string[] = []
  const slack: Poster = {
    door: 'slack',
    async post({ reply, place, key }) {
      if (isShut) throw new PostFailed('later', 'Slack refuses the token', { retryAfterMs: 60_000, reach: 'door' })
      posted.push(reply.text)
      return { message: key, place }
    },
  }
  await scene.queue({ ...alice, urgent: true }, sold)
  await scene.deliver(slack, alice.conversationId)
  const owner = await scene.conversation({ door: 'discord', workspace: '', channel: '', person: '42' })
  expect((await scene.rows(owner)).map(({ text }) => text)).toEqual([expect.stringContaining(sold)])
  isShut = false
  const { db } = scene.desk.desk.parts
  await db
    .updateTable('replies')
    .set({ next_attempt_at: null })
    .where('conversation_id', '=', alice.conversationId)
    .execute()
  await scene.deliver(slack, alice.conversationId)
  expect(posted).toEqual([sold])
  expect(await scene.rows(owner)).toHaveLength(1)
})

test('a row that cannot be read is given up, told to owners once, and holds up nothing', async () => {
  const scene = await openScene({ DESKHAND_OWNERS: 'slack:T1:BOSS' })
  const alice = await scene.member('slack:T1:ALICE', { door: 'slack', workspace: 'T1', channel: 'C1', thread: '1.1' })
  const { db } = scene.desk.desk.parts
  const row = await scene.queue({ ...alice, urgent: true }, 'garbled')
  await scene.queue(alice, 'behind it')
  await db
    .updateTable('replies')
    .set({ body: JSON.stringify({ words: 1 }) })
    .where('id', '=', row)
    .execute()
  const posted: [string | undefined, string][] = []
  const poster: Poster = {
    door: 'slack',
    async post({ reply, place, key }) {
      posted.push([place.person, reply.text])
      return { message: key, place }
    },
  }
  await scene.deliver(poster, alice.conversationId)
  await scene.deliver(poster, await scene.conversation({ door: 'slack', workspace: 'T1', channel: '', person: 'BOSS' }))
  expect(posted).toContainEqual([undefined, 'behind it'])
  expect(posted).toContainEqual(['ALICE', expect.stringContaining(`A critical message (${row}) that cannot be read`)])
  expect(posted.filter(([person]) => person === 'BOSS')).toEqual([
    ['BOSS', `🚨 A message in the outbox (row ${row}) cannot be read. It was not posted.`],
  ])
})
