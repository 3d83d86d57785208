import { setTimeout as wait } from 'node:timers/promises'
import { type Logger as SlackLogger, SocketModeReceiver, type webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { ConnectionNews } from '../../src/talk/chat/connection.ts'
import { limits } from './limits.ts'
import { appTokenRefused, isRefused } from './refusals.ts'
import { refusal } from './web.ts'

/** A Socket Mode connection that stays up. */
export interface Socket {
  receiver: SocketModeReceiver
  /** Connects; throws when the first attempt fails. */
  start(): Promise<void>
  stop(): Promise<void>
}

interface SocketOptions {
  appToken: string
  clientOptions: webApi.WebClientOptions
  logger: SlackLogger
  log: Logger
  news?: ConnectionNews
}

/**
 * Creates a Socket Mode connection that reconnects by itself. Bolt's reconnection ends the process: if Slack is not
 * reachable or refuses at that moment, it rejects a promise that nobody handles. After several refusals of the token in
 * a row the connection is reported as lost, and no more attempts follow.
 */
export function createSocket({ appToken, clientOptions, logger, log, news }: SocketOptions): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    clientPingTimeout: limits.pongWithin,
    installerOptions: { clientOptions: { ...clientOptions } },
  })
  const { client } = receiver
  const stopping = new AbortController()
  let connecting = false
  catchMalformed(receiver, log)
  const cutting = cutDead(receiver, log)
  client.on('disconnected', () => {
    if (connecting || stopping.signal.aborted) return
    news?.broken('the connection broke')
    void reconnect()
  })

  return {
    receiver,
    start: connect,
    async stop() {
      stopping.abort()
      clearInterval(cutting)
      await disconnect()
    },
  }

  async function connect(): Promise<void> {
    connecting = true
    const slow = new AbortController()
    try {
      await Promise.race([client.start(), timeout(slow.signal)])
    } catch (error) {
      // An attempt that timed out may still succeed, and would be a second connection.
      await disconnect()
      throw error
    } finally {
      slow.abort()
      connecting = false
    }
  }

  async function timeout(signal: AbortSignal): Promise<never> {
    await wait(limits.connectTimeout, undefined, { ref: false, signal })
    throw new Error('Slack did not greet the connection')
  }

  async function reconnect(): Promise<void> {
    let refusals = 0
    for (let pause = 0; !stopping.signal.aborted; pause = Math.min(limits.longestReconnectPause, pause * 2 + 500)) {
      try {
        await wait(pause, undefined, { signal: stopping.signal })
        await connect()
        log.info('connected to Slack again')
        news?.connected()
        return
      } catch (error) {
        if (stopping.signal.aborted) return
        refusals = isRefused(error) ? refusals + 1 : 0
        if (refusals === limits.refusalsInARow) {
          log.error({ said: refusal(error) }, 'Slack gives no connection any more')
          return news?.lost(appTokenRefused(refusal(error)!))
        }
        log.warn({ err: error }, 'no connection to Slack, trying again')
        news?.broken(isRefused(error) ? 'Slack gives no connection' : 'Slack cannot be reached')
      }
    }
  }

  /** Says goodbye; the second call cuts the connection if Slack does not answer. */
  async function disconnect(): Promise<void> {
    const gone = client.disconnect()
    const slow = new AbortController()
    await Promise.race([gone, wait(limits.goodbye, undefined, { signal: slow.signal }).then(() => client.disconnect())])
    slow.abort()
  }
}

/**
 * Cuts a connection on which Slack answers no ping. The library says goodbye first, and would wait for half a minute
 * for an answer that cannot come.
 */
function cutDead({ client }: SocketModeReceiver, log: Logger): NodeJS.Timeout {
  const closing = 2
  const inside = client as unknown as { websocket?: { readyState?: number } }
  let waited: unknown
  const timer = setInterval(() => {
    const { websocket } = inside
    const isClosing = websocket?.readyState === closing
    if (isClosing && waited === websocket) {
      log.warn('Slack does not answer on the connection, which is cut')
      void client.disconnect()
    }
    waited = isClosing ? websocket : undefined
  }, limits.lookForDead)
  return timer.unref()
}

/**
 * Catches the rejection of Bolt's handler at a malformed frame, which would be an `unhandledRejection` of the process.
 */
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
