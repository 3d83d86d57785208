import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type DiscordServer, startDiscordServer } from '../platforms/discord-server.ts'
import { type SlackServer, startSlackServer } from '../platforms/slack-server.ts'
import { freshDatabase } from '../support/database.ts'
import { startRedisServer, type TestServer } from '../support/servers.ts'
import { ask, type DeskProcess, deskProcess } from './a-process.ts'

let redis: TestServer
let database: Awaited<ReturnType<typeof freshDatabase>>

beforeAll(async () => {
  ;[redis, database] = await Promise.all([startRedisServer(), freshDatabase()])
})
afterAll(async () => {
  await redis.stop()
  await database.drop()
})

/** A free port of the loopback interface. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Run extends DeskProcess {
  discord: DiscordServer
  slack: SlackServer
  port: number
  /** The entry of a door in `/ready`, and whether the process is ready as a whole. */
  ready(door: string): Promise<string | undefined>
}

/** The program in a role, with a Discord and a Slack; its output must not hold a token. */
async function run(
  role: string,
  doors: ('discord' | 'slack' | 'slack-http')[],
  prepare = (_: SlackServer, _port: number): unknown => undefined,
): Promise<Run> {
  const [discord, slack, port] = await Promise.all([startDiscordServer(), startSlackServer(), freePort()])
  onTestFinished(async () => {
    await Promise.all([discord.close(), slack.close()])
  })
  const { botToken, appToken, signingSecret } = slack.world
  prepare(slack, port)
  const desk = deskProcess(role, {
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: String(port) },
    ...(doors.includes('discord') && { DISCORD_TOKEN: discord.token, DISCORD_API: discord.api }),
    ...(doors.includes('slack') && { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API: slack.api }),
    ...(doors.includes('slack-http') && {
      ...{ SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_API: slack.api },
    }),
  })
  const token = discord.token
  onTestFinished(() => {
    for (const secret of [token, botToken, appToken, signingSecret])
      expect(desk.said() + desk.logged()).not.toContain(secret)
  })
  const ready = async (door: string) => {
    const answer = await ask(port, '/ready')
    if (answer) expect(answer.status).toBe(Object.values(JSON.parse(answer.body).checks).every(isOk) ? 200 : 503)
    return answer && JSON.parse(answer.body).checks[door]
  }
  return { ...desk, discord, slack, port, ready }
}

const isOk = (check: unknown) => check === 'ok'
const patience = { timeout: 40_000 }

describe('a process with nothing but a door', () => {
  test('ends with an error when Discord revokes the token', async () => {
    const { discord, ready, said, ended } = await run('discord', ['discord'])
    await expect.poll(() => ready('discord'), patience).toBe('ok')
    discord.state.token = 'MTA.another-token.of-the-desk'
    discord.gateway.closeConnections(4004)
    expect(await ended).toBe(1)
    const sentence = 'Discord refuses the token in DISCORD_TOKEN: reset it in the developer portal and set the new one.'
    expect(
      said()
        .split('\n')
        .filter((line) => line.startsWith('Discord:')),
    ).toEqual([
      'Discord: connected',
      `Discord: not connected. ${sentence}`,
      `Discord: ${sentence} This process has nothing else to do, and ends.`,
    ])
  })

  test.each(['tokens_revoked', 'app_uninstalled'])('ends with an error at %s of Slack', async (type) => {
    const { slack, ready, said, ended } = await run('slack', ['slack'])
    await expect.poll(() => ready('slack'), patience).toBe('ok')
    slack.world.revoked = 'account_inactive'
    await slack.deliver(slack.people.asEvent({ type }))
    expect(await ended).toBe(1)
    expect(said()).toContain('Slack: not connected. Slack does not take SLACK_BOT_TOKEN any more (account_inactive):')
    expect(said()).toContain('This process has nothing else to do, and ends.')
  })

  test('stays when the platform is away, is not ready meanwhile, and is ready again', async () => {
    const { discord, ready, said } = await run('discord', ['discord'])
    await expect.poll(() => ready('discord'), patience).toBe('ok')
    discord.gateway.refuse(1_000_000)
    discord.gateway.breakConnections()
    const away = /^not connected since \d{4}-\d\d-\d\dT[\d:.]+Z: the connection broke$/
    await expect.poll(() => ready('discord'), patience).toMatch(away)
    await expect
      .poll(said, patience)
      .toContain('Discord: not connected for 10 s: the connection broke. It is tried again.')
    discord.gateway.refuse(-1_000_000)
    await expect.poll(() => ready('discord'), patience).toBe('ok')
    await expect.poll(said).toMatch(/Discord: connected, after \d+ s without a connection\./)
  })
})

