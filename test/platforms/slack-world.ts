/** A block or element of Block Kit as received. */
// biome-ignore lint/suspicious/noExplicitAny: slack-blocks checks it, types do not
export type Json = any

export interface SlackUser {
  id: string
  name: string
  /** Their workspace and its organization; absent for the app's own. */
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
  attachments?: Json[]
  thread_ts?: string
  metadata?: { event_type: string; event_payload: Json }
  edited?: { user: string; ts: string }
  files?: { id: string; name: string; title?: string }[]
  /** The options of the call that affect Slack itself, kept for tests to look at. */
  sent?: Record<string, string>
}

/** A file: announced with its length, then uploaded, then shared. */
export interface SlackFile {
  id: string
  name: string
  length: number
  /** Its description, for people who cannot see it: Slack uses only `alt_txt`. */
  altText?: string
  title?: string
  bytes?: Buffer
  /** Its place once it is shared. */
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
  attachments?: Json[]
}

export interface SlackView {
  id: string
  hash: string
  user: string
  view: Json
  errors?: Json
}

/** A target for answers to a button or command. */
export interface ResponseTarget {
  channel: string
  user: string
  /** The ephemeral message with the button; its deletion is possible through this target. */
  ephemeral?: string
  uses: number
}

/** A refusal of Slack: `error` is the code, as in `{ ok: false, error }`. */
export class SlackRefusal extends Error {
  readonly error: string
  readonly details: string[]

  constructor(error: string, ...details: string[]) {
    super(`${error} ${details.join('; ')}`)
    this.error = error
    this.details = details
  }
}

/** A workspace with a bot in it: the state of Slack. */
export class SlackWorld {
  readonly team = 'T0DESK'
  /** The organization of the workspace. */
  organization?: string
  readonly bot = { userId: 'U0DESKHAND', botId: 'B0DESKHAND', appId: 'A0DESKHAND' }
  readonly botToken = 'xoxb-2042-1138-theRightBotToken'
  readonly appToken = 'xapp-1-A0DESKHAND-1138-theRightAppToken'
  readonly signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'

  /** Slack's error for the bot's token since it was revoked, such as `token_revoked`. */
  revoked?: string
  /** The same for the app's token. */
  appTokenRevoked?: string

  readonly users = new Map<string, SlackUser>()
  readonly channels = new Map<string, SlackChannel>()
  readonly messages: SlackMessage[] = []
  readonly files = new Map<string, SlackFile>()
  /** The scopes of the bot's token beyond reading and writing messages. */
  readonly scopes = new Set(['files:write'])
  readonly ephemerals: SlackEphemeral[] = []
  readonly views = new Map<string, SlackView>()
  readonly homes = new Map<string, Json>()
  readonly responses = new Map<string, ResponseTarget>()
  private readonly triggers = new Map<string, { at: number; used: boolean }>()
  private clock = Date.now() * 1000
  private counter = 0

  /** A new `ts`, later than all before it. */
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

  /** A new `trigger_id`, valid for one view within three seconds. */
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

  /** Ages all triggers by three seconds, so that they are expired. */
  expireTriggers(): void {
    for (const trigger of this.triggers.values()) trigger.at = 0
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts)
  }

  /** The parent first, then the replies; empty when there is no such message. */
  thread(channel: string, ts: string): SlackMessage[] {
    return this.messages.filter(
      (message) => message.channel === channel && (message.ts === ts || message.thread_ts === ts),
    )
  }

  /** A message as others get it: a parent names itself as its thread once it has a reply. */
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
