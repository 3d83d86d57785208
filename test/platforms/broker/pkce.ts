import { createHash } from 'node:crypto'

/** Does a verifier belong to its challenge (PKCE with SHA-256)? Without a challenge none is needed. */
export function isProven(challenge: string | undefined, verifier: string | null): boolean {
  if (challenge === undefined) return true
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge
}
