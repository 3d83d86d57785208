import { longestMs } from '../../trading/access/rows/web-sessions.ts'

/**
 * The name of the session's cookie. Over TLS browsers take it from this host alone (`__Host-`). Without TLS, on a loopback address,
 * cookies of all ports are mixed, so the port is in the name.
 */
export function cookieName({ isSecure, port }: { isSecure: boolean; port: number }): string {
  return isSecure ? '__Host-deskhand' : `deskhand-${port}`
}

/** The value of a cookie in the header of a request. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** The header that sets the cookie, or with an empty value takes it away. No script of the page can read it. */
export function setCookie(name: string, value: string, isSecure: boolean): string {
  const age = value === '' ? 0 : Math.floor(longestMs / 1000)
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${isSecure ? '; Secure' : ''}`
}
