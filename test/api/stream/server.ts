import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Doorkeeper, Reader } from '../../../src/api/stream/reader.ts'
import { createStreams, type StreamOptions, type Streams } from '../../../src/api/stream/streams.ts'
import { accountsOf } from '../../../src/trading/accounts/rows/accounts.ts'
import type { Parts } from '../../../src/trading/parts.ts'

/** A server of streams for a test. */
export interface StreamServer {
  port: number
  streams: Streams
  /** Ends the session of a member: nobody knows the member any more. */
  signOut(memberId: number): void
  close(): Promise<void>
}

/** Serves the streams of a desk. A request says which member it comes from: `Authorization: Bearer 7`. */
export async function serveStreams(parts: Parts, { port = 0, ...options }: StreamOptions & { port?: number } = {}) {
  const gone = new Set<number>()
  async function readerOf(memberId: number): Promise<Reader | undefined> {
    if (gone.has(memberId)) return undefined
    const accounts = await accountsOf(parts.db, memberId)
    return { memberId, accountIds: new Set(accounts.map(({ id }) => id)), origin: `token:${memberId}` }
  }
  const keeper: Doorkeeper = {
    async whoIs({ headers }) {
      const [, memberId] = /^Bearer (\d+)$/.exec(headers.authorization ?? '') ?? []
      return memberId === undefined ? undefined : readerOf(Number(memberId))
    },
    still: ({ memberId }) => readerOf(memberId),
  }
  const streams = createStreams(parts, keeper, options)
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://desk').pathname
    const [, account] = /^\/api\/trading\/stream\/([^/]+)$/.exec(path) ?? []
    void (account === undefined ? streams.serve(request, response) : streams.serveOld(request, response, account))
  })
  server.on('upgrade', (request, socket, head) => {
    const symbol = new URL(request.url!, 'http://desk').pathname.replace('/events/', '')
    void streams.upgrade(request, socket, head, symbol)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const served: StreamServer = {
    port: (server.address() as AddressInfo).port,
    streams,
    signOut: (memberId) => void gone.add(memberId),
    async close() {
      streams.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return served
}
