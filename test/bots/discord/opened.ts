import { pino } from 'pino'
import { expect, onTestFinished, vi } from 'vitest'
import { startDiscord } from '../../../bots/discord/index.ts'
import type { ConnectionNews } from '../../../src/talk/chat/connection.ts'
import type { Door } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { type DiscordServer, startDiscordServer } from '../../platforms/discord-server.ts'
import type { Channel, Message, User } from '../../platforms/discord-state.ts'
import { type NewsSpy, newsSpy } from '../news-spy.ts'
import { type ScriptedDesk, scriptedDesk } from './scripted-desk.ts'

/** A local Discord with two people, and a function that opens the desk's door to it. */
export interface Scene {
  server: DiscordServer
  desk: ScriptedDesk
  alice: User
  bob: User
  /** The news that the door told of its connection. */
  news: NewsSpy
  /** The log lines until now, parsed. */
  lines: { level: number; msg: string }[]
  /** Opens the door with `news`, or with the given listener; the door is closed when the test ends. */
  open(tells?: ConnectionNews): Promise<Door>
}

/** Opens a local Discord for one test; afterwards no secret may be in the log. */
export async function scene(): Promise<Scene> {
  const server = await startDiscordServer()
  const desk = scriptedDesk()
  const lines: Scene['lines'] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const doors: Door[] = []
  const news = newsSpy()
  onTestFinished(async () => {
    for (const door of doors) await door.close()
    await server.close()
    expect(JSON.stringify(lines)).not.toContain(server.token)
    expect(JSON.stringify(lines)).not.toContain('interaction-token')
  })
  return {
    server,
    desk,
    lines,
    news,
    alice: server.people.person('alice'),
    bob: server.people.person('bob'),
    async open(tells: ConnectionNews = news) {
      const door = await startDiscord({ desk, token: server.token, api: server.api, log, news: tells })
      doors.push(door)
      return door
    },
  }
}

/** Opens a local Discord and the door. */
export async function openScene(): Promise<Scene & { door: Door }> {
  const set = await scene()
  return { ...set, door: await set.open() }
}

/** The place of a channel, thread or direct message. */
export function placeOf({ id, guild }: Channel): Place {
  return { door: 'discord', workspace: guild ?? '', channel: id }
}

/** The text as people read it, without the backslashes that escape markdown. */
export function shown(content: string): string {
  return content.replace(/\\([!-/:-@[-`{-~])/g, '$1')
}

/** Waits for up to ten seconds, for a busy machine, until a check no longer throws, and returns its result. */
export const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check)

/** Waits until the desk has posted this many messages, in one place if given, and returns them. */
export async function said({ server }: Scene, count: number, where?: Channel | string): Promise<Message[]> {
  return until(() => {
    const messages = server.said(where)
    expect(messages.map(({ content }) => content)).toHaveLength(count)
    return messages
  })
}

/** Waits until the desk has heard this many events, and returns the last of them. */
export async function heard({ desk }: Scene, count: number) {
  await until(() => expect(desk.heard).toHaveLength(count))
  return desk.heard.at(-1)!
}

/** Resolves when the door has read all earlier events: a later message was heard. */
export async function settled({ server, desk }: Scene): Promise<void> {
  const marker = server.people.say(server.people.person('marker'), server.thread, 'marker')
  await until(() => expect(desk.heard.map(({ id }) => id)).toContain(`discord:${marker.id}`))
  desk.heard = desk.heard.filter(({ id }) => id !== `discord:${marker.id}`)
}
