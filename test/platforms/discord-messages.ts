import { pingsOf } from './discord-rules.ts'
import { type Channel, type Message, pressables, type Row, type State, snowflake, type User } from './discord-state.ts'
import { attachmentsOf } from './discord-uploads.ts'

// biome-ignore lint/suspicious/noExplicitAny: the client's data, after a check
type Sent = any

/** A user as the API shows them. */
export function userData({ id, username, bot }: User) {
  return { id, username, discriminator: '0', global_name: bot ? null : username, avatar: null, bot: bot ?? false }
}

/** A channel as the API shows it. */
export function channelData(state: State, channel: Channel) {
  if (channel.recipient) return { id: channel.id, type: channel.type, recipients: [userData(channel.recipient)] }
  const common = { id: channel.id, type: channel.type, guild_id: channel.guild, name: channel.name }
  if (!channel.parent) return { ...common, position: 0, permission_overwrites: [], parent_id: null }
  const archive_timestamp = new Date().toISOString()
  return {
    ...common,
    parent_id: channel.parent,
    owner_id: state.bot.id,
    message_count: 0,
    member_count: 1,
    thread_metadata: { archived: false, auto_archive_duration: 1440, archive_timestamp, locked: false },
  }
}

/** A message as the REST API shows it. */
export function messageData(state: State, message: Message) {
  const replied = state.messages.find(({ id }) => id === message.replyTo)
  const named = Array.from(message.content.matchAll(/<@!?(\d+)>/g), ([, id]) => state.users.get(id!))
  const mentioned = [...named, replied && message.author.id !== state.bot.id ? replied.author : undefined]
  return {
    id: message.id,
    channel_id: message.channel,
    type: message.type,
    author: userData(message.author),
    content: message.content,
    timestamp: new Date().toISOString(),
    edited_timestamp: message.edited ? new Date().toISOString() : null,
    tts: false,
    mention_everyone: message.pings.includes('everyone'),
    mentions: [...new Set(mentioned)].filter((user) => user !== undefined).map(userData),
    mention_roles: [],
    attachments: message.attachments.map(({ id, filename, description, contentType, bytes }) => ({
      id,
      filename,
      description,
      content_type: contentType,
      size: bytes.length,
      url: `https://cdn.discord.test/${id}/${filename}`,
      proxy_url: `https://media.discord.test/${id}/${filename}`,
    })),
    embeds: message.embeds,
    pinned: false,
    flags: message.flags,
    components: message.components,
    ...(message.webhook && { webhook_id: message.webhook }),
    ...(replied && {
      message_reference: { message_id: replied.id, channel_id: replied.channel },
      referenced_message: { ...messageFields(replied), author: userData(replied.author) },
    }),
  }
}

function messageFields({ id, channel, content, type }: Message) {
  return { id, channel_id: channel, content, type, mentions: [], attachments: [], embeds: [], components: [] }
}

/** Stores a message of the desk as Discord does: without surrounding blanks. */
export function storeMessage(
  state: State,
  { channel, body, privateTo, webhook }: { channel: string; body: Sent; privateTo?: string; webhook?: string },
): Message {
  const components: Row[] = body.components ?? []
  const content = (body.content ?? '').trim()
  const message: Message = {
    id: snowflake(),
    channel,
    author: state.bot,
    content,
    components,
    hadButtons: pressables(components),
    flags: body.flags ?? 0,
    type: body.message_reference ? 19 : 0,
    nonce: body.nonce,
    privateTo,
    thinking: false,
    edited: false,
    deleted: false,
    pings: pingsOf(content, body.allowed_mentions),
    replyTo: body.message_reference?.message_id,
    webhook,
    attachments: attachmentsOf(body),
    embeds: body.embeds ?? [],
  }
  state.messages.push(message)
  return message
}

/** Changes the given fields and leaves the rest, as an edit does. */
export function changeMessage(message: Message, body: Sent): void {
  if (body.content !== undefined) message.content = body.content.trim()
  if (body.flags !== undefined) message.flags = body.flags
  if (body.embeds !== undefined) message.embeds = body.embeds
  if (body.files !== undefined) message.attachments = attachmentsOf(body)
  if (body.components !== undefined) {
    message.components = body.components
    message.hadButtons.push(...pressables(message.components))
  }
  if (body.content !== undefined) message.pings.push(...pingsOf(message.content, body.allowed_mentions))
}
