import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import {
  type NoAnswer,
  type OrderReference,
  type OrderReport,
  type Submitted,
  VenueError,
  type VenueFill,
  type VenueOrder,
} from '../../../src/venues/venue.ts'
import { distinct, filledBy } from './fill-sums.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

/** An order as a sentence gives it; the other fields are filled in. */
export interface Wanted {
  account?: string
  symbol?: string
  side?: VenueOrder['side']
  quantity?: string
  limit?: string
  stop?: string
  expiresAt?: Date
}

/** A careful trader at a venue: it asks for missing answers, and waits for them. */
export interface Customer {
  /** An order with an id of its own; by default it buys 10 of the first symbol for the first account. */
  order(wanted?: Wanted): VenueOrder
  /** Places an order, and returns it once the venue certainly has it. Fails when the venue refuses it. */
  place(wanted?: Wanted): Promise<VenueOrder>
  /** The answer to a call, also when it comes late. */
  answerOf<Answer>(call: Promise<Answer>): Promise<Answer>
  /** The answer to a call that is repeated until there is one. */
  known<Answer extends { outcome: string }>(call: () => Promise<Answer>): Promise<Exclude<Answer, NoAnswer>>
  /** The answer to a question that is repeated until there is one. */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer>
  look(reference: OrderReference): Promise<OrderReport | undefined>
  /** The report on an order once nothing more happens by itself. Fails when the order is not shown. */
  atRest(reference: OrderReference): Promise<OrderReport>
  /** Cancels until the order has ended. */
  cancel(reference: OrderReference): Promise<OrderReport>
  /** Every fill of an account after a cursor, as often as it is shown, over all pages. */
  fills(account: string, cursor?: string): Promise<{ fills: VenueFill[]; cursor: string; pages: number }>
  /** Waits until this holds; the venue comes to rest between two looks. */
  until<Answer>(holds: () => Promise<Answer>): Promise<Answer>
}

/**
 * An answer that takes longer, in milliseconds, is one that comes only when time passes. On a busy machine others take long, too, and
 * each pushes the venue's time beyond the deadline of the order under way.
 */
const promptMs = 120
const mostPages = 1000

export function customerOf(under: VenueUnderTest): Customer {
  const { venue, accounts, symbols, settle, isTimeByHand } = under

  async function answerOf<Answer>(call: Promise<Answer>): Promise<Answer> {
    if (!isTimeByHand) return call
    const done = call.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([done, sleep(promptMs, false)]))) await settle()
    return call
  }

  const until: Customer['until'] = (holds) => {
    let isFirst = true
    return vi.waitFor(
      async () => {
        if (!isFirst) await settle()
        isFirst = false
        return holds()
      },
      { timeout: 40_000, interval: 5 },
    )
  }

  const known: Customer['known'] = (call) =>
    until(async () => {
      const answer = await answerOf(call())
      expect(answer.outcome).not.toBe('unknown')
      return answer as never
    })

  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await answerOf(question())
      } catch (cause) {
        if (!(cause instanceof VenueError)) throw cause
      }
    }
  }

  const look: Customer['look'] = (reference) => ask(() => venue.find(referenceTo(reference)))

  function order({ account, symbol, side = 'buy', quantity = '10', limit, stop, expiresAt }: Wanted = {}): VenueOrder {
    return {
      account: account ?? accounts[0],
      clientOrderId: under.newClientOrderId(),
      symbol: symbol ?? symbols[0],
      side,
      quantity: new Big(quantity),
      ...(limit !== undefined && { limitPrice: new Big(limit) }),
      ...(stop !== undefined && { stopPrice: new Big(stop) }),
      ...(expiresAt && { expiresAt }),
    }
  }

  /** Asks first: a venue may accept duplicates, so sending again is the last resort. */
  async function isThere(given: VenueOrder, answer: Submitted): Promise<boolean> {
    if (answer.outcome === 'accepted') return true
    if (answer.outcome === 'refused') expect(answer).toMatchObject({ code: 'DUPLICATE' })
    return (await look(given)) !== undefined
  }

  return {
    order,
    async place(wanted) {
      const placed = order(wanted)
      await until(async () => expect(await isThere(placed, await answerOf(venue.submit(placed)))).toBe(true))
      return placed
    },
    answerOf,
    known,
    ask,
    look,
    async atRest(reference) {
      // The same report twice, with a rest between.
      let before: string | undefined
      return until(async () => {
        const report = (await look(reference))!
        expect(report).toBeDefined()
        const now = JSON.stringify(report)
        const isUnchanged = now === before
        before = now
        expect(isUnchanged, 'it has come to rest').toBe(true)
        expect(filledBy(distinct(report.fills)).toFixed(), 'shown of it').toBe(report.filledQuantity.toFixed())
        return report
      })
    },
    cancel: (reference) =>
      until(async () => {
        await answerOf(venue.cancel(referenceTo(reference)))
        const report = await look(reference)
        expect(report?.state ?? 'missing').not.toMatch(/working|missing/)
        return report!
      }),
    async fills(account, from) {
      const fills: VenueFill[] = []
      let cursor = from
      for (let pages = 1; pages < mostPages; pages++) {
        const page = await ask(() => venue.fills(account, cursor))
        fills.push(...page.fills)
        cursor = page.cursor
        if (page.fills.length === 0) return { fills, cursor, pages }
      }
      throw new Error(`there are more than ${mostPages} pages of fills`)
    },
    until,
  }
}

/** The reference of an order, without its other fields. */
export function referenceTo({ account, clientOrderId, venueOrderId }: OrderReference): OrderReference {
  return { account, clientOrderId, ...(venueOrderId !== undefined && { venueOrderId }) }
}
