import { type APIMessage, type Client, Routes } from 'discord.js'
import type { Logger } from 'pino'
import { type Post, type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Edit, Posted } from '../../src/talk/chat/reply.ts'
import { linkRow } from './buttons.ts'
import { canHoldThreads, openThread, ownMessagesSince, postOnce } from './channel.ts'
import { postFailed } from './failure.ts'
import { limits } from './limits.ts'
import { contentsOf, render } from './render.ts'
import { sendWithStrip, stripOf } from './strip.ts'
import { placeOf } from './to-inbound.ts'

/** A poster for replies from jobs. `begin` keeps the door open until its task is done. */
export function createPoster(
  client: Client<true>,
  log: Logger,
  begin: <T>(task: () => Promise<T>) => Promise<T>,
): Poster {
  return {
    door: 'discord',
    pace: limits.pace,
    post: (wanted) => begin(() => post(client, log, wanted).catch(failed)),
    edit: (posted, said) => begin(() => edit(client, posted, said).catch(failed)),
  }
}

function failed(error: unknown): never {
  throw postFailed(error)
}

async function post(
  client: Client<true>,
  log: Logger,
  { key, place: meant, reply, pictures, attemptedAt, confirm }: Post,
): Promise<Posted> {
  const place = meant.person ? await directTo(client, meant.person) : meant
  if (reply.private && place.workspace !== '') {
    throw new PostFailed('never', 'nobody is there to show a private reply to')
  }
  const { channel } = place
  const before = attemptedAt && forgotten(attemptedAt) ? await ownMessagesSince(client, channel, attemptedAt) : []
  let message = ''
  for (const [part, body] of render(pictures ? { ...reply, pictures } : reply).entries()) {
    let posted = takeEqual(before, body.content)
    if (!posted) {
      // A process that stalls after this does not post twice: Discord knows the nonce for some minutes.
      await confirm?.()
      posted = await postOnce(client.rest, channel, body, { key, part })
    }
    message = posted.id
  }
  const thread =
    reply.thread !== undefined && place.workspace !== '' && (await canHoldThreads(client, channel))
      ? await openThread(client.rest, channel, message, reply.thread, log)
      : undefined
  return { message, place: { ...place, channel: thread ?? channel } }
}

/** Discord keeps the components that an edit does not name: the buttons, and the link. An edit with no action left takes the buttons off. */
async function edit(client: Client<true>, { message, place }: Posted, said: Edit): Promise<void> {
  const [content, ...more] = contentsOf(said)
  if (more.length > 0) throw new PostFailed('never', 'the new text is longer than one message on Discord')
  const body = {
    content,
    allowed_mentions: { parse: [] },
    ...stripOf(said.tone, content!),
    ...(said.actions?.length === 0 && { components: linkRow(said.link) }),
  }
  const route = Routes.channelMessage(await channelOf(client, message, place.channel), message)
  await sendWithStrip({ body }, (edited) => client.rest.patch(route, edited))
}

/** Takes the buttons off a posted message. */
export async function removeButtonsOf(client: Client<true>, { message, place }: Posted): Promise<void> {
  const channel = await channelOf(client, message, place.channel)
  await client.rest.patch(Routes.channelMessage(channel, message), { body: { components: [] } })
}

/** The channel of a message. A message with a thread has the same id as the thread, and is in the thread's parent. */
async function channelOf(client: Client<true>, message: string, channel: string): Promise<string> {
  if (message !== channel) return channel
  const thread = await client.channels.fetch(channel)
  return (thread?.isThread() && thread.parentId) || channel
}

/** The direct message with a person; Discord opens the same one every time. */
async function directTo(client: Client<true>, person: string): Promise<Place> {
  const { id } = (await client.rest.post(Routes.userChannels(), { body: { recipient_id: person } })) as { id: string }
  return placeOf(null, id)
}

function forgotten(attemptedAt: Date): boolean {
  return Date.now() - attemptedAt.getTime() > limits.nonceMemory
}

/** Takes the first message with this content out of the list, so that two equal parts do not match the same message. */
function takeEqual(messages: APIMessage[], content: string): APIMessage | undefined {
  const at = messages.findIndex((message) => message.content === content)
  return at === -1 ? undefined : messages.splice(at, 1)[0]
}
