import {
  Client,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  Partials,
} from 'discord.js'
import type { Logger } from 'pino'
import { describe } from './failure.ts'
import { limits } from './limits.ts'

/** How to reach Discord. */
export interface Connection {
  token: string
  /** Base URL of the REST API, such as `http://127.0.0.1:4000/api`; default Discord's own. */
  api?: string
  log: Logger
  /** Attaches what listens, before anything can be heard. */
  listen(client: Client): void
}

/** Discord does not let the desk in, or is not there; the message says what to do and holds no secret. */
export class DiscordStartFailed extends Error {
  override name = 'DiscordStartFailed'
}

const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages]

/**
 * A client that is connected and knows its guilds. Without the MESSAGE CONTENT intent it connects all the same, and says
 * so in the log. Throws `DiscordStartFailed`.
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
  throw new DiscordStartFailed('Discord does not grant the intents that the desk needs')
}

async function logIn(connection: Connection, intents: GatewayIntentBits[]): Promise<Client<true> | 'disallowed'> {
  const { token, log } = connection
  const client = createClient(connection, intents)
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
  let closedWith = 0
  client.on(Events.ShardDisconnect, ({ code }) => {
    closedWith = code
  })
  try {
    await client.login(token)
  } catch (error) {
    if (closedWith === GatewayCloseCodes.DisallowedIntents) return 'disallowed'
    throw new DiscordStartFailed(whyNot(error, closedWith))
  }
  const connected = await ready
  client.on(Events.ShardDisconnect, ({ code }) => log.error({ code }, 'Discord has closed the connection for good'))
  client.on(Events.ShardReconnecting, () => log.warn('the connection to Discord broke; connecting again'))
  client.on(Events.ShardResume, () => log.info('connected to Discord again'))
  return connected
}

function createClient({ api, log, listen }: Connection, intents: GatewayIntentBits[]): Client {
  const client = new Client({
    intents,
    // Without this one discord.js drops direct messages in silence.
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
    rest: {
      ...(api && { api: api.replace(/\/+$/, '') }),
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > limits.rateLimitWait,
    },
  })
  client.on(Events.Error, (error) => log.error({ reason: describe(error) }, 'the Discord client reports an error'))
  client.on(Events.ShardError, (error) =>
    log.warn({ reason: describe(error) }, 'the connection to Discord has a problem'),
  )
  keepToken(client)
  surviveMalformedEvents(client, log)
  listen(client)
  return client
}

/**
 * At the first 401 the library forgets the token, and refuses every request from then on. One 401 may be Discord's own
 * mistake: each request asks anew.
 */
function keepToken({ rest }: Client): void {
  const setToken = rest.setToken.bind(rest)
  rest.setToken = (token: string | null) => (token ? setToken(token) : rest)
}

/**
 * discord.js reads an event inside a listener that nobody awaits: one field that is missing or null would throw where
 * only `unhandledRejection` sees it, and end the process.
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

function whyNot(error: unknown, closedWith: number): string {
  const refused =
    closedWith === GatewayCloseCodes.AuthenticationFailed ||
    (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)
  if (refused) return 'Discord refuses the token in DISCORD_TOKEN: reset it in the developer portal and set the new one'
  return `Discord could not be reached: ${describe(error)}`
}
