import { setTimeout as wait } from 'node:timers/promises'
import { type Logger as SlackLogger, SocketModeReceiver, type webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { limits } from './limits.ts'

/** A Socket Mode connection that stays up. */
export interface Socket {
  receiver: SocketModeReceiver
  /** Connects; throws when the first attempt fails. */
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * Socket Mode with reconnection of its own. Bolt's own one ends the process: when Slack cannot be reached, or refuses,
 * at a reconnection, it rejects a promise that nobody holds.
 */
export function createSocket(
  appToken: string,
  options: webApi.WebClientOptions,
  logger: SlackLogger,
  log: Logger,
): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...options } },
  })
  const { client } = receiver
  const stopping = new AbortController()
  let connecting = false
  catchMalformed(receiver, log)
  client.on('disconnected', () => {
    if (!connecting && !stopping.signal.aborted) void reconnect()
  })

  return {
    receiver,
    start: connect,
    async stop() {
      stopping.abort()
      await disconnect()
    },
  }

  async function connect(): Promise<void> {
    connecting = true
    try {
      await Promise.race([client.start(), timeout()])
    } finally {
      connecting = false
    }
  }

  async function timeout(): Promise<never> {
    await wait(limits.connectTimeout, undefined, { ref: false })
    throw new Error('Slack did not greet the connection')
  }

  async function reconnect(): Promise<void> {
    for (let pause = 0; !stopping.signal.aborted; pause = Math.min(limits.longestReconnectPause, pause * 2 + 500)) {
      try {
        await wait(pause, undefined, { signal: stopping.signal })
        await connect()
        log.info('connected to Slack again')
        return
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'no connection to Slack, trying again')
      }
    }
  }

  /** Asks for a proper goodbye; the second call cuts the line where there is none. */
  async function disconnect(): Promise<void> {
    const gone = client.disconnect()
    const slow = new AbortController()
    await Promise.race([gone, wait(limits.goodbye, undefined, { signal: slow.signal }).then(() => client.disconnect())])
    slow.abort()
  }
}

/** A frame that is not what Bolt expects makes its handler reject, which nobody would see but the process. */
function catchMalformed({ client }: SocketModeReceiver, log: Logger): void {
  for (const handle of client.listeners('ws_message')) {
    client.off('ws_message', handle)
    client.on('ws_message', async (...frame) => {
      try {
        await handle(...frame)
      } catch (error) {
        log.warn({ err: error }, 'Slack sent something that is not an event')
      }
    })
  }
}
