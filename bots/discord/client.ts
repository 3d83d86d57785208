import { Client, Events, GatewayCloseCodes, GatewayIntentBits, Options, Partials, type RESTOptions } from 'discord.js'
import type { Logger } from 'pino'
import type { ConnectionNews } from '../../src/talk/chat/connection.ts'
import { describe } from './failure.ts'
import { limits } from './limits.ts'
import { closedFor, intentsRefused, whyNot } from './refusals.ts'
import { buildStrategy } from './shards.ts'
import { watchToken } from './token.ts'

/** The options of `connect`. */
export interface Connection {
  token: string
  /** Base URL of the REST API, such as `http://127.0.0.1:4000/api`; default Discord's own. */
  api?: string
  log: Logger
  /** Hears when the connection breaks, is restored, or is lost, but not of the first connection. */
  news?: ConnectionNews
  /** Attaches the listeners, before the first event. */
  listen(client: Client): void
}

const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages]

/**
 * Connects a client that knows its guilds. Without the MESSAGE CONTENT intent it connects too, and logs a warning.
 * While the gateway is not reachable it keeps trying. Throws `DiscordStartFailed`.
 */
export async function connect(connection: Connection): Promise<Client<true>> {
  const { log } = connection
  const complete = await logIn(connection, [...intents, GatewayIntentBits.MessageContent])
  if (complete !== 'disallowed') return complete
  log.warn(
    'Discord does not grant the MESSAGE CONTENT intent: mentions, direct messages, /trade and buttons work, other text in threads is not heard',
  )
  const partial = await logIn(connection, intents)
  if (partial !== 'disallowed') return partial
  throw intentsRefused()
}

async function logIn(connection: Connection, intents: GatewayIntentBits[]): Promise<Client<true> | 'disallowed'> {
  const { token } = connection
  const client = createClient(connection, intents)
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
  let closedWith = 0
  const closed = new Promise<never>((_, reject) => {
    client.on(Events.ShardDisconnect, ({ code }) => {
      closedWith = code
      reject(new Error(`the gateway closed the connection (${code})`))
    })
  })
  try {
    const connected = await Promise.race([client.login(token).then(() => ready), closed])
    tell(connected, connection)
    return connected
  } catch (error) {
    await client.destroy()
    if (closedWith === GatewayCloseCodes.DisallowedIntents) return 'disallowed'
    throw whyNot(error, closedWith)
  }
}

/** Tells the news of the connection, and logs one line for each break, however many attempts follow. */
function tell(client: Client<true>, { log, news }: Connection): void {
  let isConnected = true
  client.on(Events.ShardDisconnect, ({ code }) => {
    const failure = closedFor(code)
    if (!failure) return broken()
    log.error({ code }, 'Discord has closed the connection for good')
    news?.lost(failure)
  })
  client.on(Events.ShardReconnecting, broken)
  client.on(Events.ShardResume, again)
  client.on(Events.ShardReady, again)
  keepToken(
    client,
    watchToken(client, log, (failure) => news?.lost(failure)),
  )

  function broken(): void {
    if (isConnected) log.warn('the connection to Discord broke; connecting again')
    isConnected = false
    news?.broken('the connection broke')
  }

  function again(): void {
    if (!isConnected) log.info('connected to Discord again')
    isConnected = true
    news?.connected()
  }
}

/**
 * Sends a request with the runtime's own fetch. The library's usual way is its copy of undici on the dispatcher of the process.
 * That is Slack's, of a newer undici, when Slack's library is loaded first, and then no message with a picture gets out. Throws
 * what broke, such as ECONNRESET, by which the library knows whether to try again.
 */
const request: RESTOptions['makeRequest'] = async (url, init) =>
  fetch(url, init as RequestInit).catch((failure) => {
    if (failure.cause) throw failure.cause
    // Its message would show the header, which is the token.
    throw failure instanceof TypeError ? new Error('no request can carry such a token') : failure
  })

function createClient({ api, log, listen }: Connection, intents: GatewayIntentBits[]): Client {
  const client = new Client({
    intents,
    // Without this partial, discord.js silently drops direct messages.
    partials: [Partials.Channel],
    makeCache: Options.cacheWithLimits({
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      ThreadMemberManager: 0,
      GuildMemberManager: 0,
      UserManager: 0,
    }),
    ws: { buildStrategy },
    rest: {
      makeRequest: request,
      ...(api && { api: api.replace(/\/+$/, '') }),
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > limits.rateLimitWait,
    },
  })
  client.on(Events.Error, (error) => log.error({ reason: describe(error) }, 'the Discord client reports an error'))
  client.on(Events.ShardError, (error) =>
    log.warn({ reason: describe(error) }, 'the connection to Discord has a problem'),
  )
  surviveMalformedEvents(client, log)
  listen(client)
  return client
}

/**
 * Keeps the token in the library, which forgets it at the first 401 and then refuses every request. One 401 may be
 * Discord's own mistake: every request is sent, and `refused` is called at each 401. A client that ends forgets its
 * token.
 */
function keepToken(client: Client, refused: () => void): void {
  const { rest } = client
  const setToken = rest.setToken.bind(rest)
  rest.setToken = (token: string | null) => {
    if (token) return setToken(token)
    if (client.token !== null) refused()
    return rest
  }
}

/**
 * Catches the errors of malformed events. discord.js reads an event in a listener that nobody awaits: a missing or null
 * field would throw an `unhandledRejection` and end the process.
 */
function surviveMalformedEvents(client: Client, log: Logger): void {
  const events = client.ws as unknown as { handlePacket(packet?: { t?: string }, shard?: unknown): boolean }
  const handlePacket = events.handlePacket.bind(events)
  events.handlePacket = (packet, shard) => {
    try {
      return handlePacket(packet, shard)
    } catch (error) {
      log.warn({ event: packet?.t, reason: describe(error) }, 'an event from Discord could not be read')
      return false
    }
  }
}
