import type { Logger as SlackLogger } from '@slack/bolt'
import { webApi } from '@slack/bolt'
import { PostFailed } from '../../src/talk/chat/door.ts'
import { limits } from './limits.ts'

/** The options of every Web API client of this door; `api` is the base URL, default Slack's own. */
export function webOptions(api: string | undefined, logger: SlackLogger): webApi.WebClientOptions {
  return {
    ...(api && { slackApiUrl: api }),
    logger,
    timeout: limits.requestTimeout,
    // The library does not retry: a chat.postMessage without an answer may be posted. The caller looks before it
    // tries again.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
}

/** Slack's errors that pass. Any other refusal would be the same at the next attempt. */
export const passing = [
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
  'external_channel_migrating',
]

/** The ones among these for a channel with too many messages. */
const limiting = ['ratelimited', 'rate_limited', 'message_limit_exceeded']

/** The token is at fault, not the post: the post goes out when somebody has put that right. */
export const refusedToken = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'ekm_access_denied',
]

/** Slack's error for a message that is gone. */
const messageGone = 'message_not_found'

/** The `error` field of Slack's answer when it refused a call; undefined for any other failure. */
export function refusal(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? String(error.data.error) : undefined
}

/** Whether Slack is known to have refused the call. */
export function wasRefused(error: unknown): boolean {
  return error instanceof webApi.WebAPIRateLimitedError || refusal(error) !== undefined
}

/** Turns an error into a `PostFailed` for the outbox. */
export function asPostFailed(error: unknown): PostFailed {
  if (error instanceof PostFailed) return error
  if (error instanceof webApi.WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000
    return new PostFailed('later', 'Slack asks for a pause', { retryAfterMs, reach: 'channel', cause: error })
  }
  const said = refusal(error)
  if (said === undefined) {
    const message = `Slack did not answer: ${error instanceof Error ? error.message : String(error)}`
    return new PostFailed('later', message, { retryAfterMs: limits.retryAfter, cause: error })
  }
  if (passing.includes(said)) {
    const reach = limiting.includes(said) ? 'channel' : 'post'
    return new PostFailed('later', `Slack says ${said}`, { retryAfterMs: limits.retryAfter, reach, cause: error })
  }
  if (refusedToken.includes(said)) {
    const retryAfterMs = limits.retryAfterRefusedToken
    return new PostFailed('later', `Slack refuses the token: ${said}`, { retryAfterMs, reach: 'door', cause: error })
  }
  return new PostFailed(said === messageGone ? 'deleted' : 'never', `Slack says ${said}`, { cause: error })
}
