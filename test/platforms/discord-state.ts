const epoch = 1_420_070_400_000n
let increment = 0n

/** A new id as Discord makes them: it contains the time, and grows. */
export function snowflake(at = Date.now()): string {
  increment += 1n
  return String(((BigInt(at) - epoch) << 22n) | (increment & 0x3fffffn))
}

export interface User {
  id: string
  username: string
  bot?: boolean
}

/** A channel, a thread (which has a `parent`) or a direct message (which has a `recipient`). */
export interface Channel {
  id: string
  /** 0 text, 1 direct, 11 public thread. */
  type: number
  guild?: string
  name?: string
  parent?: string
  recipient?: User
  /** The actions that the desk may not do here. */
  denied: Set<'view' | 'send' | 'threads' | 'files' | 'embeds' | 'manage'>
  /** The desk has joined this thread. */
  joined: boolean
  /** Of a thread: a message opens it again, unless it is locked. */
  archived?: boolean
  locked?: boolean
}

export interface Button {
  type: number
  style: number
  label: string
  custom_id: string
  disabled?: boolean
  /** Set for a link: a press opens it and is not heard. */
  url?: string
}

/** A menu: a person picks one of its lines. */
export interface Menu {
  type: number
  custom_id: string
  placeholder?: string
  options: { label: string; value: string }[]
}

export interface Row {
  type: number
  components: (Button | Menu)[]
}

/** A choice that a person can press or pick: a button, or a line of a menu with its value. */
export interface Pressable {
  label: string
  custom_id: string
  value?: string
}

/** Everything in these rows that a person can press or pick. */
export function pressables(rows: Row[]): Pressable[] {
  return rows.flatMap(({ components }) =>
    components.flatMap((part): Pressable[] =>
      'options' in part
        ? part.options.map(({ label, value }) => ({ label, custom_id: part.custom_id, value }))
        : part.disabled || part.url
          ? []
          : [part],
    ),
  )
}

/** A stored message; `pings` are the people whom it notified. */
export interface Message {
  id: string
  channel: string
  author: User
  content: string
  components: Row[]
  /** Every button that the message ever had: an outdated client may still press one. */
  hadButtons: Pressable[]
  flags: number
  type: number
  nonce?: string
  privateTo?: string
  /** The message is a placeholder: "the desk is thinking". */
  thinking: boolean
  edited: boolean
  deleted: boolean
  pings: string[]
  replyTo?: string
  webhook?: string
  attachments: Attachment[]
  /** Nobody sees them if the message suppresses embeds. */
  embeds: { color?: number; description?: string }[]
}

/** An uploaded file with its description. */
export interface Attachment {
  id: string
  filename: string
  description?: string
  contentType: string
  bytes: Buffer
}

export interface Modal {
  custom_id: string
  title: string
  /** Fields with a label, and texts. */
  components: { label?: string; content?: string; component?: { custom_id: string } }[]
}

/** A slash command, a press, a submitted form or a request for suggestions, with its result. */
export interface Interaction {
  id: string
  token: string
  kind: 'command' | 'component' | 'modal' | 'autocomplete'
  user: User
  channel: string
  at: number
  /** The type of its acknowledgement: 4 message, 5 thinking, 6 nothing to see, 7 update, 8 suggestions, 9 a form. */
  acknowledged?: number
  /** The message behind `@original`. */
  original?: string
  choices?: { name: string; value: string }[]
  modal?: Modal
}

export interface Request {
  method: string
  path: string
  body: unknown
  status: number
}

/** A failure of the next requests that match. */
export interface Fault {
  /** A status; `lost` accepts the request and then breaks the connection; `refused` breaks it before. */
  with: 429 | 500 | 403 | 401 | 'lost' | 'refused'
  times: number
  method?: string
  path?: RegExp
  retryAfterSeconds?: number
}

/** The whole state of this Discord. */
export interface State {
  token: string
  /** Was the application granted the MESSAGE CONTENT intent? */
  messageContent: boolean
  /** The interval of heartbeats that it asks for, in milliseconds. */
  heartbeatMs: number
  bot: User
  application: string
  guild: string
  users: Map<string, User>
  channels: Map<string, Channel>
  messages: Message[]
  interactions: Interaction[]
  // biome-ignore lint/suspicious/noExplicitAny: commands are stored as received, after a check
  commands: any[]
  requests: Request[]
  faults: Fault[]
  /** The desk's messages by nonces that are still remembered. */
  nonces: Map<string, Message>
  /** People who accept no direct messages. */
  closed: Set<string>
}

/** An empty Discord with one guild, of which the desk is a member. */
export function emptyState(token: string): State {
  const bot = { id: snowflake(), username: 'deskhand', bot: true }
  return {
    token,
    messageContent: true,
    heartbeatMs: 41_250,
    bot,
    application: snowflake(),
    guild: snowflake(),
    users: new Map([[bot.id, bot]]),
    channels: new Map(),
    messages: [],
    interactions: [],
    commands: [],
    requests: [],
    faults: [],
    nonces: new Map(),
    closed: new Set(),
  }
}

/** Stores a channel with the given traits. */
export function addChannel(state: State, traits: Partial<Channel>): Channel {
  const channel: Channel = { id: snowflake(), type: 0, denied: new Set(), joined: false, ...traits }
  state.channels.set(channel.id, channel)
  return channel
}

/** The direct channel between the desk and a person. */
export function directChannel(state: State, user: User): Channel {
  const known = [...state.channels.values()].find(({ recipient }) => recipient?.id === user.id)
  return known ?? addChannel(state, { type: 1, recipient: user })
}
