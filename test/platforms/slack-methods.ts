import { checkBlocks, checkView } from './slack-blocks.ts'
import { announceFile, shareFiles } from './slack-files.ts'
import { type Json, type SlackChannel, type SlackMessage, SlackRefusal, type SlackWorld } from './slack-world.ts'

/** Arguments of a call: strings, with JSON in `blocks`, `metadata` and `view`. */
export type Args = Record<string, string>

interface Server {
  world: SlackWorld
  /** The address for Socket Mode clients. */
  socketUrl(): string
  /** The address for the bytes of an announced file. */
  uploadUrl(file: string): string
  /** Sends an event to the app. */
  emit(event: Json): void
}

type Method = (server: Server, args: Args) => Json

/** The methods of Slack's Web API that this server has. */
export const methods: Record<string, Method> = {
  'auth.test': ({ world }) => ({
    url: 'https://deskhand.slack.test/',
    team: 'Deskhand',
    user: 'deskhand',
    team_id: world.team,
    ...(world.organization && { enterprise_id: world.organization }),
    user_id: world.bot.userId,
    bot_id: world.bot.botId,
  }),

  'apps.connections.open': ({ socketUrl }) => ({ url: socketUrl() }),

  'chat.postMessage'({ world, emit }, args) {
    const channel = writable(world, args)
    const content = readContent(args)
    const message: SlackMessage = {
      type: 'message',
      ts: world.nextTs(),
      channel: channel.id,
      user: world.bot.userId,
      bot_id: world.bot.botId,
      ...content,
      ...(args.thread_ts && { thread_ts: inThread(world, channel, args.thread_ts) }),
      ...(args.metadata && { metadata: readMetadata(args.metadata) }),
      sent: args,
    }
    world.messages.push(message)
    emit({ ...world.asSeen(message, { metadata: false }), channel_type: channel.type, event_ts: message.ts })
    return { channel: channel.id, ts: message.ts, message: world.asSeen(message, { metadata: false }) }
  },

  'chat.update'({ world, emit }, args) {
    const channel = writable(world, args)
    const message = world.find(channel.id, required(args, 'ts'))
    if (!message) throw new SlackRefusal('message_not_found')
    if (message.bot_id !== world.bot.botId) throw new SlackRefusal('cant_update_message')
    const before = world.asSeen(message, { metadata: false })
    const content = readContent(args)
    message.text = content.text
    if (content.blocks) message.blocks = content.blocks
    // Attachments that are not sent stay, as in Slack.
    if (content.attachments) message.attachments = content.attachments
    if (args.metadata) message.metadata = readMetadata(args.metadata)
    message.edited = { user: world.bot.userId, ts: world.nextTs() }
    message.sent = args
    emit({
      type: 'message',
      subtype: 'message_changed',
      channel: channel.id,
      channel_type: channel.type,
      hidden: true,
      ts: message.edited.ts,
      event_ts: message.edited.ts,
      message: world.asSeen(message, { metadata: false }),
      previous_message: before,
    })
    return { channel: channel.id, ts: message.ts, text: message.text }
  },

  'chat.delete'({ world }, args) {
    const channel = writable(world, args)
    const index = world.messages.findIndex((each) => each.channel === channel.id && each.ts === args.ts)
    if (index < 0) throw new SlackRefusal('message_not_found')
    world.messages.splice(index, 1)
    return { channel: channel.id, ts: args.ts }
  },

  'chat.postEphemeral'({ world }, args) {
    const channel = writable(world, args)
    const user = required(args, 'user')
    if (!channel.members.includes(user)) throw new SlackRefusal('user_not_in_channel')
    const ts = world.nextTs()
    const thread_ts = args.thread_ts ? inThread(world, channel, args.thread_ts) : undefined
    world.ephemerals.push({ ts, channel: channel.id, user, thread_ts, ...readContent(args) })
    return { message_ts: ts }
  },

  'files.getUploadURLExternal': announceFile,

  'files.completeUploadExternal'(server, args) {
    const channel = writable(server.world, { ...args, channel: args.channel_id ?? '' })
    return shareFiles(server, args, channel, args.thread_ts && inThread(server.world, channel, args.thread_ts))
  },

  'conversations.replies'({ world }, args) {
    const channel = readable(world, args)
    const ts = required(args, 'ts')
    const thread = world.thread(channel.id, ts)
    if (thread.length === 0) throw new SlackRefusal('thread_not_found')
    // The parent is always included, whatever the window.
    return page(world, thread, args, (message) => message.ts === ts)
  },

  'conversations.history'({ world }, args) {
    const channel = readable(world, args)
    const roots = world.messages.filter(
      (message) => message.channel === channel.id && (!message.thread_ts || message.subtype === 'thread_broadcast'),
    )
    return page(world, roots.reverse(), args)
  },

  'conversations.open'({ world }, args) {
    const user = required(args, 'users')
    if (!world.users.has(user)) throw new SlackRefusal('user_not_found')
    const open = [...world.channels.values()].find((each) => each.type === 'im' && each.members.includes(user))
    return { channel: { id: (open ?? world.addChannel('im', user, [user, world.bot.userId])).id } }
  },

  'conversations.info'({ world }, args) {
    const { id, name, type, archived } = readable(world, args)
    return { channel: { id, name, is_im: type === 'im', is_archived: archived } }
  },

  'users.info'({ world }, args) {
    const user = world.users.get(required(args, 'user'))
    if (!user) throw new SlackRefusal('user_not_found')
    return { user: { ...user, team_id: world.team, is_bot: false } }
  },

  'views.open'({ world }, args) {
    const view = parse(required(args, 'view'), 'invalid_arguments')
    checkView(view, 'modal')
    world.takeTrigger(required(args, 'trigger_id'))
    const id = world.nextId('V')
    world.views.set(id, { id, hash: world.nextId('h'), user: '', view })
    return { view: { id, ...view } }
  },

  'views.update'({ world }, args) {
    const view = parse(required(args, 'view'), 'invalid_arguments')
    checkView(view, 'modal')
    const open = world.views.get(required(args, 'view_id'))
    if (!open) throw new SlackRefusal('not_found')
    world.views.set(open.id, { ...open, hash: world.nextId('h'), view })
    return { view: { id: open.id, ...view } }
  },

  'views.publish'({ world }, args) {
    const view = parse(required(args, 'view'), 'invalid_arguments')
    checkView(view, 'home')
    const user = required(args, 'user_id')
    if (!world.users.has(user)) throw new SlackRefusal('user_not_found')
    world.homes.set(user, view)
    return { view: { id: world.nextId('V'), ...view } }
  },
}

