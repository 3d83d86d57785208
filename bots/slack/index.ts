import { App, type Receiver, type webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { HttpServer } from '../../src/base/http.ts'
import type { ConnectionNews } from '../../src/talk/chat/connection.ts'
import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import { createShownQuestions, noting } from '../../src/talk/chat/shown-questions.ts'
import { listen } from './app.ts'
import { createLanes } from './lanes.ts'
import { slackLogger } from './log.ts'
import { createPoster } from './poster.ts'
import { SlackStartFailed, startFailed } from './refusals.ts'
import { createButtonRemoval } from './remove-buttons.ts'
import { createSignedHttp } from './signed-http.ts'
import { createSocket } from './socket.ts'
import type { Self } from './teams.ts'
import { WatchedClient, watchToken } from './token.ts'
import { webOptions } from './web.ts'

/** The options of a Slack door. With `appToken` it connects by Socket Mode; else it listens for signed HTTP on `http`. */
export interface SlackOptions {
  desk: HearingDesk
  botToken: string
  appToken?: string
  signingSecret?: string
  /** The HTTP server of this process. */
  http?: HttpServer
  /** Base URL of Slack's Web API; default Slack's own. */
  api?: string
  log: Logger
  /** Hears when the connection breaks, is restored, or is lost. */
  news?: ConnectionNews
}

/** An open Slack door; `port` is the one on which signed HTTP arrives. */
export type SlackDoor = Door & { port?: number }

/** Opens the desk in Slack. Throws `SlackStartFailed`. */
export async function startSlack(options: SlackOptions): Promise<SlackDoor> {
  const { desk, botToken, appToken, signingSecret, http, api, log, news } = options
  const secrets = [botToken, appToken ?? '', signingSecret ?? '']
  const logger = slackLogger(log, secrets)
  const web = new WatchedClient(botToken, webOptions(api, logger))
  const failed = (what: string) => (error: unknown) => {
    throw startFailed(what, error, secrets)
  }

  const self = await whoAmI(web).catch(failed('Slack does not take SLACK_BOT_TOKEN'))
  const way = appToken ? bySocket(appToken, webOptions(api, logger)) : byHttp(signingSecret ?? '')
  const app = new App({
    token: botToken,
    botId: self.botId,
    botUserId: self.userId,
    receiver: way.receiver,
    clientOptions: webOptions(api, logger),
    logger,
    convoStore: false,
  })
  const shown = createShownQuestions()
  const removeButtons = createButtonRemoval(web, log)
  const poster = noting(createPoster(web, self), shown, ({ message, place }) =>
    removeButtons({ channel_id: place.channel, message_ts: message, thread_ts: place.thread }),
  )
  const lanes = createLanes()
  const closing = new AbortController()
  const watch = watchToken(web, log, (failure) => news?.lost(failure))
  listen({ app, web, self, desk, poster, shown, lanes, log, closing: closing.signal, tokenTakenBack: watch.look })

  const listeningOn = await way.start().catch((error: unknown) => {
    watch.close()
    throw error
  })
  log.info({ team: self.team, port: listeningOn, mode: appToken ? 'socket' : 'http' }, 'connected to Slack')
  let closed: Promise<void> | undefined
  return {
    poster,
    port: listeningOn,
    close() {
      closed ??= close()
      return closed
    },
  }

  async function close(): Promise<void> {
    watch.close()
    await way.stop()
    closing.abort()
    // An event that was just acknowledged enters its lane in this turn of the event loop.
    await new Promise(setImmediate)
    await lanes.idle()
  }

  function bySocket(appToken: string, clientOptions: webApi.WebClientOptions): Way {
    const socket = createSocket({ appToken, clientOptions, logger, log, news })
    const start = async () => {
      await socket.start().catch(async (error) => {
        await socket.stop()
        failed('Socket Mode does not start with SLACK_APP_TOKEN')(error)
      })
      return undefined
    }
    return { receiver: socket.receiver, start, stop: socket.stop }
  }

  function byHttp(secret: string): Way {
    if (secret === '') {
      const needs = 'Slack needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET'
      throw new SlackStartFailed('refused', 'a setting is missing', needs)
    }
    if (!http) throw new Error('signed HTTP needs the HTTP server of this process')
    const signed = createSignedHttp(secret, http, logger)
    const start = () => signed.start().catch(failed(`Port ${http.port} cannot be used for Slack`))
    return { receiver: signed.receiver, start, stop: signed.stop }
  }
}

interface Way {
  receiver: Receiver
  /** Returns the port, if the door listens on one. */
  start(): Promise<number | undefined>
  stop(): Promise<void>
}

async function whoAmI(web: webApi.WebClient): Promise<Self> {
  const { team_id, enterprise_id, user_id, bot_id, url } = await web.auth.test()
  if (!team_id || !user_id || !bot_id) throw new Error('it is not the token of a bot')
  return { team: team_id, organization: enterprise_id, userId: user_id, botId: bot_id, site: url }
}

export { SlackStartFailed }
