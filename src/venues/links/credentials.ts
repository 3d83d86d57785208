/** The way into one account of a venue: a pair of keys, or tokens of OAuth. */
export type Credentials =
  | { kind: 'keys'; keyId: string; secret: string }
  | { kind: 'oauth'; accessToken: string; refreshToken?: string; expiresAt?: Date }

/** Tokens of OAuth. */
export type OAuthCredentials = Extract<Credentials, { kind: 'oauth' }>
