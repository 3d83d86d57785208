import { DoorFailed } from '../../src/talk/chat/connection.ts'
import { withoutSecrets } from './log.ts'
import { passing, refusal } from './web.ts'

/** The Slack door could not be opened, or Slack closed it. The message says what to do, and holds no token. */
export class SlackStartFailed extends DoorFailed {
  override name = 'SlackStartFailed'
}

/** Whether Slack refused for a reason that somebody has to put right. False when Slack did not answer. */
export function isRefused(error: unknown): boolean {
  const said = refusal(error)
  return said !== undefined && !passing.includes(said)
}

/** The error of a door that could not be opened: the step `what` failed with `error`. */
export function startFailed(what: string, error: unknown, secrets: string[]): SlackStartFailed {
  if (error instanceof SlackStartFailed) return error
  const why = error instanceof Error ? error.message : String(error)
  const message = withoutSecrets(`${what}: ${why}`, secrets)
  if (isRefused(error)) return new SlackStartFailed('refused', 'a token is refused', message)
  return new SlackStartFailed('unreachable', 'Slack cannot be reached', message)
}

/** The error for a bot token that was revoked, or for an app that was removed from the workspace. */
export function botTokenRefused(said: string): SlackStartFailed {
  return new SlackStartFailed(
    'refused',
    'SLACK_BOT_TOKEN is refused',
    `Slack does not take SLACK_BOT_TOKEN any more (${said}): install the app to the workspace again, and set the new token`,
  )
}

/** The error for an app token that Slack refuses, or for which it gives no connection. */
export function appTokenRefused(said: string): SlackStartFailed {
  return new SlackStartFailed(
    'refused',
    'SLACK_APP_TOKEN is refused',
    `Slack gives no Socket Mode connection for SLACK_APP_TOKEN any more (${said}): switch Socket Mode on, or generate another app-level token, and set it`,
  )
}
