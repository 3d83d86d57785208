import type { Seen } from '../contracts/harness.ts'
import { type DiscordServer, startDiscordServer } from '../platforms/discord-server.ts'
import type { Channel } from '../platforms/discord-state.ts'
import { readableText } from '../platforms/slack-blocks.ts'
import { type SlackServer, startSlackServer } from '../platforms/slack-server.ts'

/** A platform that outlives the desk's process, with a person in a thread of it. */
export interface Platform {
  door: 'discord' | 'slack'
  /** The environment of a process that connects to it. */
  environment: Record<string, string>
  /** The person types into the thread. The message is lost while no process runs. */
  say(text: string): Promise<void>
  /** Returns a function that delivers the last typed message again, whatever is typed later. */
  lastSaid(): () => void
  /** Lets this many seconds pass for the platform's memory of requests. */
  letPass(seconds: number): void
  /** The desk's messages in the thread (or everywhere), oldest first. */
  seen(where?: 'everywhere'): Seen[]
  /** Another person of the same name comes, with another thread. Earlier messages of the desk are seen no more. */
  startOver(): void
  close(): Promise<void>
}

/** A local Discord, with its server. */
export async function discordPlatform(): Promise<Platform & { server: DiscordServer; readonly thread: Channel }> {
  const server = await startDiscordServer()
  const { people } = server
  let [alice, thread, from] = [people.person('alice'), server.thread, 0]
  let last: ReturnType<typeof people.say> | undefined
  return {
    door: 'discord',
    server,
    get thread() {
      return thread
    },
    environment: { DISCORD_TOKEN: server.token, DISCORD_API: server.api },
    async say(text) {
      last = people.say(alice, thread, text)
    },
    lastSaid() {
      const said = last!
      return () => people.deliverAgain(said)
    },
    // Discord remembers a nonce for a few minutes.
    letPass: (seconds) => (seconds >= 300 ? server.forgetNonces() : undefined),
    seen: (where) =>
      server
        .said(where === 'everywhere' ? undefined : thread)
        .slice(where === 'everywhere' ? from : 0)
        .map(({ id, content, edited }) => ({
          id,
          text: content.replace(/\\([!-/:-@[-`{-~])/g, '$1'),
          buttons: [],
          edited,
        })),
    startOver() {
      from = server.said().length
      alice = people.person('alice')
      thread = server.openThread('BYND')
    },
    close: () => server.close(),
  }
}

/** A local Slack, by Socket Mode, with its server. */
export async function slackPlatform(): Promise<Platform & { server: SlackServer }> {
  const server = await startSlackServer()
  const { world, people } = server
  const members = [world.bot.userId]
  const channel = world.addChannel('channel', 'trading', members).id
  let [alice, thread, from] = ['', '', 0]
  const startOver = () => {
    from = world.messages.length
    alice = world.addUser(`U${members.length}ALICE`, 'alice').id
    members.push(alice)
    thread = world.nextTs()
    world.messages.push({ type: 'message', ts: thread, channel, user: alice, text: 'What about BYND today?' })
  }
  startOver()
  return {
    door: 'slack',
    server,
    environment: { SLACK_BOT_TOKEN: world.botToken, SLACK_APP_TOKEN: world.appToken, SLACK_API: server.api },
    async say(text) {
      await people.say(alice, channel, `<@${world.bot.userId}> ${text}`, { thread })
    },
    lastSaid() {
      const said = people.lastSaid()
      return () => said.forEach(people.again)
    },
    letPass: () => {},
    seen: (where) =>
      world.messages
        .slice(from)
        .filter(({ bot_id, thread_ts }) => bot_id === world.bot.botId && (where || thread_ts === thread))
        .map((message) => ({
          id: message.ts,
          text: readableText(message),
          buttons: [],
          edited: 'edited' in message,
        })),
    startOver,
    close: () => server.close(),
  }
}