function required(args: Args, name: string): string {
  const value = args[name]
  if (!value) throw new SlackRefusal('invalid_arguments', `missing required field: ${name}`)
  return value
}

function parse(text: string, error: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new SlackRefusal(error)
  }
}

function readable(world: SlackWorld, args: Args): SlackChannel {
  const channel = world.channels.get(required(args, 'channel'))
  if (!channel) throw new SlackRefusal('channel_not_found')
  if (!channel.members.includes(world.bot.userId)) throw new SlackRefusal('not_in_channel')
  return channel
}

function writable(world: SlackWorld, args: Args): SlackChannel {
  const channel = readable(world, args)
  if (channel.archived) throw new SlackRefusal('is_archived')
  return channel
}

function inThread(world: SlackWorld, channel: SlackChannel, ts: string): string {
  if (!/^\d+\.\d{6}$/.test(ts)) throw new SlackRefusal('invalid_thread_ts')
  const parent = world.find(channel.id, ts)
  if (!parent || parent.thread_ts) throw new SlackRefusal('thread_not_found')
  return ts
}

/** Text and blocks of a message. Slack accepts up to 40,000 characters and cuts the rest; here that is an error. */
export function readContent(args: { text?: string; blocks?: string | Json[]; attachments?: string | Json[] }): Content {
  const text = args.text ?? ''
  if (text.length > 40_000) throw new SlackRefusal('msg_too_long')
  if (args.blocks === undefined) {
    if (text === '') throw new SlackRefusal('no_text')
    return { text }
  }
  const blocks = typeof args.blocks === 'string' ? parse(args.blocks, 'invalid_blocks_format') : args.blocks
  checkBlocks(blocks, 'message')
  if (args.attachments === undefined) return { text, blocks }
  const { attachments } = args
  return { text, blocks, attachments: checkedAttachments(attachments) }
}

interface Content {
  text: string
  blocks?: Json[]
  attachments?: Json[]
}

function checkedAttachments(sent: string | Json[]): Json[] {
  const attachments = typeof sent === 'string' ? parse(sent, 'invalid_attachments') : sent
  if (!Array.isArray(attachments) || attachments.length > 100) throw new SlackRefusal('too_many_attachments')
  const isRight = ({ color, text, fallback }: Json) => /^#[0-9a-f]{6}$/i.test(color) && text && fallback
  if (!attachments.every(isRight)) throw new SlackRefusal('invalid_attachments')
  return attachments
}

function readMetadata(text: string): { event_type: string; event_payload: Json } {
  const metadata = parse(text, 'invalid_metadata_format')
  if (typeof metadata.event_type !== 'string' || typeof metadata.event_payload !== 'object') {
    throw new SlackRefusal('invalid_metadata_schema')
  }
  return metadata
}

function page(world: SlackWorld, messages: SlackMessage[], args: Args, always = (_: SlackMessage) => false): Json {
  const oldest = Number(args.oldest ?? 0)
  const latest = Number(args.latest ?? Number.MAX_SAFE_INTEGER)
  const inside = (ts: number) => (args.inclusive === 'true' ? ts >= oldest && ts <= latest : ts > oldest && ts < latest)
  const found = messages.filter((message) => always(message) || inside(Number(message.ts)))
  const start = Number(args.cursor ?? 0)
  const end = start + Math.min(Number(args.limit ?? 100), 1000)
  const metadata = args.include_all_metadata === 'true'
  return {
    messages: found.slice(start, end).map((message) => world.asSeen(message, { metadata })),
    has_more: end < found.length,
    response_metadata: { next_cursor: end < found.length ? String(end) : '' },
  }
}
