import { DiscordjsError, DiscordjsErrorCodes, GatewayCloseCodes } from 'discord.js'
import { DoorFailed } from '../../src/talk/chat/connection.ts'
import { describe } from './failure.ts'

/** Discord refuses the desk or cannot be reached. The message says what to do and holds no secret. */
export class DiscordStartFailed extends DoorFailed {
  override name = 'DiscordStartFailed'
}

/** The error for a token that Discord refuses. */
export function tokenRefused(): DiscordStartFailed {
  return new DiscordStartFailed(
    'refused',
    'the token is refused',
    'Discord refuses the token in DISCORD_TOKEN: reset it in the developer portal and set the new one',
  )
}

/** The error for missing intents without which the desk hears nothing. */
export function intentsRefused(): DiscordStartFailed {
  return new DiscordStartFailed(
    'refused',
    'the intents are not granted',
    'Discord does not grant the intents that the desk needs',
  )
}

/** The reason why a first connection failed. */
export function whyNot(error: unknown, closedWith: number): DiscordStartFailed {
  const isToken = error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid
  if (isToken) return tokenRefused()
  const message = `Discord could not be reached: ${describe(error)}`
  return closedFor(closedWith) ?? new DiscordStartFailed('unreachable', 'Discord cannot be reached', message)
}

/** The error for a close code after which the library does not connect again; undefined for all others. */
export function closedFor(code: number): DiscordStartFailed | undefined {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return tokenRefused()
    case GatewayCloseCodes.DisallowedIntents:
      return new DiscordStartFailed(
        'refused',
        'an intent is not granted any more',
        'Discord closed the connection, since it does not grant the MESSAGE CONTENT intent any more: switch it on in the developer portal, and start the desk again',
      )
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
    case GatewayCloseCodes.InvalidAPIVersion:
    case GatewayCloseCodes.InvalidIntents:
      return new DiscordStartFailed(
        'refused',
        `the gateway refuses the desk (${code})`,
        `Discord's gateway refuses the desk (${code} ${GatewayCloseCodes[code]}): a newer version of the desk is needed`,
      )
    default:
      return undefined
  }
}
