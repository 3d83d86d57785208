import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { type Venue, VenueError } from '../../../../src/venues/venue.ts'
import { type Answered, type Asked, about, type CallNameOnWire, calls, event } from './wire.ts'

/** A venue that other processes reach by HTTP. */
export interface ServedVenue {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Ends the server with every connection; the venue stays. */
  close(): Promise<void>
}

/**
 * Serves a venue on 127.0.0.1, on a free port: `POST /submit` and so on accept and return JSON, `GET /about` gives its name
 * and capabilities, `GET /events` is a stream of lines. A call continues when its caller dies. 503 means no answer.
 */
export async function serveDifficultVenue(venue: Venue): Promise<ServedVenue> {
  const carryOut = callsTo(venue)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.slice(1)
    if (path === 'events') return tellEvents(venue, response)
    if (path === 'about') return send(response, 200, z.encode(about, venue))
    if (!(path in calls)) return send(response, 404, { words: `there is no ${path} here` })
    const name = path as CallNameOnWire
    try {
      const answered = await carryOut[name](z.decode(calls[name].asked, (await json(request)) as never) as never)
      send(response, 200, z.encode(calls[name].answered, answered as never))
    } catch (cause) {
      const isSilent = cause instanceof VenueError
      send(response, isSilent ? 503 : 500, { words: cause instanceof Error ? cause.message : String(cause) })
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type CarryingOut = { [Name in CallNameOnWire]: (asked: Asked<Name>) => Promise<Answered<Name>> }

const callsTo = (venue: Venue): CarryingOut => ({
  submit: (order) => venue.submit(order),
  find: async (reference) => (await venue.find(reference)) ?? null,
  cancel: (reference) => venue.cancel(reference),
  replace: ({ reference, limitPrice }) => venue.replace(reference, limitPrice),
  openOrders: ({ account }) => venue.openOrders(account),
  fills: ({ account, cursor }) => venue.fills(account, cursor),
  positions: ({ account }) => venue.positions(account),
  balance: ({ account }) => venue.balance(account),
})

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Each event is a line. The first line is empty: a client that has read it gets all later events. */
function tellEvents(venue: Venue, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const write = (told: z.output<typeof event>) => response.write(`${JSON.stringify(z.encode(event, told))}\n`)
  const stop = venue.subscribe({
    heard: write,
    failed: (cause) => write({ kind: 'failed', words: String(cause) }),
  })
  response.write('\n')
  response.on('close', stop)
}
