import { pino } from 'pino'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { slackLogger } from '../../../bots/slack/log.ts'
import { WatchedClient, watchToken } from '../../../bots/slack/token.ts'
import { webOptions } from '../../../bots/slack/web.ts'
import type { DoorFailed } from '../../../src/talk/chat/connection.ts'
import { startSlackServer } from '../../platforms/slack-server.ts'
import { modes, openDoor } from './slack-door.ts'

const taken = ['invalid_auth', 'token_revoked', 'account_inactive'] as const
const until = (check: () => void) => vi.waitFor(check)

describe.each(modes)('a door to Slack over %s tells that its bot token is refused,', (mode) => {
  test.each(taken)('when a post is answered with %s', async (said) => {
    const { slack, door, news, channel, logged } = await openDoor(mode)
    slack.world.revoked = said
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id } as const
    await expect(door.poster.post({ key: 'reply-1', place, reply: { text: 'a' } })).rejects.toThrow(said)
    await until(() => expect(news.told).toEqual(['lost']))
    expect(news.failures).toHaveLength(1)
    expect(news.failures[0]).toMatchObject({ kind: 'refused', because: 'SLACK_BOT_TOKEN is refused' })
    expect(news.failures[0]!.message).toBe(
      `Slack does not take SLACK_BOT_TOKEN any more (${said}): install the app to the workspace again, and set the new token`,
    )
    for (const secret of [slack.world.botToken, slack.world.appToken]) expect(logged()).not.toContain(secret)
  })

  test.each([
    ['tokens_revoked', { tokens: { bot: ['U0DESKHAND'] } }],
    ['app_uninstalled', {}],
  ])('when Slack sends %s', async (type, more) => {
    const { slack, news } = await openDoor(mode)
    slack.world.revoked = 'account_inactive'
    await slack.deliver(slack.people.asEvent({ type, ...more }))
    await until(() => expect(news.told).toEqual(['lost']))
  })

  test('but not when the error is about another person or a missing scope', async () => {
    const { slack, door, news, channel } = await openDoor(mode)
    const looks = () => slack.calls.filter(({ method }) => method === 'auth.test').length
    const before = looks()
    await slack.deliver(slack.people.asEvent({ type: 'tokens_revoked', tokens: { oauth: ['U0ALICE'] } }))
    await until(() => expect(looks()).toBe(before + 1))
    slack.fail('chat.postMessage', { error: 'missing_scope' })
    const place = { door: 'slack', workspace: 'T0DESK', channel: channel.id } as const
    await expect(door.poster.post({ key: 'reply-1', place, reply: { text: 'a' } })).rejects.toThrow('missing_scope')
    slack.fail('chat.postMessage', { error: 'invalid_auth' })
    await expect(door.poster.post({ key: 'reply-2', place, reply: { text: 'a' } })).rejects.toThrow('invalid_auth')
    await until(() => expect(looks()).toBe(before + 2))
    expect(news.told).toEqual([])
  })
})

test('a silently revoked bot token is found by the regular check, once', async () => {
  const slack = await startSlackServer()
  onTestFinished(() => slack.close())
  const log = pino({ level: 'silent' })
  const web = new WatchedClient(slack.world.botToken, webOptions(slack.api, slackLogger(log, [])))
  const lost: DoorFailed[] = []
  const watch = watchToken(web, log, (failure) => lost.push(failure), 20)
  onTestFinished(() => watch.close())
  const looks = () => slack.calls.length
  await until(() => expect(looks()).toBeGreaterThan(2))
  expect(lost).toEqual([])
  slack.fail('auth.test', 'lost', { status: 503 })
  slack.world.revoked = 'token_revoked'
  await until(() => expect(lost).toHaveLength(1))
  expect(lost[0]!.message).toContain('token_revoked')
})

describe('Socket Mode tells', () => {
  test('that the line broke and is there again', async () => {
    const { slack, news } = await openDoor('socket')
    slack.socket.sockets[0]!.terminate()
    await until(() => expect(news.told).toEqual(['broken', 'connected']))
  })

  test('that Slack cannot be reached, at every attempt, and that it is back', async () => {
    const { slack, news, desk, alice, direct } = await openDoor('socket')
    slack.fail('apps.connections.open', { status: 503 }, 'lost', { status: 503 }, { error: 'internal_error' })
    slack.socket.sockets[0]!.terminate()
    await until(() => expect(news.told).toEqual(['broken']))
    await vi.waitFor(() => expect(news.told).toEqual(['broken', 'connected']))
    await slack.people.say(alice, direct.id, 'pl')
    await until(() => expect(desk.heard).toHaveLength(1))
  })

  test.each(taken)('that Slack gives no connection any more when it says %s again and again', async (said) => {
    const { slack, news } = await openDoor('socket')
    slack.world.appTokenRevoked = said
    slack.socket.sockets[0]!.terminate()
    await until(() => expect(news.told).toEqual(['broken', 'lost']))
    expect(news.failures[0]).toMatchObject({ kind: 'refused', because: 'SLACK_APP_TOKEN is refused' })
    expect(news.failures[0]!.message).toContain(`SLACK_APP_TOKEN any more (${said}): switch Socket Mode on`)
    const tries = slack.calls.filter(({ method }) => method === 'apps.connections.open')
    expect(tries).toHaveLength(4)
  })

  test('that Slack no longer answers on a connection that looks open', async () => {
    const { slack, news, desk, alice, direct } = await openDoor('socket')
    slack.socket.freeze()
    await expect.poll(() => news.told).toEqual(['broken', 'connected'])
    await slack.people.say(alice, direct.id, 'pl')
    await until(() => expect(desk.heard).toHaveLength(1))
  })
})
