/** A route that is no row of the contract: its answers come one after another, or its caller is a service with no name here. */
export interface OtherRoute {
  id: string
  method: 'GET' | 'POST'
  path: string
  summary: string
  /** Those who may open it, in words. */
  needs: string
  isOpen?: true
  parameters: { name: string; in: 'path' | 'query' | 'header'; description: string }[]
  /** Its answer: status, media type, and what it means. */
  answer: { status: 101 | 200 | 202; type?: string; description: string }
}

const events = 'text/event-stream'
const form = 'Events in the form of docs/stream.md'
const lastId = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last event: it goes on after that',
} as const
const topics = {
  name: 'topics',
  in: 'query',
  description: 'With commas: account:1, symbol:BYND, scaleout:7, run:UUID; all of the caller’s own unless said',
} as const
const token = { name: 'token', in: 'query', description: 'A token of POST /api/stream/tokens' } as const

/** Streams and hooks, for the documents. */
export const otherRoutes: readonly OtherRoute[] = [
  {
    id: 'stream',
    method: 'GET',
    path: '/api/stream',
    summary: 'The stream of events and prices',
    needs: 'For members and tokens.',
    parameters: [topics, lastId],
    answer: { status: 200, type: events, description: form },
  },
  {
    id: 'tradingStream',
    method: 'GET',
    path: '/api/trading/stream/{account}',
    summary: 'The stream of an account in the older shape, for clients that send no header',
    needs: 'For those with a token for one stream.',
    isOpen: true,
    parameters: [{ name: 'account', in: 'path', description: 'Id of the account' }, token],
    answer: { status: 200, type: events, description: form },
  },
  {
    id: 'runStream',
    method: 'GET',
    path: '/api/strategies/sse/{run_id}',
    summary: 'The progress of a run of a screener, to its end',
    needs: 'For members and tokens.',
    parameters: [{ name: 'run_id', in: 'path', description: 'The UUID of the run' }, lastId],
    answer: { status: 200, type: events, description: form },
  },
  {
    id: 'symbolSocket',
    method: 'GET',
    path: '/events/{symbol}',
    summary: 'A WebSocket with the events and prices of a symbol',
    needs: 'For members and tokens.',
    parameters: [{ name: 'symbol', in: 'path', description: 'A symbol' }],
    answer: { status: 101, description: 'The WebSocket is open; its messages are those of docs/stream.md' },
  },
  {
    id: 'hook',
    method: 'POST',
    path: '/hooks/{secret}',
    summary: 'A command for the desk, as text or JSON, from a service such as TradingView',
    needs: 'For those with the address of a hook (`hook new` in chat).',
    isOpen: true,
    parameters: [{ name: 'secret', in: 'path', description: 'The secret of the hook, in its address' }],
    answer: { status: 202, type: 'application/json', description: 'Heard; the desk answers in the thread of the hook' },
  },
]