describe('a process with Slack by signed HTTP', () => {
  test('has figures and Slack on one port', async () => {
    const { slack, port, ready, said } = await run('slack', ['slack-http'])
    await expect.poll(() => ready('slack'), patience).toBe('ok')
    expect(said()).toContain(`Page: http://127.0.0.1:${port} `)
    expect(said()).toContain(`Slack: listening on port ${port} of 127.0.0.1`)
    expect((await ask(port, '/health'))?.status).toBe(200)
    expect((await ask(port, '/metrics'))?.body).toContain('deskhand_up{server="postgres"} 1')
    expect((await ask(port, '/slack/events'))?.status).toBe(405)
    expect((await ask(port, '/elsewhere'))?.status).toBe(404)
    slack.useHttp(`http://127.0.0.1:${port}/slack/events`)
    await hearsOnSlack(slack)
  })

  test('answers for itself while Slack is away', async () => {
    const { port, ready } = await run('all', ['slack-http'], (slack) => {
      slack.world.revoked = 'token_revoked'
    })
    await expect.poll(() => ready('slack'), patience).toMatch(/^refused since .+: a token is refused$/)
    await expect.poll(() => ready('workers'), patience).toBe('ok')
    const post = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body: '{}' })
    expect(post.status).toBe(503)
  })

  test('ends when its port is taken, and says so', async () => {
    const other = createServer()
    onTestFinished(() => void other.close())
    const { port, said, ended } = await run('slack', ['slack-http'], (_, taken) => other.listen(taken, '127.0.0.1'))
    expect(await ended).toBe(1)
    expect(said()).toContain(`Port ${port} cannot be used for Slack: listen EADDRINUSE`)
  })
})

describe('a process with a worker and two doors', () => {
  test('goes on without Discord when the token is revoked, and says so', async () => {
    const { discord, slack, ready, said } = await run('all', ['discord', 'slack'])
    await expect.poll(() => ready('discord'), patience).toBe('ok')
    await expect.poll(() => ready('workers'), patience).toBe('ok')
    discord.state.token = 'MTA.another-token.of-the-desk'
    discord.gateway.closeConnections(4004)
    await expect.poll(() => ready('discord'), patience).toMatch(/^refused since .+: the token is refused$/)
    expect(said()).toContain('Discord: not connected. Discord refuses the token in DISCORD_TOKEN: reset it')
    expect(said()).toContain(
      'Discord: still not connected. It is tried again. Without it go on: Slack, the worker. What is to be said there waits.',
    )
    expect([await ready('slack'), await ready('workers')]).toEqual(['ok', 'ok'])
    await hearsOnSlack(slack)
  })

  test('starts without Slack when the token is refused, and says so', async () => {
    const { ready, said } = await run('all', ['discord', 'slack'], (slack) => {
      slack.world.revoked = 'token_revoked'
    })
    await expect.poll(() => ready('discord'), patience).toBe('ok')
    await expect.poll(() => ready('slack'), patience).toMatch(/^refused since .+: a token is refused$/)
    await expect.poll(() => ready('workers'), patience).toBe('ok')
    expect(said()).toContain(
      'Slack: not connected. Slack does not take SLACK_BOT_TOKEN: An API error occurred: token_revoked.',
    )
    expect(said()).toContain('Without it go on: Discord, the worker.')
  })
})

async function hearsOnSlack({ world, people }: SlackServer): Promise<void> {
  const alice = world.addUser('U0ALICE', 'Alice').id
  const direct = world.addChannel('im', 'alice', [alice, world.bot.userId])
  await people.say(alice, direct.id, 'help')
  const answers = () => world.messages.filter(({ bot_id }) => bot_id === world.bot.botId)
  await expect.poll(answers, patience).not.toEqual([])
}
