import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { isPublic, publicLookup } from '../../../base/public-address.ts'

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
