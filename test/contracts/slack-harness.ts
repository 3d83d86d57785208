import { pino } from 'pino'
import { expect } from 'vitest'
import { startSlack } from '../../bots/slack/index.ts'
import { buttonsOf, pingsOf, readableText, tableIn } from '../platforms/slack-blocks.ts'
import { startSlackServer } from '../platforms/slack-server.ts'
import type { SlackEphemeral, SlackMessage } from '../platforms/slack-world.ts'
import { httpServer } from '../support/http.ts'
import type { DoorHarness, Person } from './harness.ts'

/** The harness, with the desk's direct messages to a person. */
export type SlackHarness = DoorHarness & { directTo(person: Person): string[] }

const tooMany = { status: 429, retryAfter: 1 }

/**
 * A thread in a channel of a local Slack, by Socket Mode or signed HTTP. Every message mentions the desk and so comes twice,
 * as in Slack: as `message` and as `app_mention`. Slack has no commands in threads: people give them in the channel, and the
 * desk's messages there are included.
 */
export async function createSlackHarness(mode: 'socket' | 'http'): Promise<SlackHarness> {
  const slack = await startSlackServer()
  const { world, people } = slack
  let moves = 0
  let here = settle()

  return {
    door: 'slack',
    buttons: true,
    get alice() {
      return here.alice
    },
    get bob() {
      return here.bob
    },
    async moveOn() {
      world.views.clear()
      here = settle()
    },

    async connect(desk) {
      const log = pino({ level: 'silent' })
      const options = { desk, botToken: world.botToken, api: slack.api, log }
      if (mode === 'socket') return startSlack({ ...options, appToken: world.appToken })
      const http = httpServer()
      const door = await startSlack({ ...options, signingSecret: world.signingSecret, http })
      slack.useHttp(`http://127.0.0.1:${door.port}/slack/events`)
      return {
        ...door,
        async close() {
          await door.close()
          await http.close()
        },
      }
    },

    async say(person, text) {
      const { channel, thread } = here
      await people.say(person.id, channel, `<@${world.bot.userId}> ${asSent(text)}`, { thread })
    },

    async sayAgain() {
      await Promise.all(people.lastSaid().map(people.again))
    },

    press,

    refuseEdits: (times) => slack.fail('chat.update', ...Array.from({ length: times }, () => tooMany)),

    async fill(person, label, ...texts) {
      await press(person, label)
      await expect.poll(() => slack.world.views.size, { interval: 10 }).toBeGreaterThan(0)
      const [view] = slack.world.views.values()
      const isMenu = view!.view.blocks.some(
        ({ element }: { element?: { type: string } }) => element?.type === 'external_select',
      )
      if (isMenu) await people.suggest(person.id, texts[0]!)
      await people.submit(person.id, ...texts)
    },

    async command(person, name, { price, ...options }) {
      const typed = [name, ...Object.values(options), ...(price ? ['@', price] : [])]
      await people.command(person.id, here.channel, asSent(typed.join(' ')))
    },

    seen: () => all().map((message) => ({ ...look(message), files: filesOf(message) })),
    directTo({ id }) {
      return all()
        .filter(({ channel }) => isDirect(channel, id))
        .map(readableText)
    },
    close: () => slack.close(),
  }

  /** A thread in a new channel, and two new people in it. */
  function settle() {
    moves += 1
    const nth = moves === 1 ? '' : moves
    const alice = world.addUser(`U0ALICE${nth}`, 'Alice').id
    const bob = world.addUser(`U0BOB${nth}`, 'Bob').id
    const channel = world.addChannel('channel', 'trading', [alice, bob, world.bot.userId]).id
    const thread = world.nextTs()
    world.messages.push({ type: 'message', ts: thread, channel, user: alice, text: 'What about BYND today?' })
    return { alice: { id: alice, name: 'Alice' }, bob: { id: bob, name: 'Bob' }, channel, thread }
  }

  async function press(person: Person, label: string, options?: { twice?: boolean }): Promise<void> {
    const message = [...all()].reverse().find((each) => isFor(each, person.id) && labels(each).includes(label))
    if (!message) throw new Error(`${person.name} sees no button ${label}`)
    const delivery = await people.press(person.id, message, label)
    if (options?.twice) await slack.deliver(delivery)
  }

  function filesOf(message: SlackMessage | SlackEphemeral) {
    if (!('files' in message)) return []
    return (message.files ?? []).map(({ id }) => {
      const { name, altText, bytes } = world.files.get(id)!
      return { name, alt: altText, bytes: bytes! }
    })
  }

  /** The desk's messages in the channel, and those to its people alone. */
  function all(): (SlackMessage | SlackEphemeral)[] {
    const { alice, bob } = here
    const ours = world.messages.filter((message) => message.bot_id === world.bot.botId)
    return [...ours, ...world.ephemerals]
      .filter(({ channel }) => channel === here.channel || isDirect(channel, alice.id) || isDirect(channel, bob.id))
      .toSorted((one, other) => Number(one.ts) - Number(other.ts))
  }

  function isDirect(channel: string, person: string): boolean {
    const found = world.channels.get(channel)
    return found?.type === 'im' && found.members.includes(person)
  }
}

function look(message: SlackMessage | SlackEphemeral) {
  return {
    id: message.ts,
    text: readableText(message),
    buttons: labels(message),
    privateTo: isPrivate(message) ? message.user : undefined,
    edited: 'edited' in message,
    strip: message.attachments?.[0]?.text,
    table: tableIn(message)?.slice(1),
    pings: pingsOf(message),
  }
}

/** Typed text as Slack sends it: a person's text is never markup. */
const asSent = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const labels = (message: SlackMessage | SlackEphemeral) => buttonsOf(message).map((button) => button.label)
const isPrivate = (message: SlackMessage | SlackEphemeral): message is SlackEphemeral => !('type' in message)
const isFor = (message: SlackMessage | SlackEphemeral, user: string) => !isPrivate(message) || message.user === user
