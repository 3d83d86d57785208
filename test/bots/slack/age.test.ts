import { describe, expect, test, vi } from 'vitest'
import { modes, openDoor } from './slack-door.ts'

const question = { id: 'q', name: 'n', kind: 'choice' as const, title: 't', choices: [{ value: 'a', label: 'A' }] }
const secondsAgo = (seconds: number) => `${Math.floor(Date.now() / 1000) - seconds}.000100`

describe.each(modes)('over %s', (mode) => {
  describe.each([
    ['the first time', undefined],
    ['again', { attempt: 1, reason: 'http_timeout' }],
  ])('a message that Slack brings %s', (_, retry) => {
    test.each(['message', 'app_mention'])(
      'more than five minutes after it was written has its time: %s',
      async (type) => {
        const { slack, desk, bob, channel } = await openDoor(mode)
        const ts = secondsAgo(301)
        const text = `<@${slack.world.bot.userId}> close`
        const event = { type, channel: channel.id, channel_type: 'channel', user: bob, text, ts }
        await slack.deliver({ ...slack.people.asEvent(event), retry })
        await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
        expect(desk.heard[0]).toMatchObject({ text: 'close', writtenAt: new Date(Number(ts) * 1000) })
      },
    )
  })

  test('a recent message has no time, so that a clock may be off by a minute', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    const base = { type: 'message', channel: direct.id, channel_type: 'im', user: alice, text: 'pl' }
    for (const ts of [secondsAgo(0), secondsAgo(60), secondsAgo(-60)]) {
      await slack.deliver(slack.people.asEvent({ ...base, ts }))
    }
    await vi.waitFor(() => expect(desk.heard).toHaveLength(3))
    expect(desk.heard.filter((heard) => 'writtenAt' in heard)).toEqual([])
  })

  test('an old message that comes twice is heard once', async () => {
    const { slack, desk, alice, direct } = await openDoor(mode)
    const base = { type: 'message', channel: direct.id, channel_type: 'im', user: alice }
    const delivery = slack.people.asEvent({ ...base, text: 'close', ts: secondsAgo(400) })
    await slack.deliver(delivery)
    await slack.people.again(delivery)
    await slack.deliver(slack.people.asEvent({ ...base, text: 'pl', ts: secondsAgo(0) }))
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(desk.dropped).toEqual([])
  })

  test('a press of more than five minutes ago is refused, and the person is told', async () => {
    const { slack, desk, door, alice, channel, thread, posted } = await openDoor(mode)
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id, thread: thread() } as const
    await door.poster.post({ key: 'reply-1', place, reply: { text: 'sell?', question } })
    const delivery = await slack.people.press(alice, posted()[0]!, 'A')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    delivery.payload.actions[0].action_ts = secondsAgo(301)
    await slack.deliver(delivery)
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    expect(slack.world.ephemerals[0]).toMatchObject({ user: alice })
    expect(slack.world.ephemerals[0]!.text).toContain('it is too late to act on it. Nothing was done.')
    expect(desk.heard).toHaveLength(1)
  })
})
