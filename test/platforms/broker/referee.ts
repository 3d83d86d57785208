import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The folder with the published specification, beside the repository; a test without it is skipped. */
export const specifications = fileURLToPath(new URL('../../../../shared/venues/', import.meta.url))
export const hasSpecifications = existsSync(specifications)

const prism = fileURLToPath(new URL('../../../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url))

/** A breach of the specification by the client or by the server. */
export interface Violation {
  method: string
  path: string
  status: number
  /** `request` or `response`, and the place in it. */
  place: string
  words: string
}

/** Stands between a client and one host of the server, and knows the specification. */
export interface Referee {
  /** The base URL in place of the host's. WebSockets pass as they are. */
  url: string
  /** The breaches so far. Statuses of refusals that the document leaves out are none. */
  violations(): Violation[]
  close(): Promise<void>
}

/**
 * Starts a referee in front of a host (its base URL), with the file of an OpenAPI document: Prism as a proxy, and before it a
 * listener that collects what Prism says and lets a broken connection break. Paths that are streams pass as they are. It
 * takes some seconds to start, and nothing of it is fast.
 */
export async function refereed(
  hostUrl: string,
  document: string,
  isStream: (path: string) => boolean = () => false,
): Promise<Referee> {
  const child = spawn(process.execPath, [prism, 'proxy', '-p', '0', '-h', '127.0.0.1', document, hostUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', SCARF_ANALYTICS: 'false' },
  })
  const end = () => void child.kill()
  process.once('exit', end)
  const prismUrl = await listeningUrl(child)
  const found: Violation[] = []

  const listener = createServer((request, response) => {
    const passing = isStream(request.url!)
      ? passStream(hostUrl, request, response)
      : pass(prismUrl, found, request, response)
    passing.catch(() => response.destroy())
  })
  listener.on('upgrade', (request, socket, head) => {
    const to = new URL(hostUrl)
    const upstream = connect(Number(to.port), to.hostname, () => {
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${rawHeaders(request)}\r\n\r\n`)
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  return {
    url: `http://127.0.0.1:${portOf(listener)}`,
    violations: () => [...found],
    async close() {
      listener.closeAllConnections()
      listener.close()
      process.off('exit', end)
      if (child.exitCode === null && child.kill()) await once(child, 'exit')
    },
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function listeningUrl(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! })
  const said: string[] = []
  for await (const line of lines) {
    const url = /Prism is listening on (http:\S+)/.exec(line)?.[1]
    if (url) {
      // Its log would fill the pipe.
      lines.close()
      child.stdout!.resume()
      return url
    }
    said.push(line)
  }
  throw new Error(`Prism did not start: ${said.join('\n')}`)
}

async function pass(to: string, found: Violation[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _, ...headers } = request.headers
  const onward = send(`${to}${request.url}`, { method: request.method, headers })
  request.pipe(onward)
  const [answer] = (await once(onward, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const status = answer.statusCode!
  // The host broke the connection; Prism made an answer of that.
  if (answer.headers['content-type']?.startsWith('application/problem+json')) {
    if (/FetchError/.test(String(body))) {
      response.destroy()
      return
    }
    const words = String(body)
    found.push({ method: request.method!, path: request.url!, status, place: 'request', words })
  }
  const { 'sl-violations': told, ...rest } = answer.headers
  if (told) found.push(...breaches(request, status, String(told)))
  response.writeHead(status, rest)
  response.end(body)
}

/** Prism would wait for the end of a stream, which never comes. */
async function passStream(to: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _, ...headers } = request.headers
  const onward = send(`${to}${request.url}`, { method: request.method, headers })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
  const [answer] = (await once(onward, 'response')) as [IncomingMessage]
  response.writeHead(answer.statusCode!, answer.headers)
  response.flushHeaders()
  answer.on('error', () => response.destroy())
  answer.pipe(response)
}

interface Told {
  location: string[]
  severity: string
  message: string
}

function breaches(request: IncomingMessage, status: number, told: string): Violation[] {
  const all = JSON.parse(told) as Told[]
  return all
    .filter(({ severity }) => severity === 'Error')
    .filter(({ message }) => !(status >= 400 && /status code/.test(message)))
    .map(({ location, message }) => {
      return { method: request.method!, path: request.url!, status, place: location.join('.'), words: message }
    })
}

function rawHeaders({ rawHeaders: raw }: IncomingMessage): string {
  return Array.from({ length: raw.length / 2 }, (_, index) => `${raw[2 * index]}: ${raw[2 * index + 1]}`).join('\r\n')
}
