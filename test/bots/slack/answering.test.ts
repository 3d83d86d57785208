import { describe, expect, test, vi } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { readableText } from '../../platforms/slack-blocks.ts'
import { modes, openDoor } from './slack-door.ts'

const hostile =
  '@everyone @here <!channel> <!here> <@U0BOB> *bold* _it_ ~no~ `code` &amp; <https://evil.test|x> 🔄 📉 \u0000\ud800'

describe.each(modes)('over %s, a reply', (mode) => {
  test('is posted in the thread where it was asked, in order', async () => {
    const { slack, alice, channel, thread, posted, texts } = await openDoor(mode, () => [
      { text: 'one' },
      { text: 'two' },
    ])
    const root = thread()
    await slack.people.say(alice, channel.id, 'pl', { thread: root })
    await vi.waitFor(() => expect(texts()).toEqual(['one', 'two']))
    expect(posted().map((message) => message.thread_ts)).toEqual([root, root])
  })

  test('pings nobody, formats nothing and unfurls nothing, whatever is in it', async () => {
    const { slack, alice, direct, posted } = await openDoor(mode, () => [{ text: hostile }])
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const [message] = posted(direct)
    expect(readableText(message!)).toBe(hostile.replace('\u0000\ud800', '\ufffd'))
    expect(message!.blocks![0].text.type).toBe('plain_text')
    expect(message!.text).not.toMatch(/<[!@#h]/)
    expect(message!.sent).toMatchObject({
      mrkdwn: 'false',
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    })
  })

  test('to a slash command is posted in the channel', async () => {
    const { slack, alice, channel, posted, desk } = await openDoor(mode, () => [{ text: 'P&L', row: 7 }])
    await slack.people.command(alice, channel.id, 'pl')
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(1))
    const [message] = posted()
    expect(message!.thread_ts).toBeUndefined()
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id }
    expect(desk.outcomes[0]).toEqual({ row: 7, posted: { message: message!.ts, place } })
    // The outbox gives row 7 this key: if the door dies here, it finds the message by it.
    expect(message!.metadata!.event_payload.key).toBe('r7')
  })

  test('opens a thread in the channel if it asks for one, and goes on in it', async () => {
    const say = (): Reply[] => [
      { text: 'started', thread: 'BYND scaleout', row: 7 },
      { text: 'more', row: 8 },
    ]
    const { slack, alice, channel, posted, desk } = await openDoor(mode, say)
    await slack.people.command(alice, channel.id, 'scaleout fast')
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(2))
    const [first, second] = posted()
    expect(first!.thread_ts).toBeUndefined()
    expect(second!.thread_ts).toBe(first!.ts)
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id, thread: first!.ts }
    expect(desk.outcomes.map((outcome) => outcome.posted?.place)).toEqual([place, place])
  })

  test('begins no thread in a thread or a direct message', async () => {
    const say = (): Reply[] => [{ text: 'started', thread: 'BYND scaleout', row: 7 }]
    const { slack, alice, channel, direct, thread, posted, desk } = await openDoor(mode, say)
    const root = thread()
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root })
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(2))
    expect(posted().map((message) => message.thread_ts)).toEqual([root])
    expect(posted(direct).map((message) => message.thread_ts)).toEqual([undefined])
    const threads = desk.outcomes.map((outcome) => outcome.posted?.place.thread)
    expect(threads.toSorted()).toEqual([root, undefined])
  })

  test('privately in a thread is seen by one person, in that thread', async () => {
    const { slack, bob, channel, thread, texts } = await openDoor(mode, () => [{ text: 'not for you', private: true }])
    const root = thread()
    await slack.people.say(bob, channel.id, '1', { thread: root })
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    expect(slack.world.ephemerals[0]).toMatchObject({ user: bob, thread_ts: root, text: 'not for you' })
    expect(texts()).toEqual([])
  })

  test('privately to a slash command answers the command itself', async () => {
    const { slack, bob, channel, texts } = await openDoor(mode, () => [{ text: 'not allowed', private: true }])
    await slack.people.command(bob, channel.id, 'role @alice viewer')
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    expect(slack.world.ephemerals[0]).toMatchObject({ user: bob, text: 'not allowed' })
    expect(slack.calls.map((call) => call.method)).not.toContain('chat.postEphemeral')
    expect(texts()).toEqual([])
  })

  test('privately in a direct message is a message like any other there', async () => {
    const { slack, alice, direct, texts } = await openDoor(mode, () => [{ text: 'no such symbol', private: true }])
    await slack.people.say(alice, direct.id, 'quote XXXX')
    await vi.waitFor(() => expect(texts(direct)).toEqual(['no such symbol']))
  })

  test('reaches the person, with what to do, in a channel that the bot is not in', async () => {
    const { slack, alice, desk, texts } = await openDoor(mode, () => [{ text: 'P&L', row: 3 }])
    const closed = slack.world.addChannel('group', 'secret', [alice])
    await slack.people.command(alice, closed.id, 'pl')
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    expect(readableText(slack.world.ephemerals[0]!)).toBe(
      'P&L\n\n⚠️ I cannot post here. Invite me to this channel (/invite), or write to me directly.',
    )
    expect(desk.outcomes).toEqual([{ row: 3 }])
    expect(texts(closed)).toEqual([])
  })

  test('to a message where the bot may not post reaches the person as a direct message', async () => {
    const { slack, alice, channel, direct, texts } = await openDoor(mode, () => [{ text: 'sold' }])
    slack.fail('chat.postMessage', { error: 'restricted_action_read_only_channel' })
    await slack.people.say(alice, channel.id, '<@U0DESKHAND> close now')
    await vi.waitFor(() => expect(texts(direct)).toEqual([expect.stringMatching(/^sold\n\n⚠️ I cannot post here\./)]))
    expect(texts(channel)).toEqual([])
  })

  test('is split at line ends when it is long, and nothing is lost', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `${index}: & < > line of some length`)
    const { slack, alice, channel, thread, desk, posted, texts } = await openDoor(mode, () => [
      { text: lines.join('\n'), row: 1 },
    ])
    await slack.people.say(alice, channel.id, 'help', { thread: thread() })
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(1))
    expect(texts().length).toBeGreaterThan(3)
    expect(texts().join('\n')).toBe(lines.join('\n'))
    expect(desk.outcomes[0]!.posted!.message).toBe(posted().at(-1)!.ts)
  })
})

