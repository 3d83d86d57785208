import type { Kysely } from 'kysely'
import { isMultiple, zero } from '../../base/amounts.ts'
import { realWait } from '../../base/clock.ts'
import { together } from '../../base/together.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { Quote } from '../../market/market.ts'
import {
  type NoAnswer,
  type OrderEvent,
  type OrderListener,
  type OrderReference,
  type Submitted,
  type Venue,
  VenueError,
  type VenueFill,
  type VenueOrder,
  type VenueRefusal,
  type VenueRefusalCode,
} from '../venue.ts'
import { balanceOf, fillsAfter, positionsOf } from './account.ts'
import { asked, createPaperBook, type Entry, type Found } from './book.ts'
import { chanceOf } from './chance.ts'
import { isReached } from './fill-rules.ts'
import { createFiller, type FillerParts } from './filler.ts'
import { startMatching } from './matching.ts'
import { type BookOrder, waitsForStop } from './rows.ts'

/** The settings of `createPaperVenue`. */
export interface PaperVenueOptions extends Omit<FillerParts, 'fills' | 'seed'> {
  db: Kysely<Database>
  /**
   * `whole` (the default): a market order is filled whole and at once, an order with a limit when it is reached. `parts`:
   * like a difficult venue, over time, with refusals and slow cancels.
   */
  fills?: 'whole' | 'parts'
  /** The same seed draws the same parts, waits and refusals for the same orders; the default is 1. */
  seed?: number
}

/**
 * Creates a paper venue. It fills market orders at the ask (buy) or bid (sell), with slippage. An order with a limit is
 * filled in the same way when the market is already there, and never worse than its limit; otherwise it rests until a current
 * quote reaches it (`startMatching`). An order with a stop waits until a guarded mark gets there, and is then one of the two. Two calls with the same `clientOrderId`, also at the same time or across a restart,
 * give the same order.
 */
