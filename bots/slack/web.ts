import type { Logger as SlackLogger } from '@slack/bolt'
import { webApi } from '@slack/bolt'
import { PostFailed } from '../../src/talk/chat/door.ts'
import { limits } from './limits.ts'

/** Options of every client of Slack's Web API in this door; `api` is its base URL, Slack's own when absent. */
export function webOptions(api: string | undefined, logger: SlackLogger): webApi.WebClientOptions {
  return {
    ...(api && { slackApiUrl: api }),
    logger,
    timeout: limits.requestTimeout,
    // Not tried again here: a lost answer to chat.postMessage may well have been a post. Who posts decides, and looks first.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
}

/** Slack said these for reasons that pass. Whatever else it says no to, it says no to again. */
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

/** Of these, what a channel is told that gets too much. */
const limiting = ['ratelimited', 'rate_limited', 'message_limit_exceeded']

/** The token is at fault, not the post: it goes out when somebody has put that right. */
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

/** Slack's answer `error` when it refused a call; undefined for anything else that went wrong. */
export function refusal(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? String(error.data.error) : undefined
}

/** Is it known that Slack did not do what was asked for? */
export function wasRefused(error: unknown): boolean {
  return error instanceof webApi.WebAPIRateLimitedError || refusal(error) !== undefined
}

/** Why a call to Slack did not work, as the outbox wants to know it. */
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
  return new PostFailed('never', `Slack says ${said}`, { cause: error })
}
