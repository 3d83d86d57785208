import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { PostFailed } from '../../src/talk/chat/door.ts'

/** Error codes of Discord's API that the door handles. */
export const codes = {
  unknownMessage: 10008,
  unknownInteraction: 10062,
  missingPermissions: 50013,
  alreadyAcknowledged: 40060,
  threadExists: 160004,
} as const

/** Whether Discord refused with one of these codes. */
export function refusedWith(error: unknown, ...expected: number[]): boolean {
  return error instanceof DiscordAPIError && expected.includes(Number(error.code))
}

/** Whether Discord answered. Without an answer, nobody knows whether it took the message. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError
}

/**
 * Describes an error in one line, for a log or a `PostFailed`. The library's errors hold the request, with an
 * interaction's token in its URL and people's text in its body. Neither may be logged.
 */
export function describe(error: unknown): string {
  if (error instanceof RateLimitError) return `rate limited for ${error.retryAfter} ms`
  if (error instanceof DiscordAPIError) return `Discord answered ${error.status} (${error.code}): ${error.message}`
  if (error instanceof HTTPError) return `Discord answered ${error.status}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** Turns an error into a `PostFailed` for the outbox. */
export function postFailed(error: unknown): PostFailed {
  if (error instanceof PostFailed) return error
  const line = describe(error)
  if (error instanceof RateLimitError) {
    return new PostFailed('later', line, { retryAfterMs: error.retryAfter, reach: error.global ? 'door' : 'channel' })
  }
  if (refusedWith(error, codes.unknownMessage)) return new PostFailed('deleted', line)
  // 401 means a revoked token: a new one may come. Any other refusal would be the same at the next attempt.
  if (error instanceof DiscordAPIError && error.status !== 401) return new PostFailed('never', line)
  if (error instanceof DiscordAPIError || error instanceof HTTPError) return new PostFailed('later', line)
  return new PostFailed('later', line, { cause: error })
}
