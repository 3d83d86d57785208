import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Decides which requests may come with a cookie. */
export interface Origins {
  /** Does the request name a host of ours? A name that others point to this machine is none. */
  isOurHost(request: IncomingMessage): boolean
  /** Does the request say that a page of ours sent it? */
  isSameOrigin(request: IncomingMessage): boolean
  /** Does the request say that another site sent it? */
  isCrossSite(request: IncomingMessage): boolean
  /** Is the page only used over TLS? */
  isSecure: boolean
}

/**
 * The origins of a server: that of `publicUrl`, if there is one, and the addresses of this machine by which a request came in. A
 * loopback name counts, and any other name does not, so that no site can point a name of its own to this machine.
 */
export function originsOf(publicUrl: string | undefined): Origins {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl)
  const isLocal = ({ headers, socket }: IncomingMessage) => {
    const host = hostname(headers.host ?? '')
    if (host === 'localhost' || host.endsWith('.localhost')) return true
    return isIP(host) !== 0 && (host === '127.0.0.1' || host === '::1' || host === plain(socket.localAddress ?? ''))
  }
  const isOurHost = (request: IncomingMessage) => request.headers.host === own?.host || isLocal(request)
  const site = ({ headers }: IncomingMessage) => headers['sec-fetch-site']
  const isOurs = (origin: string, request: IncomingMessage) =>
    origin === own?.origin || (isLocal(request) && origin === `http://${request.headers.host}`)
  return {
    isOurHost,
    isSameOrigin(request) {
      if (!isOurHost(request)) return false
      const { origin } = request.headers
      if (site(request) !== undefined && site(request) !== 'same-origin') return false
      if (origin === undefined) return site(request) === 'same-origin'
      return isOurs(origin, request)
    },
    // A page at another port of this machine is of the same site, and its WebSocket brings the cookie: its origin tells.
    isCrossSite(request) {
      const { origin } = request.headers
      if (origin !== undefined && !isOurs(origin, request)) return true
      return site(request) === 'cross-site' || site(request) === 'same-site'
    },
    isSecure: own?.protocol === 'https:',
  }
}

function hostname(host: string): string {
  return (/^\[([^\]]*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
