import { z } from 'zod'
import { type JsonStreamTimes, openJsonStream } from '../../base/json-stream.ts'
import type { Access } from '../links/venue-access.ts'
import type { StreamListener } from '../shared/news.ts'
import { VenueError } from '../venue.ts'
import { accountPath } from './account.ts'
import { headersOf } from './client.ts'
import { orderPayload, type TsOrder } from './payloads.ts'
import { filledIn } from './steps.ts'

/** The times of the streams of an account, in milliseconds. */
export interface StreamTimes extends JsonStreamTimes {
  /** A stream of positions that ended is opened again after this time. */
  positionsAgainMs: number
}

/** A heartbeat comes after five idle seconds. */
export const usualStreamTimes: StreamTimes = { openWithinMs: 15_000, silentForMs: 30_000, positionsAgainMs: 5000 }

const accept = 'application/vnd.tradestation.streams.v3+json'

/** A hint: an order to look at, and the quantity that the stream has shown as filled. */
export interface OrderHint {
  id: string
  filled: ReturnType<typeof filledIn>
  status: string
}

const hintOf = (order: TsOrder): OrderHint => ({ id: order.OrderID, filled: filledIn(order), status: order.Status })

const frame = z.object({
  StreamStatus: z.string().optional(),
  Heartbeat: z.unknown().optional(),
  Error: z.string().optional(),
  Message: z.string().optional(),
})
const position = z.object({
  PositionID: z.string(),
  Quantity: z.string().optional(),
  Deleted: z.boolean().optional(),
})

/**
 * Opens the streams of orders and of positions of an account. Their first frames are a snapshot, which is caught up from the lists; then
 * each order is a hint, and each other quantity of a position stirs. Returns a function that closes both silently.
 */
export function openAccountStreams(
  api: string,
  account: string,
  { credentials }: Access,
  times: StreamTimes,
  listener: StreamListener<OrderHint>,
): () => void {
  const headers = { ...headersOf(credentials), accept }
  const urlOf = (what: string) =>
    new URL(api.replace(/\/$/, '') + accountPath(account, what).replace('/brokerage/', '/brokerage/stream/'))
  let isListening = false
  let isOver = false

  const opening = setTimeout(() => end('the order stream shows no snapshot'), times.openWithinMs)
  const closeOrders = openJsonStream(urlOf('orders'), headers, times, {
    heard(value) {
      listener.alive()
      const read = frame.safeParse(value).data
      if (read?.StreamStatus === 'EndSnapshot') {
        if (isListening) return
        isListening = true
        clearTimeout(opening)
        listener.listening()
        return
      }
      if (read?.StreamStatus === 'GoAway' || read?.Error !== undefined)
        return end(`the order stream ended${read.Message ? `: ${read.Message.slice(0, 200)}` : ''}`)
      const order = orderPayload.safeParse(value)
      // News that cannot be read are left to the sweep.
      if (order.success && isListening && order.data.AccountID === account) listener.hint(hintOf(order.data))
    },
    ended: (words, { status, cause }) => end(`the order stream ${words}`, status === 401 || status === 403, cause),
  })

  let closePositions: () => void = () => {}
  let again: NodeJS.Timeout | undefined
  function followPositions(): void {
    const quantities = new Map<string, string | undefined>()
    let isCurrent = false
    closePositions = openJsonStream(urlOf('positions'), headers, times, {
      heard(value) {
        listener.alive()
        const status = frame.safeParse(value).data
        if (status?.StreamStatus === 'EndSnapshot') isCurrent = true
        if (status?.StreamStatus === 'GoAway' || status?.Error !== undefined) return reopen()
        const read = position.safeParse(value)
        if (!read.success) return
        const { PositionID: id, Quantity: quantity, Deleted } = read.data
        const isNew = Deleted ? quantities.delete(id) : quantities.get(id) !== quantity
        if (!Deleted) quantities.set(id, quantity)
        // Other frames are only another price.
        if (isNew && isCurrent) listener.stirred()
      },
      ended: reopen,
    })
  }
  function reopen(): void {
    closePositions()
    clearTimeout(again)
    if (!isOver) again = setTimeout(followPositions, times.positionsAgainMs)
  }
  followPositions()

  function stop(): void {
    isOver = true
    clearTimeout(opening)
    clearTimeout(again)
    closeOrders()
    closePositions()
  }

  function end(words: string, isUnauthorized = false, cause?: unknown): void {
    if (isOver) return
    stop()
    listener.ended(new VenueError(words, cause), isUnauthorized)
  }
  return stop
}
