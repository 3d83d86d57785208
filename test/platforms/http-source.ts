import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request for data as a server saw it. */
export interface SourceRequest {
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
}

/** An answer of a server: a body with its status and headers, or a line that stays silent or breaks. */
export type SourceAnswer =
  | { status?: number; headers?: Record<string, string | string[]>; body: unknown }
  | 'never'
  | 'drop'

/** A local server of data over HTTP. */
export interface SourceServer {
  url: string
  requests: SourceRequest[]
  close(): Promise<void>
}

/** Starts a server on a free port that answers as the function says; objects are sent as JSON, texts as they are. */
export async function serveSource(answer: (request: SourceRequest) => SourceAnswer): Promise<SourceServer> {
  const requests: SourceRequest[] = []
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://source')
    const request = {
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
    }
    requests.push(request)
    send(response, answer(request))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, answer: SourceAnswer): void {
  if (answer === 'never') return
  if (answer === 'drop') {
    response.socket?.destroy()
    return
  }
  const isText = typeof answer.body === 'string'
  response.writeHead(answer.status ?? 200, {
    'content-type': isText ? 'text/plain' : 'application/json',
    ...answer.headers,
  })
  response.end(isText ? answer.body : JSON.stringify(answer.body))
}
