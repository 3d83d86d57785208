import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { PostFailed } from '../../src/talk/chat/door.ts'

/** Error codes of Discord's API that mean something to the door. */
export const codes = {
  unknownInteraction: 10062,
  missingPermissions: 50013,
  alreadyAcknowledged: 40060,
  threadExists: 160004,
} as const

/** Whether this is Discord's own refusal with one of these codes. */
export function refusedWith(error: unknown, ...expected: number[]): boolean {
  return error instanceof DiscordAPIError && expected.includes(Number(error.code))
}

/** Whether Discord answered at all; if not, what was sent may have been taken or not. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError
}

/**
 * An error in one line for a log or a PostFailed. The library's errors carry the request along, with an interaction's
 * token in its URL and what people wrote in its body: neither belongs in a log.
 */
export function describe(error: unknown): string {
  if (error instanceof RateLimitError) return `rate limited for ${error.retryAfter} ms`
  if (error instanceof DiscordAPIError) return `Discord answered ${error.status} (${error.code}): ${error.message}`
  if (error instanceof HTTPError) return `Discord answered ${error.status}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** Why a post did not go out, as the outbox wants to know it. */
export function postFailed(error: unknown): PostFailed {
  if (error instanceof PostFailed) return error
  const line = describe(error)
  if (error instanceof RateLimitError) {
    return new PostFailed('later', line, { retryAfterMs: error.retryAfter, reach: error.global ? 'door' : 'channel' })
  }
  // 401 is a token that was taken back: a new one may come. Any other refusal would be the same again.
  if (error instanceof DiscordAPIError && error.status !== 401) return new PostFailed('never', line)
  if (error instanceof DiscordAPIError || error instanceof HTTPError) return new PostFailed('later', line)
  return new PostFailed('later', line, { cause: error })
}
