import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request to the model. */
export interface LlmRequest {
  path: string
  authorization?: string
  model: string
  system: string
  user: string
  /** The tools that it may call. */
  tools: { name: string; parameters: { properties?: Record<string, unknown> } }[]
  responseFormat?: { type: string; json_schema?: { schema: unknown } }
}

/** How the server answers one request. */
export type Manner =
  /** As a model would, with this text; after a delay, when it is slow. */
  | { say: string; afterMs?: number }
  | { decide: object; afterMs?: number }
  /** Calls tools, each with these arguments. */
  | { call: { name: string; with: object }[]; afterMs?: number }
  /** Like a model that obeys the text that it reads: see `obedient`. */
  | { obey: (request: LlmRequest) => object }
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Something that is no valid answer in the protocol. */
  | { raw: string; type?: string }
  | 'never'
  | 'drop'
  | 'endless'

/** A local server for the part of OpenAI's chat completions that the desk uses. */
export interface LlmServer {
  /** For `LLM_BASE_URL`. */
  url: string
  requests: LlmRequest[]
  /** The number of requests that are being answered, now and at most. */
  inFlight: { now: number; most: number }
  /** Sets the answers from now on; several are given one after the other, and the last one repeats. */
  answer(...manners: Manner[]): void
  close(): Promise<void>
}

/** Starts the server on a free port. It holds every request until its answers are set. */
export async function startLlmServer(): Promise<LlmServer> {
  const requests: LlmRequest[] = []
  const inFlight = { now: 0, most: 0 }
  let manners: Manner[] = ['never']
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString())
      const text = (role: string) => body.messages.find((one: { role: string }) => one.role === role)?.content ?? ''
      const request: LlmRequest = {
        path: incoming.url ?? '',
        authorization: incoming.headers.authorization,
        model: body.model,
        system: text('system'),
        user: text('user'),
        responseFormat: body.response_format,
        tools: (body.tools ?? []).map((one: { function: LlmRequest['tools'][number] }) => one.function),
      }
      requests.push(request)
      inFlight.now += 1
      inFlight.most = Math.max(inFlight.most, inFlight.now)
      response.on('close', () => {
        inFlight.now -= 1
      })
      reply(response, request, manners.length > 1 ? manners.shift()! : manners[0]!)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    inFlight,
    answer(...next) {
      manners = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function reply(response: ServerResponse, request: LlmRequest, manner: Manner): void {
  if (manner === 'never') return
  if (manner === 'drop') {
    response.socket?.destroy()
    return
  }
  if (manner === 'endless') {
    response.writeHead(200, { 'content-type': 'application/json' })
    const pour = () => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
    }
    response.on('drain', pour)
    pour()
    return
  }
  if ('status' in manner) {
    response.writeHead(manner.status, { 'content-type': 'application/json', ...manner.headers })
    response.end(manner.body ?? JSON.stringify({ error: { message: `no, ${request.authorization}` } }))
    return
  }
  if ('raw' in manner) {
    response.writeHead(200, { 'content-type': manner.type ?? 'application/json' }).end(manner.raw)
    return
  }
  if ('obey' in manner) {
    reply(response, request, { decide: manner.obey(request) })
    return
  }
  const message =
    'call' in manner
      ? { content: null, tool_calls: manner.call.map(toolCall) }
      : { content: 'say' in manner ? manner.say : JSON.stringify(manner.decide) }
  const send = () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(completion(request.model, message)))
  }
  if (manner.afterMs === undefined) send()
  else setTimeout(send, manner.afterMs).unref()
}

function toolCall(call: { name: string; with: object }, index: number) {
  const { name } = call
  return { id: `call-${index}`, type: 'function', function: { name, arguments: JSON.stringify(call.with) } }
}

function completion(model: string, message: object) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 },
  }
}
