import { pino } from 'pino'
import { expect } from 'vitest'
import { startDiscord } from '../../bots/discord/index.ts'
import { channelData } from '../platforms/discord-messages.ts'
import { type DiscordServer, startDiscordServer } from '../platforms/discord-server.ts'
import { addChannel, directChannel, type Message, pressables, type User } from '../platforms/discord-state.ts'
import type { DoorHarness, Person, Seen } from './harness.ts'

interface Option {
  type: number
  name: string
  options?: Option[]
}

/** The harness, with the Discord server behind it. */
export type DiscordHarness = DoorHarness & { server: DiscordServer }

/**
 * A local Discord, with the real discord.js client in it once `connect` was called. People talk in a thread, or in a channel,
 * where they mention the desk each time; the messages of threads on the channel are then included.
 */
export async function createDiscordHarness(where: 'thread' | 'channel' = 'thread'): Promise<DiscordHarness> {
  const server = await startDiscordServer()
  const { people, state } = server
  let spot = server[where]
  let alice = people.person('alice')
  let bob = people.person('bob')
  let last: Message | undefined

  return {
    door: 'discord',
    server,
    buttons: true,
    connect: (desk) => startDiscord({ desk, token: server.token, api: server.api, log: pino({ level: 'fatal' }) }),
    get alice() {
      return personOf(alice)
    },
    get bob() {
      return personOf(bob)
    },
    async moveOn() {
      const { type, guild, name, parent } = spot
      spot = addChannel(state, { type, guild, name, parent })
      server.gateway.dispatch(parent ? 'THREAD_CREATE' : 'CHANNEL_CREATE', channelData(state, spot), 'guilds')
      alice = people.person('alice')
      bob = people.person('bob')
    },
    async say(person, text) {
      last = people.say(user(person), spot, where === 'thread' ? text : `<@${state.bot.id}> ${text}`)
    },
    async sayAgain() {
      if (!last) throw new Error('nothing was said')
      people.deliverAgain(last)
    },
    async press(person, label, { twice } = {}) {
      const presser = user(person)
      const message = newestWith(label, presser)
      // Two clicks are two interactions: Discord does not deliver an interaction twice.
      for (let click = 0; click < (twice ? 2 : 1); click += 1) people.press(presser, message, label)
    },
    async fill(person, label, ...texts) {
      const opened = people.press(user(person), newestWith(label, user(person)), label)
      await expect.poll(() => opened.modal, { interval: 10 }).toBeDefined()
      people.submit(user(person), opened, ...texts)
    },
    async command(person, name, options) {
      people.slash(user(person), spot, pathOf(name.replaceAll(' ', '-')), options)
    },
    refuseEdits: (times) =>
      server.fail({ with: 429, times, method: 'PATCH', path: /messages/, retryAfterSeconds: 0.2 }),
    seen: () => seenIn(conversation()),
    close: () => server.close(),
  }

  /** The path of a command: directly under one of the slash commands, or in a group of one. */
  function pathOf(name: string): string[] {
    for (const slash of state.commands) {
      const under: Option[] = slash.options ?? []
      if (under.some((one) => one.type === 1 && one.name === name)) return [slash.name, name]
      const group = under.find((one) => one.type === 2 && one.options?.some((sub) => sub.name === name))
      if (group) return [slash.name, group.name, name]
    }
    throw new Error(`no slash command has ${name}`)
  }

  function user({ id }: Person): User {
    const found = state.users.get(id)
    if (!found) throw new Error(`nobody here has the id ${id}`)
    return found
  }

  /** The desk's messages in the conversation, and in direct messages. */
  function conversation(): Message[] {
    const direct = new Map([alice, bob].map((person) => [directChannel(state, person).id, person.id]))
    return server
      .said()
      .filter(({ channel }) => channel === spot.id || isUnder(channel) || direct.has(channel))
      .map((message) => ({ ...message, privateTo: message.privateTo ?? direct.get(message.channel) }))
  }

  function isUnder(channel: string): boolean {
    return where === 'channel' && state.channels.get(channel)?.parent === spot.id
  }

  /** A button that is gone can still be pressed in a client that is not up to date. */
  function newestWith(label: string, presser: User): Message {
    const visible = conversation().filter(({ privateTo }) => privateTo === undefined || privateTo === presser.id)
    const now = visible.findLast((message) => buttonsOf(message).includes(label))
    const found = now ?? visible.findLast(({ hadButtons }) => hadButtons.some((button) => button.label === label))
    const stored = state.messages.find(({ id }) => id === found?.id)
    if (!stored) throw new Error(`the desk has shown no button ${label}`)
    return stored
  }
}

/** Discord's flag of a message whose embeds nobody sees. */
const suppressEmbeds = 4

function personOf({ id, username }: User): Person {
  return { id, name: username }
}

function seenIn(messages: Message[]): Seen[] {
  return messages.map((message) => ({
    id: message.id,
    text: message.content.replace(escaped, '$1'),
    buttons: buttonsOf(message),
    privateTo: message.privateTo,
    pings: message.pings,
    edited: message.edited,
    strip: message.flags & suppressEmbeds ? undefined : message.embeds[0]?.description,
    files: message.attachments.map(({ filename, description, bytes }) => ({
      name: filename,
      alt: description,
      bytes,
    })),
  }))
}

function buttonsOf({ components }: Message): string[] {
  return pressables(components).map(({ label }) => label)
}

/** Discord does not show a backslash before a sign. */
const escaped = /\\([!-/:-@[-`{-~])/g
