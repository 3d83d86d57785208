import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { channelData, messageData } from './discord-messages.ts'
import { type Message, type State, snowflake } from './discord-state.ts'

const intents = { guilds: 1 << 0, guildMessages: 1 << 9, directMessages: 1 << 12, messageContent: 1 << 15 }

interface Session {
  id: string
  intents: number
  sent: { op: 0; t: string; s: number; d: unknown }[]
  socket?: WebSocket
}

/** The gateway's side of the connection to the desk. */
export interface Gateway {
  /** Sends an event to every session whose intents cover it. */
  dispatch(event: string, data: unknown, needed?: keyof typeof intents): void
  /** Sends a message to every session that may see it, without its text when the session may not read that. */
  dispatchMessage(event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: Message): void
  /** Sends a frame unchanged, even a broken one. */
  sendRaw(frame: unknown): void
  /** Breaks the connections, as a network failure does; events of that time are kept for sessions that resume. */
  breakConnections(): void
  /** Closes the connections with a code of Discord's, such as 4004. */
  closeConnections(code: number): void
  /** From now on nothing is read or written on the open connections, as when a machine on the path is gone. */
  freeze(): void
  /** Refuses the next connections, this many times. */
  refuse(times: number): void
  readonly connected: number
  /** How often a client has identified, and how often it has resumed. */
  readonly identified: number
  readonly resumed: number
  close(): void
}

/** A gateway on an HTTP server's upgrade requests. */
export function openGateway(http: Server, state: State, url: () => string): Gateway {
  const sockets = new WebSocketServer({ server: http, path: '/gateway' })
  const sessions = new Map<string, Session>()
  let identified = 0
  let resumed = 0
  let refusing = 0

  sockets.on('connection', (socket) => {
    if (refusing > 0) {
      refusing -= 1
      return socket.terminate()
    }
    const send = (frame: unknown) => socket.send(JSON.stringify(frame))
    let session: Session | undefined
    send({ op: 10, d: { heartbeat_interval: state.heartbeatMs } })
    socket.on('close', () => {
      if (session?.socket === socket) session.socket = undefined
    })
    socket.on('message', (raw) => {
      const { op, d } = JSON.parse(String(raw))
      if (op === 1) send({ op: 11 })
      if (op === 2) session = identify(socket, d)
      if (op === 6) session = resume(socket, d)
    })
  })

  function identify(socket: WebSocket, d: { token: string; intents: number }): Session | undefined {
    if (d.token !== state.token) return void socket.close(4004, 'Authentication failed.')
    if (d.intents & intents.messageContent && !state.messageContent)
      return void socket.close(4014, 'Disallowed intent(s).')
    identified += 1
    const session: Session = { id: snowflake(), intents: d.intents, sent: [], socket }
    sessions.set(session.id, session)
    push(session, 'READY', {
      v: 10,
      user: { ...state.bot, discriminator: '0', global_name: null, avatar: null },
      guilds: [{ id: state.guild, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: url(),
      shard: [0, 1],
      application: { id: state.application, flags: 0 },
    })
    push(session, 'GUILD_CREATE', guildData(state))
    return session
  }

  function resume(socket: WebSocket, d: { token: string; session_id: string; seq: number }): Session | undefined {
    const session = sessions.get(d.session_id)
    if (!session || d.token !== state.token) return void socket.send(JSON.stringify({ op: 9, d: false }))
    resumed += 1
    session.socket = socket
    for (const frame of session.sent.filter(({ s }) => s > d.seq)) socket.send(JSON.stringify(frame))
    push(session, 'RESUMED', {})
    return session
  }

  function push(session: Session, t: string, d: unknown): void {
    const frame = { op: 0 as const, t, s: session.sent.length + 1, d }
    session.sent.push(frame)
    session.socket?.send(JSON.stringify(frame))
  }

  const gateway: Gateway = {
    dispatch(event, data, needed) {
      for (const session of sessions.values()) {
        if (needed === undefined || session.intents & intents[needed]) push(session, event, data)
      }
    },
    dispatchMessage(event, message) {
      const channel = state.channels.get(message.channel)!
      const needed = channel.guild ? intents.guildMessages : intents.directMessages
      for (const session of sessions.values()) {
        if (!(session.intents & needed)) continue
        const data = messageEvent(state, message)
        const readable =
          session.intents & intents.messageContent ||
          !channel.guild ||
          message.author.id === state.bot.id ||
          data.mentions.some(({ id }) => id === state.bot.id)
        push(session, event, readable ? data : { ...data, content: '', components: [] })
      }
    },
    sendRaw(frame) {
      for (const { socket } of sessions.values()) socket?.send(JSON.stringify(frame))
    },
    breakConnections() {
      for (const client of sockets.clients) client.terminate()
    },
    closeConnections(code) {
      for (const client of sockets.clients) client.close(code)
    },
    freeze() {
      for (const client of sockets.clients) client.pause()
    },
    refuse(times) {
      refusing += times
    },
    get connected() {
      return [...sessions.values()].filter(({ socket }) => socket).length
    },
    get identified() {
      return identified
    },
    get resumed() {
      return resumed
    },
    close() {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
    },
  }
  return gateway
}

function messageEvent(state: State, message: Message) {
  const channel = state.channels.get(message.channel)!
  return {
    ...messageData(state, message),
    channel_type: channel.type,
    ...(channel.guild && {
      guild_id: channel.guild,
      member: { roles: [], joined_at: new Date(0).toISOString(), deaf: false, mute: false, flags: 0 },
    }),
  }
}

function guildData(state: State) {
  const inGuild = [...state.channels.values()].filter(({ guild }) => guild === state.guild)
  return {
    id: state.guild,
    name: 'Traders',
    unavailable: false,
    owner_id: snowflake(),
    member_count: 3,
    large: false,
    roles: [{ id: state.guild, name: '@everyone', permissions: '0', position: 0, color: 0, hoist: false }],
    channels: inGuild.filter(({ parent }) => !parent).map((channel) => channelData(state, channel)),
    threads: inGuild.filter(({ parent }) => parent).map((channel) => channelData(state, channel)),
    members: [],
    emojis: [],
    stickers: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    features: [],
    joined_at: new Date(0).toISOString(),
    premium_tier: 0,
    preferred_locale: 'en-US',
  }
}
