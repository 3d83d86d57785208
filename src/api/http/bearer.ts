import { createHash, timingSafeEqual } from 'node:crypto'

/** Does an `authorization` header carry this bearer token? The comparison takes constant time. */
export function carries(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
