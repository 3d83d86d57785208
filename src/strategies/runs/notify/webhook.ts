import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** A receiver has so long to answer, in milliseconds. */
const answersWithinMs = 10_000

/** A call of a webhook. */
export interface WebhookCall {
  url: string
  body: string
  secret: string
  /** The same in every attempt. */
  delivery: string
  at: Date
  /** Addresses of the desk's own network, and `http:`, are called as well. */
  allowsPrivate: boolean
}

/** The signature of a body: HMAC-SHA256 of `TIME.BODY` in hexadecimal, with the time in seconds, as `t=TIME,v1=HMAC`. */
function signatureOf(secret: string, body: string, at: Date): string {
  const time = Math.floor(at.getTime() / 1000)
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

/**
 * Posts a signed body. Follows no redirect. Throws when the address is not public, or the answer is not 2xx or does not come in time;
 * the message has no secret.
 */
export async function callWebhook({ url, body, secret, delivery, at, allowsPrivate }: WebhookCall): Promise<void> {
  const target = new URL(url)
  const isSecure = target.protocol === 'https:'
  if (!isSecure && !(target.protocol === 'http:' && allowsPrivate)) throw new Error('the webhook is no https address')
  const host = target.hostname.replace(/^\[|\]$/g, '')
  if (!allowsPrivate && isIP(host) !== 0 && !isPublic(host)) throw new Error('the webhook is no public address')
  const status = await new Promise<number>((resolve, reject) => {
    const send = isSecure ? httpsRequest : httpRequest
    const sent = send(
      target,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Deskhand',
          'x-deskhand-delivery': delivery,
          'x-deskhand-signature': signatureOf(secret, body, at),
        },
        // The connection goes to the address that was looked at, so that a name cannot change its mind in between.
        lookup: allowsPrivate ? undefined : publicLookup,
        signal: AbortSignal.timeout(answersWithinMs),
      },
      (response) => {
        response.destroy()
        resolve(response.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
  if (status < 200 || status > 299) throw new Error(`the webhook answered ${status}`)
}

const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (cause, addresses) => {
    if (cause) return done(cause, [])
    const reachable = addresses.filter(({ address }) => isPublic(address))
    const [first] = reachable
    if (!first) return done(new Error('the webhook is no public address'), [])
    if (options.all) done(null, reachable)
    else done(null, first.address, first.family)
  })
}

/** Networks that are nobody's on the Internet, by the registries of special-purpose addresses of IANA. */
const special4 = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special4.addSubnet(network, bits, 'ipv4')
}
/** Of IPv6 only 2000::/3 is given out; the others within it are special, or carry an IPv4 address that would have to be looked at. */
const special6 = new BlockList()
for (const [network, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  special6.addSubnet(network, bits, 'ipv6')
}

/** Is it an address of the Internet, and not of a network of one's own? */
export function isPublic(address: string): boolean {
  // Two lists: one list would compare an address of either kind with the networks of both.
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4')
    case 6:
      return !special6.check(address, 'ipv6')
    default:
      return false
  }
}
