/** A block or element of Block Kit as it came over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: it is checked by slack-blocks, not by types
export type Json = any

export interface SlackUser {
  id: string
  name: string
  /** The workspace that they are of, and its organization; the app's own when absent. */
  from?: { team: string; organization?: string }
  profile: { display_name: string; real_name: string }
}

export interface SlackChannel {
  id: string
  name: string
  type: 'channel' | 'group' | 'im' | 'mpim'
  members: string[]
  archived: boolean
}

export interface SlackMessage {
  type: 'message'
  ts: string
  channel: string
  user: string
  bot_id?: string
  subtype?: string
  text: string
  blocks?: Json[]
  thread_ts?: string
  metadata?: { event_type: string; event_payload: Json }
  edited?: { user: string; ts: string }
  files?: { id: string; name: string; title?: string }[]
  /** Which of Slack's own doings were asked for: kept, so that tests can look. */
  sent?: Record<string, string>
}

/** A file: announced with its length, then uploaded, then shared. */
export interface SlackFile {
  id: string
  name: string
  length: number
  /** What it shows, for whoever cannot see it: Slack listens to `alt_txt` only. */
  altText?: string
  title?: string
  bytes?: Buffer
  /** Shared: where it can be seen. */
  channel?: string
  thread_ts?: string
}

/** A message that only `user` sees. */
export interface SlackEphemeral {
  ts: string
  channel: string
  user: string
  thread_ts?: string
  text: string
  blocks?: Json[]
}

export interface SlackView {
  id: string
  hash: string
  user: string
  view: Json
}

/** What a button or command may be answered with. */
export interface ResponseTarget {
  channel: string
  user: string
  /** The ephemeral message with the button, which can be deleted this way. */
  ephemeral?: string
  uses: number
}

/** Slack said no: `error` is the code, as in `{ ok: false, error }`. */
export class SlackRefusal extends Error {
  readonly error: string
  readonly details: string[]

  constructor(error: string, ...details: string[]) {
    super(`${error} ${details.join('; ')}`)
    this.error = error
    this.details = details
  }
}

/** A workspace with a bot in it: all that Slack would know. */
export class SlackWorld {
  readonly team = 'T0DESK'
  /** The organization that the workspace belongs to. */
  organization?: string
  readonly bot = { userId: 'U0DESKHAND', botId: 'B0DESKHAND', appId: 'A0DESKHAND' }
  readonly botToken = 'xoxb-2042-1138-theRightBotToken'
  readonly appToken = 'xapp-1-A0DESKHAND-1138-theRightAppToken'
  readonly signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'

  /** What Slack says to the bot's token since it was taken back, such as `token_revoked`. */
  revoked?: string
  /** The same of the app's token. */
  appTokenRevoked?: string

  readonly users = new Map<string, SlackUser>()
  readonly channels = new Map<string, SlackChannel>()
  readonly messages: SlackMessage[] = []
  readonly files = new Map<string, SlackFile>()
  /** What the bot's token may do beyond reading and writing messages. */
  readonly scopes = new Set(['files:write'])
  readonly ephemerals: SlackEphemeral[] = []
  readonly views = new Map<string, SlackView>()
  readonly homes = new Map<string, Json>()
  readonly responses = new Map<string, ResponseTarget>()
  private readonly triggers = new Map<string, { at: number; used: boolean }>()
  private clock = Date.now() * 1000
  private counter = 0

  /** Another `ts`, later than all before it. */
  nextTs(): string {
    this.clock = Math.max(this.clock + 1, Date.now() * 1000)
    return `${Math.floor(this.clock / 1e6)}.${String(this.clock % 1e6).padStart(6, '0')}`
  }

  nextId(prefix: string): string {
    this.counter += 1
    return `${prefix}${String(this.counter).padStart(8, '0')}`
  }

  addUser(id: string, name: string, from?: SlackUser['from']): SlackUser {
    const user: SlackUser = {
      id,
      name: name.toLowerCase(),
      profile: { display_name: name, real_name: `${name} Miller` },
    }
    if (from) user.from = from
    this.users.set(id, user)
    return user
  }

  addChannel(type: SlackChannel['type'], name: string, members: string[]): SlackChannel {
    const id = this.nextId(type === 'im' ? 'D' : 'C')
    const channel = { id, name, type, members, archived: false }
    this.channels.set(id, channel)
    return channel
  }

  /** A new `trigger_id`, good for one view within three seconds. */
  newTrigger(): string {
    const id = `${this.nextId('')}.${Date.now()}.trigger`
    this.triggers.set(id, { at: Date.now(), used: false })
    return id
  }

  takeTrigger(id: string): void {
    const trigger = this.triggers.get(id)
    if (!trigger) throw new SlackRefusal('invalid_trigger_id')
    if (trigger.used) throw new SlackRefusal('exchanged_trigger_id')
    if (Date.now() - trigger.at > 3000) throw new SlackRefusal('expired_trigger_id')
    trigger.used = true
  }

  /** All triggers are as good as three seconds old. */
  expireTriggers(): void {
    for (const trigger of this.triggers.values()) trigger.at = 0
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts)
  }

  /** Parent first, then replies; empty when there is no such message. */
  thread(channel: string, ts: string): SlackMessage[] {
    return this.messages.filter(
      (message) => message.channel === channel && (message.ts === ts || message.thread_ts === ts),
    )
  }

  /** A message as others get it: a parent names itself as its thread once somebody has replied. */
  asSeen(message: SlackMessage, options: { metadata: boolean }): Json {
    const { sent: _, metadata, ...rest } = message
    const parent = this.messages.some((other) => other.channel === message.channel && other.thread_ts === message.ts)
    return {
      ...rest,
      team: this.team,
      ...(parent && { thread_ts: message.ts }),
      ...(options.metadata && metadata && { metadata }),
    }
  }
}
