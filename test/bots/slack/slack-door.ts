import { Writable } from 'node:stream'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type SlackDoor, startSlack } from '../../../bots/slack/index.ts'
import type { OwnHttpServer } from '../../../src/api/http/http-server.ts'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { buttonsOf, readableText } from '../../platforms/slack-blocks.ts'
import { createHttpLine, type HttpLine } from '../../platforms/slack-lines.ts'
import { type SlackServer, startSlackServer } from '../../platforms/slack-server.ts'
import type { SlackChannel, SlackMessage } from '../../platforms/slack-world.ts'
import { httpServer } from '../../support/http.ts'
import { type NewsSpy, newsSpy } from '../news-spy.ts'
import { type RecordingDesk, recordingDesk } from './recording-desk.ts'

export const modes = ['socket', 'http'] as const
export type Mode = (typeof modes)[number]

/** A Slack workspace with two people, a channel and a direct message, and the door that is connected to it. */
export interface OpenDoor {
  slack: SlackServer
  door: SlackDoor
  desk: RecordingDesk
  alice: string
  bob: string
  channel: SlackChannel
  direct: SlackChannel
  /** The news that the door told of its connection. */
  news: NewsSpy
  /** The log, one JSON line after the other. */
  logged(): string
  /** Sends signed HTTP to this door by hand; only in HTTP mode. */
  http: HttpLine
  /** The HTTP server of the door's process; it listens only in HTTP mode. */
  server: OwnHttpServer
  /** Messages of the bot in a channel, oldest first. */
  posted(channel?: SlackChannel): SlackMessage[]
  /** The texts of these messages, as a person reads them. */
  texts(channel?: SlackChannel): string[]
  /** A thread in the channel that Alice began. */
  thread(): string
}

/** Opens the door for one test and closes it at the end; the workspace belongs to an organization if one is named. */
export async function openDoor(
  mode: Mode,
  say?: (inbound: Inbound) => Reply[] | Promise<Reply[]>,
  desk = recordingDesk(say),
  organization?: string,
): Promise<OpenDoor> {
  const slack = await startSlackServer()
  onTestFinished(() => slack.close())
  const { world } = slack
  if (organization) world.organization = organization
  const alice = world.addUser('U0ALICE', 'Alice').id
  const bob = world.addUser('U0BOB', 'Bob').id
  const channel = world.addChannel('channel', 'trading', [alice, bob, world.bot.userId])
  const direct = world.addChannel('im', 'alice', [alice, world.bot.userId])

  const news = newsSpy()
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) })
  const log = pino({ level: 'trace' }, sink)
  const server = httpServer()
  const way = mode === 'socket' ? { appToken: world.appToken } : { signingSecret: world.signingSecret, http: server }
  const door = await startSlack({ desk, botToken: world.botToken, api: slack.api, log, news, ...way })
  onTestFinished(async () => {
    await door.close()
    await server.close()
  })
  const url = `http://127.0.0.1:${door.port}/slack/events`
  if (mode === 'http') slack.useHttp(url)

  const posted = (where = channel) =>
    world.messages.filter((message) => message.channel === where.id && message.bot_id === world.bot.botId)
  return {
    slack,
    door,
    desk,
    alice,
    bob,
    channel,
    direct,
    news,
    logged: () => lines.join(''),
    http: createHttpLine(url, world),
    server,
    posted,
    texts: (where) => posted(where).map(readableText),
    thread() {
      const ts = world.nextTs()
      world.messages.push({ type: 'message', ts, channel: channel.id, user: alice, text: 'BYND today' })
      return ts
    },
  }
}

/** The labels of a message's buttons. */
export function labels(message: Parameters<typeof buttonsOf>[0] | undefined): string[] {
  return message ? buttonsOf(message).map((button) => button.label) : []
}
