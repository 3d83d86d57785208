import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { isPublic, publicLookup } from '../../../base/public-address.ts'

/** A feed has so long to arrive, with all its redirects, in milliseconds. */
const arrivesWithinMs = 10_000
/** The longest feed that is read, in bytes, and the most redirects that are followed. */
const longest = 1_000_000
const mostRedirects = 3

/** A feed that was not read. The message is for people, and names the host alone: an address may hold a key. */
export class FeedFault extends Error {
  override name = 'FeedFault'
}

/**
 * The text of a feed. `allowsPrivate`: addresses of the desk's own network, and `http:`, are read as well. Throws `FeedFault` when the
 * address is not public, or the answer is too long, too late or none.
 */
export async function readFeed(address: URL, allowsPrivate: boolean): Promise<string> {
  const signal = AbortSignal.timeout(arrivesWithinMs)
  const { host } = address
  try {
    let next = address
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const response = await get(next, allowsPrivate, signal)
      const { statusCode = 0, headers } = response
      if (statusCode >= 300 && statusCode < 400 && headers.location && URL.canParse(headers.location, next.href)) {
        response.destroy()
        next = new URL(headers.location, next)
        continue
      }
      if (statusCode === 200) return await textOf(response, host)
      response.destroy()
      throw new FeedFault(`${host} answered with ${statusCode}`)
    }
    throw new FeedFault(`${host} redirects too often`)
  } catch (cause) {
    if (cause instanceof FeedFault) throw cause
    const because = signal.aborted ? `did not answer within ${arrivesWithinMs / 1000} s` : 'cannot be reached'
    throw new FeedFault(`${host} ${because}`, { cause })
  }
}

function get(address: URL, allowsPrivate: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const isSecure = address.protocol === 'https:'
  if (!isSecure && !(address.protocol === 'http:' && allowsPrivate))
    throw new FeedFault(`${address.host} is no https address`)
  const name = address.hostname.replace(/^\[|\]$/g, '')
  if (!allowsPrivate && isIP(name) !== 0 && !isPublic(name)) throw new FeedFault(`${address.host} is no public address`)
  const options = {
    headers: { 'user-agent': 'Deskhand', accept: 'application/rss+xml, application/atom+xml, application/xml' },
    ...{ signal, agent: false as const },
    ...(!allowsPrivate && { lookup: publicLookup }),
  }
  return new Promise((resolve, reject) => {
    const sent = isSecure ? httpsRequest(address, options, resolve) : httpRequest(address, options, resolve)
    sent.on('error', reject).end()
  })
}

async function textOf(response: IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longest) throw new FeedFault(`${host} has a feed of more than ${longest / 1e6} MB`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  const type = response.headers['content-type'] ?? ''
  const named = /charset="?([\w-]+)/i.exec(type) ?? /^[^>]*encoding=["']([\w-]+)/.exec(bytes.toString('latin1', 0, 200))
  try {
    return new TextDecoder(named?.[1] ?? 'utf-8').decode(bytes)
  } catch {
    throw new FeedFault(`${host} has a feed in letters that are not known`)
  }
}
