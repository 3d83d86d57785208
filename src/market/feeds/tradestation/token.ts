import { exchangeTokens, type OAuthClient } from '../../../base/oauth-tokens.ts'

/** The desk's own way into TradeStation's prices. */
export interface Token {
  /** An access token that holds for a while. Throws when there is none. */
  of(): Promise<string>
  /** The server refused a token: the next question exchanges a new one. */
  refused(token: string): void
  /** The present token is good until then, on the process's own clock. */
  expiresAt(): number | undefined
}

/** Tokens are exchanged so many milliseconds before their end. */
const aheadMs = 120_000
/** A token without a word about its end is good for so many seconds. */
const usualSeconds = 1200
/** After a failure nothing is exchanged for so many milliseconds. */
const againMs = 5000

/**
 * Keeps an access token by the desk's own refresh token. It must be one that lasts: one that rotates would be used up by the first of
 * several processes.
 */
export function createToken(client: OAuthClient, refreshToken: string): Token {
  let held: { token: string; until: number } | undefined
  let refresh = refreshToken
  let exchanging: Promise<string> | undefined
  let failed: { until: number; words: string } | undefined

  async function exchange(): Promise<string> {
    if (failed && performance.now() < failed.until) throw new Error(failed.words)
    const asked = await exchangeTokens(client, { grant_type: 'refresh_token', refresh_token: refresh })
    if (asked.outcome !== 'given') {
      failed = { until: performance.now() + againMs, words: asked.words }
      throw new Error(asked.words)
    }
    failed = undefined
    const { accessToken, refreshToken: next, expiresIn = usualSeconds } = asked.tokens
    refresh = next ?? refresh
    held = { token: accessToken, until: performance.now() + expiresIn * 1000 }
    return accessToken
  }

  return {
    async of() {
      if (held && held.until - performance.now() > aheadMs) return held.token
      exchanging ??= exchange().finally(() => {
        exchanging = undefined
      })
      return exchanging.catch((cause) => {
        // One that still holds is used meanwhile.
        if (held && held.until > performance.now()) return held.token
        throw cause
      })
    },
    refused(token) {
      if (held?.token === token) held = undefined
    },
    expiresAt: () => held?.until,
  }
}