describe('a direct reply that Slack does not take at first', () => {
  test('waits as long as a 429 says, and is posted once', async () => {
    const { slack, alice, direct, texts, desk } = await openDoor('socket', () => [{ text: 'P&L', row: 5 }])
    slack.fail('chat.postMessage', { status: 429, retryAfter: 1 })
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(1), 5000)
    const [refused, taken] = slack.calls.filter((call) => call.method === 'chat.postMessage')
    expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(990)
    expect(texts(direct)).toEqual(['P&L'])
    expect(desk.outcomes[0]!.posted).toBeDefined()
  })

  test('is posted once when the connection broke after Slack had taken it', async () => {
    const { slack, alice, channel, thread, texts, posted, desk } = await openDoor('socket', () => [
      { text: 'sold', row: 5 },
    ])
    slack.fail('chat.postMessage', 'dropped')
    await slack.people.say(alice, channel.id, 'close now', { thread: thread() })
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(1), 8000)
    expect(texts()).toEqual(['sold'])
    expect(desk.outcomes[0]!.posted!.message).toBe(posted()[0]!.ts)
  })

  test('is posted once when the connection broke before Slack had taken it, also without a row', async () => {
    const { slack, alice, direct, texts } = await openDoor('socket', () => [{ text: 'quote' }])
    slack.fail('chat.postMessage', 'lost')
    await slack.people.say(alice, direct.id, 'quote')
    await vi.waitFor(() => expect(texts(direct)).toEqual(['quote']), 8000)
  })

  test('is left to the outbox with all later replies when Slack asks for a long pause', async () => {
    const say = () => [{ text: 'a', row: 1 }, { text: 'b', row: 2 }, { text: 'c' }]
    const { slack, alice, direct, texts, desk } = await openDoor('socket', say)
    slack.fail('chat.postMessage', { status: 429, retryAfter: 30 })
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(texts(direct)).toEqual(['c']))
    expect(desk.outcomes).toEqual([{ row: 1 }, { row: 2 }])
  })

  test('is left to the outbox when the channel is gone, and said once', async () => {
    const { slack, alice, channel, thread, desk } = await openDoor('socket', () => [{ text: 'a', row: 1 }])
    const root = thread()
    slack.world.channels.get(channel.id)!.archived = true
    await slack.people.say(alice, channel.id, 'pl', { thread: root })
    await vi.waitFor(() => expect(desk.outcomes).toEqual([{ row: 1 }]))
    const there = ({ method, args }: (typeof slack.calls)[number]) =>
      method === 'chat.postMessage' && args.channel === channel.id
    expect(slack.calls.filter(there)).toHaveLength(1)
  })

  test('is posted although the desk cannot note the post', async () => {
    const opened = await openDoor('socket', () => [{ text: 'a', row: 1 }, { text: 'b' }])
    const { slack, alice, direct, texts, desk, logged } = opened
    desk.delivered = async () => {
      throw new Error('no database')
    }
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(texts(direct)).toEqual(['a', 'b']))
    expect(logged()).toContain('the desk did not take the outcome')
  })
})
