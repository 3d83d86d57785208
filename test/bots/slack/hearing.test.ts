import { describe, expect, test, vi } from 'vitest'
import { modes, openDoor } from './slack-door.ts'

describe.each(modes)('over %s, the Slack door', (mode) => {
  test('hears a mention in a channel, without the mention, in the thread of that message', async () => {
    const { slack, desk, alice, channel } = await openDoor(mode)
    const ts = await slack.people.say(alice, channel.id, '<@U0DESKHAND> long BYND 3750 @ .63')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toEqual({
      kind: 'message',
      id: `slack:${channel.id}:${ts}`,
      author: { id: 'slack:T0DESK:U0ALICE', name: 'Alice' },
      place: { door: 'slack', workspace: 'T0DESK', channel: channel.id, thread: ts },
      text: 'long BYND 3750 @ .63',
      addressed: true,
      channel: { door: 'slack', workspace: 'T0DESK', channel: channel.id },
    })
  })

  test('gives message and app_mention of one mention the same id, so that the desk answers once', async () => {
    const { slack, desk, alice, channel, texts } = await openDoor(mode, () => [{ text: 'once' }])
    await slack.people.say(alice, channel.id, 'hey <@U0DESKHAND>, pl')
    expect(slack.people.lastSaid()).toHaveLength(2)
    await vi.waitFor(() => expect(desk.dropped).toHaveLength(1))
    await vi.waitFor(() => expect(texts()).toEqual(['once']))
    expect(desk.heard[0]).toMatchObject({ text: 'hey pl' })
  })

  test('drops a delivery that Slack repeats', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode, () => [{ text: 'once' }])
    await slack.people.say(alice, direct.id, 'pl')
    const [delivery] = slack.people.lastSaid()
    await slack.people.again(delivery!)
    await slack.people.say(alice, direct.id, 'positions')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(desk.dropped).toEqual([])
  })

  test('accepts a repeated delivery when the first one never came', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    const event = {
      type: 'message',
      channel: direct.id,
      channel_type: 'im',
      user: alice,
      text: 'pl',
      ts: '1700000000.000100',
    }
    await slack.people.again(slack.people.asEvent(event))
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toMatchObject({ text: 'pl', writtenAt: new Date(1_700_000_000_000) })
  })

  test('hears free text in a thread, not addressed to it', async () => {
    const { slack, desk, bob, channel, thread } = await openDoor(mode)
    const root = thread()
    await slack.people.say(bob, channel.id, 'scaleout', { thread: root })
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toMatchObject({ text: 'scaleout', addressed: false, place: { thread: root } })
  })

  test('hears a direct message as addressed and without a thread', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toMatchObject({ text: 'pl', addressed: true })
    expect(desk.heard[0]!.place).toEqual({ door: 'slack', workspace: 'T0DESK', channel: direct.id })
  })

  test('does not hear talk in a channel, bots, edits, deletions or its own messages', async () => {
    const { slack, door, desk, alice, channel, direct, thread } = await openDoor(mode)
    const root = thread()
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id, thread: root } as const
    await slack.people.say(alice, channel.id, 'long BYND 3750 @ .63')
    await slack.people.say('U0OTHER', channel.id, 'scaleout', { thread: root, botId: 'B0OTHER' })
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root, subtype: 'message_changed' })
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root, subtype: 'message_deleted' })
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root, subtype: 'channel_join' })
    await door.poster.post({ key: 'k1', place, reply: { text: 'scaleout' } })
    // Slack delivers a message again when a mention is added to it later.
    const edited = { ts: slack.world.nextTs(), user: alice }
    const mention = {
      type: 'app_mention',
      channel: channel.id,
      user: alice,
      ts: root,
      text: '<@U0DESKHAND> close',
      edited,
    }
    await slack.deliver(slack.people.asEvent(mention))
    await slack.people.say(alice, direct.id, 'the end')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toMatchObject({ text: 'the end' })
  })

  test('hears the text of a file and of a reply that is also sent to the channel', async () => {
    const { slack, desk, alice, channel, thread } = await openDoor(mode)
    const root = thread()
    await slack.people.say(alice, channel.id, 'pl', { thread: root, subtype: 'file_share' })
    await slack.people.say(alice, channel.id, 'positions', { thread: root, subtype: 'thread_broadcast' })
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(desk.heard.map((inbound) => inbound.kind === 'message' && inbound.text)).toEqual(['pl', 'positions'])
  })

  test('reads what the person typed from Slack’s notation', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    const typed =
      'role <@U0BOB> viewer &lt;&amp;amp;&gt; “P&amp;L” <https://a.test/?x=1&amp;y|a.test> <#C1|ideas> <!here>\u00a0.63'
    await slack.people.say(alice, direct.id, typed)
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(desk.heard[0]).toMatchObject({ text: 'role <@U0BOB> viewer <&amp;> “P&L” a.test #ideas @here\u00a0.63' })
  })

  test('hears the text of a slash command in the channel, and help when it has none', async () => {
    const { slack, desk, alice, channel } = await openDoor(mode)
    await slack.people.command(alice, channel.id, 'long BYND 3750 @ .63')
    await slack.people.command(alice, channel.id, ' ')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(desk.heard[0]).toMatchObject({ kind: 'message', text: 'long BYND 3750 @ .63', addressed: true })
    expect(desk.heard[0]!.place).toEqual({ door: 'slack', workspace: 'T0DESK', channel: channel.id })
    expect(desk.heard[1]).toMatchObject({ text: 'help' })
    expect(desk.heard[0]!.id).not.toBe(desk.heard[1]!.id)
  })

  test('names the person and the slash command above the answer, which nobody else saw typed', async () => {
    const { slack, alice, bob, channel, direct, posted } = await openDoor(mode, (inbound) =>
      inbound.kind === 'message' && inbound.text === 'secret' ? [{ text: 'no', private: true }] : [{ text: 'P&L' }],
    )
    await slack.people.command(alice, channel.id, 'pl &amp; co')
    await slack.people.command(bob, channel.id, '')
    await slack.people.command(bob, channel.id, 'secret')
    await slack.people.command(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(posted()).toHaveLength(2))
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const lines = posted().map(({ blocks }) => blocks![0].elements[0].text)
    expect(lines).toEqual(['Alice: /trade pl &amp; co', 'Bob: /trade help'])
    expect(posted()[0]!.text).toBe('Alice: /trade pl &amp; co\nP&amp;L')
    expect(posted(direct)[0]!.text).toBe('P&amp;L')
    expect(JSON.stringify(slack.world.ephemerals)).not.toContain('secret')
  })

  test('gives a slash command that is delivered twice the same id', async () => {
    const { slack, desk, alice, channel } = await openDoor(mode)
    const delivery = await slack.people.command(alice, channel.id, 'pl')
    await slack.deliver(delivery)
    await vi.waitFor(() => expect(desk.dropped).toHaveLength(1))
    expect(desk.heard).toHaveLength(1)
  })

  test('goes on hearing while Slack does not accept an answer, and keeps the order of the answers', async () => {
    const { slack, desk, alice, direct, texts } = await openDoor(mode, (inbound) => [
      { text: inbound.kind === 'message' ? `${inbound.text} answered` : '' },
    ])
    slack.fail('chat.postMessage', { status: 429, retryAfter: 3 })
    await slack.people.say(alice, direct.id, 'chart')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    await slack.people.say(alice, direct.id, 'close now')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(texts(direct)).toEqual([])
    await vi.waitFor(() => expect(texts(direct)).toEqual(['chart answered', 'close now answered']), 6000)
  })

  test('hears the messages of a conversation one after the other', async () => {
    const { slack, desk, alice, direct, texts } = await openDoor(mode, async (inbound) => {
      const text = inbound.kind === 'message' ? inbound.text : ''
      if (text === 'first') await new Promise((resolve) => setTimeout(resolve, 100))
      return [{ text: `${text} answered` }]
    })
    const first = slack.people.say(alice, direct.id, 'first')
    const second = slack.people.say(alice, direct.id, 'second')
    await Promise.all([first, second])
    await vi.waitFor(() => expect(texts(direct)).toHaveLength(2))
    expect(texts(direct)).toEqual(['first answered', 'second answered'])
    expect(desk.heard).toHaveLength(2)
  })

  test('acknowledges at once, even when the desk is slow', async () => {
    let think = () => {}
    const thought = new Promise<void>((resolve) => {
      think = resolve
    })
    const { slack, alice, direct, channel, texts } = await openDoor(mode, async () => {
      await thought
      return [{ text: 'done' }]
    })
    await slack.people.say(alice, direct.id, 'pl')
    await slack.people.command(alice, channel.id, 'pl')
    expect(slack.unacknowledged).toEqual([])
    think()
    await vi.waitFor(() => expect([...texts(direct), ...texts(channel)]).toEqual(['done', 'done']))
  })

  test('tells the person alone when the desk fails, and goes on', async () => {
    const { slack, desk, alice, direct, texts, logged } = await openDoor(mode, (inbound) => {
      if (inbound.kind === 'message' && inbound.text === 'break') throw new Error('no database')
      return [{ text: 'fine' }]
    })
    await slack.people.say(alice, direct.id, 'break')
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(texts(direct)).toHaveLength(2))
    expect(texts(direct)[0]).toContain('Something broke on my side')
    expect(logged()).toContain('no database')
    expect(desk.heard).toHaveLength(2)
  })

  test('shows the open positions in the home of the app', async () => {
    const { slack, alice } = await openDoor(mode)
    await slack.people.openHome(alice, 'messages')
    await slack.people.openHome(alice)
    await vi.waitFor(() => expect(slack.world.homes.has(alice)).toBe(true))
    const text = slack.world.homes.get(alice).blocks[0].text
    expect(text).toMatchObject({ type: 'plain_text' })
    expect(text.text).toBe(
      'Open positions of Alice (slack:T0DESK:U0ALICE)\nLONG 3,750 BYND @ $0.63 &lt;&amp; rising&gt;',
    )
    expect(slack.calls.filter((call) => call.method === 'views.publish')).toHaveLength(1)
  })

  test('hears a shortcut on a message as its command, in the thread of that message', async () => {
    const { slack, desk, alice, bob, channel, texts, posted } = await openDoor(mode, () => [{ text: 'here it is' }])
    const ts = await slack.people.say(bob, channel.id, 'is $BYND &lt;done&gt;?')
    await slack.people.useOn(alice, slack.world.find(channel.id, ts)!, 'scale_this_out')
    await vi.waitFor(() => expect(texts()).toEqual(['here it is']))
    const command = { kind: 'command', command: 'scaleout', options: {}, about: 'is $BYND <done>?' }
    expect(desk.heard).toMatchObject([{ ...command, place: { thread: ts }, author: { name: 'Alice' } }])
    expect(posted()[0]!.thread_ts).toBe(ts)
  })

  test('hears a press in the home of the app in the direct message with the person', async () => {
    const { slack, desk, alice, direct, texts } = await openDoor(mode, () => [{ text: 'which?' }])
    await slack.people.openHome(alice)
    await vi.waitFor(() => expect(slack.world.homes.has(alice)).toBe(true))
    await slack.people.pressHome(alice, 'Close BYND')
    await vi.waitFor(() => expect(texts(direct)).toEqual(['which?']))
    expect(desk.heard).toMatchObject([
      { kind: 'command', command: 'close', options: { symbol: 'BYND' }, account: 7, place: { channel: direct.id } },
    ])
  })

  test('uses the id of a person when Slack is slow to give the name, and asks again later', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    slack.fail('users.info', { status: 500 }, 'silent')
    for (let said = 0; said < 4; said += 1) await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(4), 4000)
    expect(desk.heard.map((inbound) => inbound.author.name)).toEqual(['U0ALICE', 'U0ALICE', 'Alice', 'Alice'])
    expect(slack.calls.filter((call) => call.method === 'users.info')).toHaveLength(3)
  })
})
