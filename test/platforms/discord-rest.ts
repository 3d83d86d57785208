import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Call, type Rest, respondToInteraction, webhook } from './discord-interactions.ts'
import { changeMessage, channelData, messageData, storeMessage, userData } from './discord-messages.ts'
import { checkCommand, checkMessage, Refused, refusals } from './discord-rules.ts'
import {
  addChannel,
  type Channel,
  directChannel,
  type Fault,
  type Message,
  type State,
  snowflake,
} from './discord-state.ts'
import { bodyOf } from './discord-uploads.ts'

// biome-ignore lint/suspicious/noExplicitAny: the client's data, before a check
type Sent = any

type Handler = (rest: Rest, call: Call) => unknown

const routes: [string, string, Handler][] = [
  ['GET', '/gateway/bot', gatewayBot],
  ['GET', '/users/@me', ({ state }) => userData(state.bot)],
  ['POST', '/users/@me/channels', openDirect],
  ['GET', '/channels/:', ({ state }, { ids }) => channelData(state, visible(state, ids[0]))],
  ['GET', '/channels/:/messages', listMessages],
  ['POST', '/channels/:/messages', createMessage],
  ['PATCH', '/channels/:/messages/:', editMessage],
  ['DELETE', '/channels/:/messages/:', deleteMessage],
  ['POST', '/channels/:/messages/:/threads', createThread],
  ['PUT', '/channels/:/thread-members/@me', joinThread],
  ['GET', '/applications/:/commands', ({ state }) => state.commands],
  ['POST', '/applications/:/commands', createCommand],
  ['POST', '/interactions/:/:/callback', respondToInteraction],
  ['POST', '/webhooks/:/:', webhook.create],
  ['PATCH', '/webhooks/:/:/messages/:', webhook.edit],
  ['DELETE', '/webhooks/:/:/messages/:', webhook.delete],
]

/** Answers one HTTP request as Discord's API would, errors included. */
export async function serve(rest: Rest, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = rest
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = url.pathname.replace('/api/v10', '')
  const method = request.method ?? ''
  const body = await bodyOf(request)
  const fault = takeFault(state, method, path)
  const answer = (status: number, data?: unknown, headers: Record<string, string> = {}) => {
    state.requests.push({ method, path, body, status })
    if (fault?.with === 'lost') return request.socket.destroy()
    if (data === undefined) return response.writeHead(status, headers).end()
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(data))
  }
  if (fault?.with === 'refused') return void request.socket.destroy()
  if (fault?.with === 429) {
    const retryAfter = fault.retryAfterSeconds ?? 0.1
    const limited = { message: 'You are being rate limited.', retry_after: retryAfter, global: false }
    return void answer(429, limited, { 'retry-after': String(retryAfter), via: '1.1 local' })
  }
  if (fault?.with === 500) return void answer(500, { message: '500: Internal Server Error', code: 0 })
  if (fault?.with === 401) return void answer(401, { message: '401: Unauthorized', code: 0 })
  if (fault?.with === 403) return void answer(403, { message: 'Missing Permissions', code: 50013 })
  try {
    const result = handle(rest, { method, path, query: url.searchParams, body, token: request.headers.authorization })
    answer(result === undefined ? 204 : 200, result)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    answer(error.status, { message: error.message, code: error.code })
  }
}

function handle(
  rest: Rest,
  {
    method,
    path,
    query,
    body,
    token,
  }: { method: string; path: string; query: URLSearchParams; body: Sent; token?: string },
): unknown {
  const open = path.startsWith('/interactions/') || path.startsWith('/webhooks/')
  if (!open && token !== `Bot ${rest.state.token}`) throw refusals.unauthorized()
  for (const [routeMethod, pattern, handler] of routes) {
    const ids = routeMethod === method ? match(pattern, path) : undefined
    if (ids) return handler(rest, { ids, query, body })
  }
  throw new Refused(404, 0, `404: Not Found (${method} ${path})`)
}

function match(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/').map(decodeURIComponent)
  if (wanted.length !== given.length) return undefined
  return wanted.every((part, at) => part === ':' || part === given[at])
    ? given.filter((_, at) => wanted[at] === ':')
    : undefined
}

function takeFault(state: State, method: string, path: string): Fault | undefined {
  const fault = state.faults.find(
    (each) => each.times > 0 && (each.method ?? method) === method && (each.path ?? /./).test(path),
  )
  if (fault) fault.times -= 1
  return fault
}

function gatewayBot({ gatewayUrl }: Rest) {
  const session_start_limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 }
  return { url: gatewayUrl(), shards: 1, session_start_limit }
}

