import { type Json, type SlackChannel, type SlackMessage, SlackRefusal, type SlackWorld } from './slack-world.ts'

interface Sharing {
  world: SlackWorld
  uploadUrl(file: string): string
  emit(event: Json): void
}

/** `files.getUploadURLExternal`: announces a file, and returns the address for its upload. */
export function announceFile({ world, uploadUrl }: Sharing, args: Record<string, string>): Json {
  mayWriteFiles(world)
  const { filename, length, alt_txt } = args
  if (!filename || !length) throw new SlackRefusal('invalid_arguments', 'missing required field')
  if (!(Number(length) > 0)) throw new SlackRefusal('missing_argument')
  if ((alt_txt?.length ?? 0) > 1000) throw new SlackRefusal('alt_txt_too_large')
  const id = world.nextId('F')
  world.files.set(id, { id, name: filename, length: Number(length), altText: alt_txt })
  return { upload_url: uploadUrl(id), file_id: id }
}

/** The upload itself. Returns the status; 400 for anything but the announced number of bytes. */
export function takeUpload(world: SlackWorld, id: string, bytes: Buffer): number {
  const file = world.files.get(id)
  if (!file || file.bytes) return 404
  if (bytes.length !== file.length) return 400
  file.bytes = bytes
  return 200
}

/** `files.completeUploadExternal`: shares uploaded files, as a message of the bot. */
export function shareFiles(
  { world, emit }: Sharing,
  args: Record<string, string>,
  channel: SlackChannel,
  thread: string | undefined,
): Json {
  mayWriteFiles(world)
  const wanted = JSON.parse(args.files ?? '[]') as { id: string; title?: string }[]
  const files = wanted.map(({ id, title }) => {
    const file = world.files.get(id)
    if (!file?.bytes || file.channel) throw new SlackRefusal('file_not_found')
    return Object.assign(file, { title, channel: channel.id, thread_ts: thread })
  })
  if (files.length === 0) throw new SlackRefusal('invalid_arguments', 'missing required field: files')
  const message: SlackMessage = {
    type: 'message',
    subtype: 'file_share',
    ts: world.nextTs(),
    channel: channel.id,
    user: world.bot.userId,
    bot_id: world.bot.botId,
    text: args.initial_comment ?? '',
    files: files.map(({ id, name, title }) => ({ id, name, title })),
    ...(thread && { thread_ts: thread }),
  }
  world.messages.push(message)
  emit({ ...world.asSeen(message, { metadata: false }), channel_type: channel.type, event_ts: message.ts })
  return { files: message.files }
}

function mayWriteFiles(world: SlackWorld): void {
  if (!world.scopes.has('files:write')) throw new SlackRefusal('missing_scope')
}
