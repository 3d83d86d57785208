import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { SlackStartFailed, startSlack } from '../../../bots/slack/index.ts'
import { createHttpLine } from '../../platforms/slack-lines.ts'
import { startSlackServer } from '../../platforms/slack-server.ts'
import { otherAddress } from '../../support/addresses.ts'
import { httpServer } from '../../support/http.ts'
import { recordingDesk } from './recording-desk.ts'
import { modes, openDoor } from './slack-door.ts'

const silent = pino({ level: 'silent' })

async function slackServer() {
  const slack = await startSlackServer()
  onTestFinished(() => slack.close())
  return slack
}

async function startFailure(options: Partial<Parameters<typeof startSlack>[0]>): Promise<SlackStartFailed> {
  const base = { desk: recordingDesk(), botToken: 'xoxb-1-wrong', log: silent }
  const error = await startSlack({ ...base, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SlackStartFailed)
  return error as SlackStartFailed
}

describe('the door does not open, and says why without a secret,', () => {
  test('with a wrong bot token', async () => {
    const { api, world } = await slackServer()
    const { message } = await startFailure({ api, botToken: 'xoxb-1-wrong', appToken: world.appToken })
    expect(message).toBe('Slack does not take SLACK_BOT_TOKEN: An API error occurred: invalid_auth')
  })

  test('with a wrong app token', async () => {
    const { api, world } = await slackServer()
    const { message } = await startFailure({ api, botToken: world.botToken, appToken: 'xapp-1-wrong' })
    expect(message).toBe('Socket Mode does not start with SLACK_APP_TOKEN: An API error occurred: invalid_auth')
  })

  test('with the two tokens swapped', async () => {
    const { api, world } = await slackServer()
    const { message } = await startFailure({ api, botToken: world.appToken, appToken: world.botToken })
    expect(message).toContain('not_allowed_token_type')
    expect(message).not.toContain('right')
  })

  test('with neither an app token nor a signing secret', async () => {
    const { api, world } = await slackServer()
    const { message } = await startFailure({ api, botToken: world.botToken })
    expect(message).toBe('Slack needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET')
  })

  test('when nobody answers at the API', async () => {
    const gone = await startSlackServer()
    await gone.close()
    const { message } = await startFailure({ api: gone.api, appToken: 'xapp-1' })
    expect(message).toContain('A request error occurred')
  })

  test('when its port is taken', async () => {
    const { api, world } = await slackServer()
    const other: Server = createServer()
    await new Promise<void>((resolve) => other.listen(0, resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const { message } = await startFailure({
      api,
      botToken: world.botToken,
      signingSecret: 's3cret',
      http: httpServer({ port }),
    })
    expect(message).toContain(`Port ${port} cannot be used for Slack`)
    expect(message).not.toContain('s3cret')
  })
})

describe('signed HTTP', () => {
  test('is refused with 401 when the signature is wrong or old', async () => {
    const { http, slack, desk, alice, direct } = await openDoor('http')
    const event = { type: 'message', channel: direct.id, channel_type: 'im', user: alice, text: 'pl', ts: '1.000001' }
    const delivery = slack.people.asEvent(event)
    expect((await http.post(delivery, { secret: 'another secret' })).status).toBe(401)
    expect((await http.post(delivery, { age: 600 })).status).toBe(401)
    expect((await http.post(delivery)).status).toBe(200)
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
  })

  test('listens on the loopback interface only, unless another address is named', async () => {
    const { api, world } = await slackServer()
    const options = { desk: recordingDesk(), botToken: world.botToken, signingSecret: 's', api, log: silent }
    const taken = async (host?: string) => {
      const http = httpServer({ host })
      const door = await startSlack({ ...options, http })
      onTestFinished(async () => {
        await door.close()
        await http.close()
      })
      return Promise.all(
        ['127.0.0.1', otherAddress()].map((address) =>
          fetch(`http://${address}:${door.port}/slack/events`, { method: 'POST', body: '{}' }).then(
            ({ status }) => status,
            () => 'nobody listens',
          ),
        ),
      )
    }
    expect(await taken()).toEqual([401, 'nobody listens'])
    expect(await taken('0.0.0.0')).toEqual([401, 401])
  })

  test('is refused with 401 when it is not signed at all', async () => {
    const { door, slack } = await openDoor('http')
    const body = JSON.stringify(slack.people.asEvent({ type: 'message' }).payload)
    const response = await fetch(`http://127.0.0.1:${door.port}/slack/events`, { method: 'POST', body })
    expect(response.status).toBe(401)
  })

  test('answers the verification of the URL with its challenge', async () => {
    const { http } = await openDoor('http')
    const taken = await http.post({ kind: 'events_api', payload: { type: 'url_verification', challenge: '3eZbrw1a' } })
    expect(taken).toMatchObject({ status: 200, body: '{"challenge":"3eZbrw1a"}' })
  })

  test('is accepted at /slack/events only', async () => {
    const { door } = await openDoor('http')
    const response = await fetch(`http://127.0.0.1:${door.port}/elsewhere`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(404)
    const read = await fetch(`http://127.0.0.1:${door.port}/slack/events`)
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('is answered with 413 when it is too long', async () => {
    const { http, desk } = await openDoor('http')
    const long = { kind: 'events_api', payload: { text: 'x'.repeat(5 * 1024 * 1024) } } as const
    expect((await http.post(long)).status ?? 'cut off').toBeOneOf([413, 'cut off'])
    expect(desk.heard).toEqual([])
  })

  test('is answered with 503 by a door that is closed', async () => {
    const { http, door, slack } = await openDoor('http')
    await door.close()
    expect(await http.post(slack.people.asEvent({ type: 'message' }))).toMatchObject({ status: 503 })
  })

  test('goes on after bodies that are no events', async () => {
    const { http, slack, desk, alice, direct } = await openDoor('http')
    const payloads = [{}, { event: null }, { event: {} }, { event: { type: 'message' } }, []]
    await Promise.all(payloads.map((payload) => http.post({ kind: 'events_api', payload })))
    await http.post({ kind: 'interactive', payload: { type: 'block_actions', actions: [{}], user: { id: alice } } })
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
  })

  test('closes although a connection was opened and never used', async () => {
    const { door, server } = await openDoor('http')
    const { connect } = await import('node:net')
    const idle = connect(door.port!, '127.0.0.1')
    idle.on('error', () => {})
    await new Promise((resolve) => idle.once('connect', resolve))
    const begun = performance.now()
    await door.close()
    await server.close()
    expect(performance.now() - begun).toBeLessThan(3000)
    const gone = createHttpLine(`http://127.0.0.1:${door.port}/slack/events`, { signingSecret: '' } as never)
    expect((await gone.deliver({ kind: 'events_api', payload: {} })).acknowledged).toBe(false)
  })
})

describe('Socket Mode', () => {
  test('connects again when Slack asks for it, and hears on', async () => {
    const { slack, desk, alice, direct } = await openDoor('socket')
    const [before] = slack.socket.sockets
    slack.socket.refresh()
    await vi.waitFor(() => {
      expect(slack.socket.sockets).toHaveLength(1)
      expect(slack.socket.sockets[0]).not.toBe(before)
    }, 5000)
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
  })

  test('connects again after the line broke, also when Slack refuses at first', async () => {
    const { slack, desk, alice, direct } = await openDoor('socket')
    slack.fail('apps.connections.open', { status: 503 }, { error: 'invalid_auth' }, 'lost')
    slack.socket.sockets[0]!.terminate()
    await vi.waitFor(() => expect(slack.socket.sockets).toHaveLength(0))
    await vi.waitFor(() => expect(slack.socket.sockets).toHaveLength(1))
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
  })

  test('goes on after frames that are no events', async () => {
    const { slack, desk, alice, direct, logged } = await openDoor('socket')
    const frames = [
      '',
      'null',
      '[]',
      '{}',
      '"x"',
      '{"type":"events_api"}',
      '{"type":"events_api","payload":{"event":null}}',
    ]
    for (const frame of [...frames, '{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions"}}']) {
      slack.socket.sendRaw(frame)
    }
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    expect(logged()).toContain('not an event')
  })

  test('is not connected any more once the door is closed', async () => {
    const { slack, door } = await openDoor('socket')
    await door.close()
    await vi.waitFor(() => expect(slack.socket.sockets).toHaveLength(0))
  })

  test('stops trying to connect when the door is closed', async () => {
    const { slack, door } = await openDoor('socket')
    slack.fail('apps.connections.open', ...Array.from({ length: 20 }, () => ({ status: 503 })))
    slack.socket.sockets[0]!.terminate()
    const tries = () => slack.calls.filter((call) => call.method === 'apps.connections.open').length
    await vi.waitFor(() => expect(tries()).toBeGreaterThan(1))
    const begun = performance.now()
    await door.close()
    expect(performance.now() - begun).toBeLessThan(2000)
  })
})

describe.each(modes)('closing the door over %s', (mode) => {
  test('waits for the answers to earlier events', async () => {
    let think = () => {}
    const thought = new Promise<void>((resolve) => {
      think = resolve
    })
    const { slack, door, desk, alice, direct, texts } = await openDoor(mode, async () => {
      await thought
      return [{ text: 'answered' }]
    })
    await slack.people.say(alice, direct.id, 'pl')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(1))
    const closing = door.close()
    think()
    await closing
    expect(texts(direct)).toEqual(['answered'])
  })

  test('leaves a reply to the outbox when Slack asks for a pause', async () => {
    const { slack, door, desk, alice, direct } = await openDoor(mode, () => [{ text: 'a', row: 1 }])
    slack.fail('chat.postMessage', { status: 429, retryAfter: 5 })
    await slack.people.say(alice, direct.id, 'pl')
    const asked = () => slack.calls.some((call) => call.method === 'chat.postMessage')
    await vi.waitFor(() => expect(asked()).toBe(true), { interval: 1 })
    await door.close()
    expect(desk.outcomes).toEqual([{ row: 1 }])
  })

  test('leaves no secret in the log', async () => {
    const { slack, door, alice, channel, direct, logged } = await openDoor(mode, () => [{ text: 'a' }])
    slack.fail('chat.postMessage', { status: 500 }, { error: 'is_archived' })
    slack.fail('users.info', 'lost')
    await slack.people.say(alice, direct.id, 'a private thought')
    await slack.people.command(alice, channel.id, 'pl')
    await vi.waitFor(() => expect(logged()).toContain('did not go out'))
    await door.close()
    const { botToken, appToken, signingSecret } = slack.world
    for (const secret of [
      botToken,
      appToken,
      signingSecret,
      'verification-token',
      '/response/',
      'ticket=',
      'a private thought',
    ]) {
      expect(logged()).not.toContain(secret)
    }
  })
})
