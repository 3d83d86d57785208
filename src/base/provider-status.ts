/** A provider of prices or a broker, as `sources` and the API show it. */
export interface ProviderStatus {
  /** `alpaca`, `yahoo`, `alphavantage`; one row for each of its connections: `alpaca quotes`, `alpaca account ••1234`. */
  name: string
  /** It answered lately, or its stream is open. */
  isConnected: boolean
  /** Its stream is not open, and it answers questions all the same; absent: it has no other way to be heard, or was not asked. */
  isAnswering?: boolean
  /** The account at a broker, by the broker's name for it: several may end in the same characters. */
  account?: string
  /** It took our key; absent for a provider without keys. */
  isAuthenticated?: boolean
  /** The key or token is valid until then. */
  expiresAt?: Date
  /** The last moment at which it said something. */
  heardAt?: Date
  /** Its prices are late by this many milliseconds, by its own word (15 minutes for a delayed feed). */
  delayMs?: number
  /** The feed: `iex`, `sip`. */
  feed?: string
  /** Faults since the start, and the last one in words. */
  faults: number
  lastFault?: { at: Date; words: string }
  /** Requests left of a budget of `of` requests in `perMs` milliseconds. */
  budget?: { left: number; of: number; perMs: number }
}
