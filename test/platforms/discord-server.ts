import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Gateway, openGateway } from './discord-gateway.ts'
import { channelData } from './discord-messages.ts'
import { createPeople, type People } from './discord-people.ts'
import { serve } from './discord-rest.ts'
import { addChannel, type Channel, emptyState, type Fault, type Message, type State } from './discord-state.ts'

/** A Discord on this machine with REST v10 and the gateway; it refuses the same requests as Discord. */
export interface DiscordServer {
  /** Base URL of its API, for `startDiscord`. */
  api: string
  /** The only valid token. */
  token: string
  state: State
  people: People
  gateway: Gateway
  /** A channel of the guild, in which threads can be opened. */
  channel: Channel
  /** A thread in that channel. */
  thread: Channel
  /** Opens another thread in that channel. */
  openThread(name: string): Channel
  /** Makes the next matching requests fail. */
  fail(fault: Fault): void
  /** The desk's messages so far, oldest first; in one place if given. Placeholders and deleted messages are left out. */
  said(channel?: Channel | string): Message[]
  /** Lets minutes pass: nonces are no longer known. */
  forgetNonces(): void
  close(): Promise<void>
}

/** Starts a Discord on a free port of the loopback interface. Set its grants on `state` before a client connects. */
export async function startDiscordServer(): Promise<DiscordServer> {
  const state = emptyState('MTA.token-of.the-desk')
  const channel = addChannel(state, { guild: state.guild, name: 'trading' })
  const addThread = (name: string) => addChannel(state, { type: 11, guild: state.guild, name, parent: channel.id })
  const thread = addThread('BYND')
  const http = createServer((request, response) => {
    serve({ state, gateway, gatewayUrl }, request, response).catch((error) => response.destroy(error))
  })
  const gateway = openGateway(http, state, gatewayUrl)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')

  return {
    api: `http://${address()}/api`,
    token: state.token,
    state,
    people: createPeople(state, gateway),
    gateway,
    channel,
    thread,
    openThread(name) {
      const opened = addThread(name)
      gateway.dispatch('THREAD_CREATE', { ...channelData(state, opened), newly_created: true }, 'guilds')
      return opened
    },
    fail: (fault) => void state.faults.push(fault),
    said(where) {
      const id = typeof where === 'string' ? where : where?.id
      return state.messages.filter(
        ({ author, thinking, deleted, channel }) =>
          author.id === state.bot.id && !thinking && !deleted && (id === undefined || channel === id),
      )
    },
    forgetNonces: () => state.nonces.clear(),
    async close() {
      gateway.close()
      http.close()
      http.closeAllConnections()
      await once(http, 'close')
    },
  }

  function address(): string {
    return `127.0.0.1:${(http.address() as AddressInfo).port}`
  }

  function gatewayUrl(): string {
    return `ws://${address()}/gateway`
  }
}
