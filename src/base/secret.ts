import { createHash, randomBytes } from 'node:crypto'

/** A new secret for a URL, a cookie or a header: 32 random bytes in 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The form in which a secret is kept. It needs no salt and no slow function, because nobody guesses 32 random bytes. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