function openDirect({ state }: Rest, { body }: Call) {
  const user = state.users.get(body.recipient_id)
  if (!user) throw refusals.form('recipient_id')
  return channelData(state, directChannel(state, user))
}

function visible(state: State, id: string | undefined): Channel {
  const channel = state.channels.get(id ?? '')
  if (!channel) throw refusals.unknownChannel()
  if (channel.denied.has('view')) throw refusals.missingAccess()
  return channel
}

function messageOf(state: State, channel: Channel, id: string | undefined): Message {
  const message = state.messages.find((each) => each.id === id && each.channel === channel.id)
  if (!message || message.deleted || message.privateTo) throw refusals.unknownMessage()
  return message
}

function listMessages({ state }: Rest, { ids, query }: Call) {
  const channel = visible(state, ids[0])
  const after = BigInt(query.get('after') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  if (limit < 1 || limit > 100) throw refusals.form('limit: 1 to 100')
  return state.messages
    .filter((each) => each.channel === channel.id && !each.privateTo && !each.deleted && BigInt(each.id) > after)
    .slice(0, limit)
    .reverse()
    .map((message) => messageData(state, message))
}

/** Others' messages need Manage Messages, and are never deleted in a direct message. */
function deleteMessage({ state }: Rest, { ids }: Call): undefined {
  const channel = visible(state, ids[0])
  const message = messageOf(state, channel, ids[1])
  const isOwn = message.author.id === state.bot.id
  if (!isOwn && (channel.recipient || channel.denied.has('manage'))) throw refusals.missingPermissions()
  message.deleted = true
}

function createMessage({ state, gateway }: Rest, { ids, body }: Call) {
  const channel = visible(state, ids[0])
  if (channel.denied.has('send')) throw refusals.missingPermissions()
  if (channel.archived && channel.locked) throw refusals.archivedThread()
  channel.archived = false
  if (channel.denied.has('files') && body.files) throw refusals.missingPermissions()
  if (channel.denied.has('embeds') && body.embeds?.length) throw refusals.missingPermissions()
  if (channel.recipient && state.closed.has(channel.recipient.id)) throw refusals.noDirectMessages()
  checkMessage(body, 'channel')
  const before = body.enforce_nonce && body.nonce !== undefined ? state.nonces.get(body.nonce) : undefined
  if (before) return messageData(state, before)
  const message = storeMessage(state, { channel: channel.id, body })
  if (body.nonce !== undefined) state.nonces.set(body.nonce, message)
  gateway.dispatchMessage('MESSAGE_CREATE', message)
  return messageData(state, message)
}

function editMessage({ state, gateway }: Rest, { ids, body }: Call) {
  const message = messageOf(state, visible(state, ids[0]), ids[1])
  if (message.author.id !== state.bot.id)
    throw new Refused(403, 50005, 'Cannot edit a message authored by another user')
  if (visible(state, ids[0]).denied.has('embeds') && body.embeds?.length) throw refusals.missingPermissions()
  checkMessage(body, 'edit')
  changeMessage(message, body)
  message.edited = true
  gateway.dispatchMessage('MESSAGE_UPDATE', message)
  return messageData(state, message)
}

function createThread({ state, gateway }: Rest, { ids, body }: Call) {
  const channel = visible(state, ids[0])
  if (channel.parent || channel.recipient) throw new Refused(400, 50024, 'Cannot execute action on this channel type')
  if (channel.denied.has('threads')) throw refusals.missingPermissions()
  const message = messageOf(state, channel, ids[1])
  if (state.channels.has(message.id)) throw refusals.threadExists()
  if (typeof body.name !== 'string' || body.name.length < 1 || body.name.length > 100) throw refusals.form('name')
  if (![60, 1440, 4320, 10080].includes(body.auto_archive_duration)) throw refusals.form('auto_archive_duration')
  const { guild } = channel
  const thread = addChannel(state, { id: message.id, type: 11, guild, name: body.name, parent: channel.id })
  const data = channelData(state, thread)
  gateway.dispatch('THREAD_CREATE', { ...data, newly_created: true }, 'guilds')
  return data
}

function joinThread({ state }: Rest, { ids }: Call) {
  visible(state, ids[0]).joined = true
}

function createCommand({ state }: Rest, { body }: Call) {
  checkCommand(body)
  const others = state.commands.filter(({ name }) => name !== body.name)
  const stored = {
    id: snowflake(),
    application_id: state.application,
    version: snowflake(),
    default_member_permissions: null,
    nsfw: false,
    ...(body.type === 3 && { description: '' }),
    ...JSON.parse(JSON.stringify(body, (key, value) => (key === 'required' && value === false ? undefined : value))),
  }
  state.commands = [...others, stored]
  return stored
}
