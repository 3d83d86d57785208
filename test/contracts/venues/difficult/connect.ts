import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type NoAnswer, type OrderListener, type Venue, VenueError } from '../../../../src/venues/venue.ts'
import { type Answered, type Asked, about, type CallNameOnWire, calls, event } from './wire.ts'

/** Milliseconds before a broken stream of events is opened again. */
const againMs = 50

/**
 * A client of the venue that `serveDifficultVenue` serves at this address. Calls have no time limit of their own. Throws when
 * the server cannot be reached now; later that counts as no answer.
 */
export async function connectDifficultVenue(url: string): Promise<Venue> {
  const { name, capabilities } = z.decode(about, (await (await fetch(`${url}/about`)).json()) as never)

  /** Throws `VenueError` when there is no answer. */
  async function ask<Name extends CallNameOnWire>(name: Name, asked: Asked<Name>): Promise<Answered<Name>> {
    const body = JSON.stringify(z.encode(calls[name].asked, asked as never))
    const response = await fetch(`${url}/${name}`, { method: 'POST', body }).catch((cause) => {
      throw new VenueError('the venue cannot be reached', cause)
    })
    const answered = await response.json().catch((cause) => {
      throw new VenueError('the answer broke off', cause)
    })
    if (response.status === 503) throw new VenueError((answered as { words: string }).words)
    if (!response.ok) throw new Error(`${name} failed: ${JSON.stringify(answered)}`)
    return z.decode(calls[name].answered, answered as never) as Answered<Name>
  }

  const orUnknown = (cause: unknown): NoAnswer => {
    if (cause instanceof VenueError) return { outcome: 'unknown', words: cause.message, cause }
    throw cause
  }

  return {
    name,
    capabilities,
    submit: (order) => ask('submit', order).catch(orUnknown),
    cancel: (reference) => ask('cancel', reference).catch(orUnknown),
    replace: (reference, limitPrice) => ask('replace', { reference, limitPrice }).catch(orUnknown),
    find: async (reference) => (await ask('find', reference)) ?? undefined,
    openOrders: (account) => ask('openOrders', { account }),
    fills: (account, cursor) => ask('fills', { account, cursor }),
    positions: (account) => ask('positions', { account }),
    balance: (account) => ask('balance', { account }),
    subscribe(listener) {
      const over = new AbortController()
      void listenUntilOver(`${url}/events`, listener, over.signal)
      return () => over.abort()
    },
  }
}

/** Reads the stream, and opens it again whenever it breaks. */
async function listenUntilOver(url: string, listener: OrderListener, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      await listen(url, listener, over)
      throw new Error('the stream has ended')
    } catch (cause) {
      if (over.aborted) return
      listener.failed(cause)
      await sleep(againMs, undefined, { signal: over }).catch(() => {})
    }
  }
}

async function listen(url: string, listener: OrderListener, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(url, { signal })
  for await (const line of createInterface({ input: Readable.fromWeb(body! as never) })) {
    if (line === '' || signal.aborted) continue
    const told = z.decode(event, JSON.parse(line))
    if (told.kind === 'failed') listener.failed(new Error(told.words))
    else listener.heard(told)
  }
}
