import { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { DoorFailed } from '../../src/talk/chat/connection.ts'
import { limits } from './limits.ts'
import { botTokenRefused } from './refusals.ts'
import { refusal, refusedToken } from './web.ts'

/** Errors about the rights of the token, not about the token. */
const aboutScopes = ['no_permission', 'missing_scope']

/** Whether Slack refused the token itself. */
function blamesToken(error: unknown): boolean {
  const said = refusal(error)
  return said !== undefined && refusedToken.includes(said) && !aboutScopes.includes(said)
}

/** A client of the Web API that reports refusals of its token. */
export class WatchedClient extends webApi.WebClient {
  #refused = () => {}

  /** Calls `heard` at every call that Slack refused for its token. */
  onRefused(heard: () => void): void {
    this.#refused = heard
  }

  override async apiCall(...call: Parameters<webApi.WebClient['apiCall']>): Promise<webApi.WebAPICallResult> {
    try {
      return await super.apiCall(...call)
    } catch (error) {
      if (blamesToken(error)) this.#refused()
      throw error
    }
  }
}

/** A regular check of the bot token. */
export interface TokenWatch {
  /** Checks now, because a call was refused or Slack says that the token was revoked. */
  look(): void
  close(): void
}

/**
 * Asks Slack about the token at regular intervals, and after each refused call. The Socket Mode connection has another
 * token, and signed HTTP has none: both look healthy while the desk cannot post. `lost` is called once.
 */
export function watchToken(
  web: WatchedClient,
  log: Logger,
  lost: (failure: DoorFailed) => void,
  everyMs: number = limits.tokenLook,
): TokenWatch {
  let isLooking = false
  let isOver = false
  const timer = setInterval(look, everyMs)
  timer.unref()
  web.onRefused(look)
  return { look, close }

  function look(): void {
    if (isLooking || isOver) return
    isLooking = true
    void ask().finally(() => {
      isLooking = false
    })
  }

  function close(): void {
    isOver = true
    clearInterval(timer)
  }

  async function ask(): Promise<void> {
    try {
      await web.auth.test()
    } catch (error) {
      if (isOver || !blamesToken(error)) return
      close()
      const said = refusal(error)!
      log.error({ said }, 'Slack refuses the bot token')
      lost(botTokenRefused(said))
    }
  }
}
