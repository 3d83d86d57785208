import { DoorFailed } from '../../src/talk/chat/connection.ts'
import { withoutSecrets } from './log.ts'
import { passing, refusal } from './web.ts'

/** The Slack door could not be opened, or is closed by Slack. The message says what to do, and holds no token. */
export class SlackStartFailed extends DoorFailed {
  override name = 'SlackStartFailed'
}

/** Does Slack say no for a reason that somebody has to put right? False when it did not answer. */
export function isRefused(error: unknown): boolean {
  const said = refusal(error)
  return said !== undefined && !passing.includes(said)
}

/** Why the door could not be opened: `what` failed with `error`. */
export function startFailed(what: string, error: unknown, secrets: string[]): SlackStartFailed {
  if (error instanceof SlackStartFailed) return error
  const why = error instanceof Error ? error.message : String(error)
  const message = withoutSecrets(`${what}: ${why}`, secrets)
  if (isRefused(error)) return new SlackStartFailed('refused', 'a token is refused', message)
  return new SlackStartFailed('unreachable', 'Slack cannot be reached', message)
}

/** Slack takes the bot token no more: it was taken back, or the app was taken out of the workspace. */
export function botTokenRefused(said: string): SlackStartFailed {
  return new SlackStartFailed(
    'refused',
    'SLACK_BOT_TOKEN is refused',
    `Slack does not take SLACK_BOT_TOKEN any more (${said}): install the app to the workspace again, and set the new token`,
  )
}

/** Slack takes the app token no more, or gives no connection for it. */
export function appTokenRefused(said: string): SlackStartFailed {
  return new SlackStartFailed(
    'refused',
    'SLACK_APP_TOKEN is refused',
    `Slack gives no Socket Mode connection for SLACK_APP_TOKEN any more (${said}): switch Socket Mode on, or generate another app-level token, and set it`,
  )
}