export function createPaperVenue({ db, fills = 'whole', seed = 1, ...options }: PaperVenueOptions): Venue {
  const { market, clock } = options
  const filler = createFiller({ ...options, fills, seed })
  const book = createPaperBook(db, clock)
  const readFills = together((wanted: { account: string; cursor: string | undefined }[]) => fillsAfter(db, wanted))
  const listeners = new Set<OrderListener>()
  let stopMatching: (() => void) | undefined

  function tell(event: OrderEvent): void {
    for (const listener of listeners) listener.heard(event)
  }

  async function tellEnds(clientOrderIds: string[]): Promise<void> {
    const ended = await Promise.all(clientOrderIds.map(book.find))
    for (const one of ended) if (one) tell({ kind: 'order', report: one.report })
  }

  const endOverdue = async () => tellEnds(await book.endOverdue())

  const isOverdue = ({ state, endsAt }: BookOrder) =>
    state === 'working' && endsAt !== undefined && endsAt <= clock.now()

  /** The current state of an order; an order whose time is over has ended. */
  async function standing(clientOrderId: string): Promise<Found | undefined> {
    const found = await book.find(clientOrderId)
    if (!found || !isOverdue(found.order)) return found
    await endOverdue()
    return book.find(clientOrderId)
  }

  /** The same for an account; undefined when the order belongs to another account. */
  async function orderOf({ account, clientOrderId }: OrderReference): Promise<Found | undefined> {
    const found = await standing(clientOrderId)
    return found?.order.account === account ? found : undefined
  }

  /** Refuses an order, unless it was accepted before: an accepted order stays, whatever the market is now. */
  async function refuse(order: VenueOrder, code: VenueRefusalCode, words: string): Promise<Submitted> {
    const before = await standing(order.clientOrderId)
    return before ? { outcome: 'accepted', report: before.report } : refused(code, words)
  }

  async function take(entry: Entry): Promise<Submitted> {
    const { clientOrderId } = entry.order
    const report = (await book.enter(entry)) ?? (await standing(clientOrderId))?.report
    if (!report) throw new VenueError(`The paper venue has order ${clientOrderId}, but does not find it`)
    return { outcome: 'accepted', report }
  }

  /** Takes an order that is filled over time, or refuses it on its first arrival. */
  async function takeForParts(order: VenueOrder): Promise<Submitted> {
    const { isBusy, latencyMs } = chanceOf(seed, order.clientOrderId)
    if (isBusy && (await book.refuseOnce(order.clientOrderId))) return refuse(order, 'OTHER', 'the paper venue is busy')
    const at = clock.now()
    return take({ order, at, nextPartAt: later(at, latencyMs) })
  }

  /** The fill of an order on arrival; undefined when its limit is not reached, or its time is over. */
  async function fillNow(
    order: VenueOrder & Partial<Pick<BookOrder, 'filledQuantity' | 'parts' | 'triggeredAt'>>,
    quote: Quote | undefined,
    at: Date,
  ): Promise<VenueFill | undefined> {
    if (
      waitsForStop(order) ||
      !quote ||
      quote.stale ||
      !isReached(order, quote) ||
      (order.expiresAt && order.expiresAt <= at)
    )
      return undefined
    return filler.arriving({ filledQuantity: zero, parts: 0, ...order }, quote, at)
  }

  const later = (at: Date, plannedMs: number) => new Date(at.getTime() + realWait(clock, plannedMs))

  return {
    name: 'paper',
    capabilities: { refusesDuplicates: true, lostAfterMs: 0, canReplace: true, canShort: true, canStop: true },

    submit: (sent) =>
      answered(async () => {
        const instrument = market.instrument(sent.symbol)
        if (!instrument) return refuse(sent, 'NOT_TRADED', `${sent.symbol} is not traded here`)
        const { lot, symbol } = instrument
        if (sent.quantity.lte(0) || !isMultiple(sent.quantity, lot)) {
          return refuse(sent, 'BAD_QUANTITY', `${sent.quantity} is not a multiple of ${lot} ${symbol}`)
        }
        const { limitPrice, stopPrice } = sent
        const wrong = [limitPrice, stopPrice].find((price) => price?.lte(0))
        if (wrong) return refuse(sent, 'BAD_PRICE', `${wrong} is not a price`)
        const quote = await market.quote(symbol)
        const rests = limitPrice !== undefined || stopPrice !== undefined
        if (!rests && !quote) return refuse(sent, 'NO_PRICE', `There is no price for ${symbol}`)
        if (!rests && quote?.stale) {
          return refuse(sent, 'NO_PRICE', `${symbol} cannot be traded now: ${quote.stale}`)
        }
        const order = { ...sent, symbol }
        if (fills === 'parts') return takeForParts(order)
        const at = clock.now()
        return take({ order, at, fill: await fillNow(order, quote, at) })
      }),

    find: async (reference) => (await orderOf(reference))?.report,

    cancel: (reference) =>
      answered(async () => {
        const ended = fills === 'whole' ? await book.end(reference) : undefined
        if (ended) return { outcome: 'ended', report: ended }
        const found = await orderOf(reference)
        if (!found) return unknownOrder
        if (found.report.state !== 'working') return { outcome: 'ended', report: found.report }
        const { cancelMs } = chanceOf(seed, reference.clientOrderId)
        await book.endLater(found.order, later(clock.now(), cancelMs))
        return { outcome: 'asked' }
      }),

    replace: (reference, price) =>
      answered(async () => {
        const found = await orderOf(reference)
        if (!found) return unknownOrder
        const { order, report } = found
        if (report.state !== 'working') return refused('NOT_CHANGEABLE', `the order is ${report.state}`)
        if (price.lte(0)) return refused('BAD_PRICE', `${price} is not a price`)
        if (!(await book.change(order, price))) return refused('NOT_CHANGEABLE', 'the order cannot be changed')
        const moved = { ...order, ...(order.limitPrice ? { limitPrice: price } : { stopPrice: price }) }
        const fill = fills === 'whole' ? await fillNow(moved, await market.quote(order.symbol), clock.now()) : undefined
        if (fill) await book.fill([{ order: moved, fill, isLast: true }])
        const changed = await book.find(order.clientOrderId)
        return changed ? { outcome: 'replaced', report: changed.report } : unknownOrder
      }),

    async openOrders(account) {
      const open = await book.open(account)
      if (!open.some(({ order }) => isOverdue(order))) return open.map(({ report }) => report)
      await endOverdue()
      return (await book.open(account)).map(({ report }) => report)
    },

    fills: (account, cursor) => asked(readFills({ account, cursor })),
    positions: (account) => asked(positionsOf(db, account)),
    balance: (account) => asked(balanceOf(db, account)),

    subscribe(listener) {
      listeners.add(listener)
      const failed = (cause: unknown) => {
        for (const each of listeners) each.failed(cause)
      }
      stopMatching ??= startMatching({ book, market, filler, endOverdue, tell, tellEnds, failed })
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stopMatching?.()
        stopMatching = undefined
      }
    },
  }
}

const refused = (code: VenueRefusalCode, words: string): VenueRefusal => ({ outcome: 'refused', code, words })

const unknownOrder = refused('NO_SUCH_ORDER', 'the paper venue does not have it')

/** Turns an error of the book into `NoAnswer`, since the outcome is then unknown. */
async function answered<Answer>(work: () => Promise<Answer>): Promise<Answer | NoAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof VenueError) return { outcome: 'unknown', words: error.message, cause: error.cause }
    return { outcome: 'unknown', words: 'The paper venue failed', cause: error }
  }
}
