import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { OrderReference, OrderReport, VenueOrder } from '../../../../src/venues/venue.ts'
import { referenceTo } from '../customer.ts'
import type { Ground } from './ground.ts'

/** The contract for cancels, new limits and expiry. */
export function ending(ground: () => Ground): void {
  const cancelOnce = (reference: OrderReference) =>
    ground().customer.known(() => ground().under.venue.cancel(referenceTo(reference)))

  /** Moves the market through every limit: an ended order must get no more fills. */
  async function expectToStayAsItIs(ended: OrderReport): Promise<void> {
    const { customer, under } = ground()
    for (const [bid, ask] of [
      ['0.10', '0.11'],
      ['9.99', '10.00'],
    ] as const) {
      await under.setPrice(ended.symbol, bid, ask)
      await under.settle()
    }
    expect(await customer.atRest(ended)).toEqual(ended)
  }

  describe('a cancel', () => {
    test('of an order that rests ends it, and nothing of it is filled afterwards', async () => {
      const { customer, under } = ground()
      const order = await customer.place({ limit: '0.50' })
      const first = await customer.answerOf(under.venue.cancel(referenceTo(order)))
      expect(first.outcome).toMatch(/^(asked|ended|refused|unknown)$/)
      if (first.outcome === 'ended') expect(first.report.state).not.toBe('working')
      await customer.cancel(order)
      const ended = await customer.atRest(order)
      // A fill may have come first.
      expect(ended.state).toBe(ended.filledQuantity.lt(order.quantity) ? 'cancelled' : 'filled')
      await expectToStayAsItIs(ended)
    })

    test('of an order that was cancelled answers with its end', async () => {
      const { customer } = ground()
      const order = await customer.place({ limit: '0.50' })
      await customer.cancel(order)
      const ended = await customer.atRest(order)
      expect(await cancelOnce(order)).toEqual({ outcome: 'ended', report: ended })
    })

    test('of an order that was filled answers with its fills', async () => {
      const { customer } = ground()
      const order = await customer.place()
      const filled = await customer.atRest(order)
      expect(filled.state).toBe('filled')
      expect(await cancelOnce(order)).toEqual({ outcome: 'ended', report: filled })
    })

    test('of an order that never arrived is refused, and the order can still be placed', async () => {
      const { customer, under } = ground()
      const order = customer.order()
      const answer = await customer.answerOf(under.venue.cancel(referenceTo(order)))
      if (answer.outcome !== 'unknown') expect(answer).toMatchObject({ outcome: 'refused', code: 'NO_SUCH_ORDER' })
      await customer.until(async () => {
        await customer.answerOf(under.venue.submit(order))
        expect(await customer.look(order)).toBeDefined()
      })
      const report = await customer.atRest(order)
      expect(report.state).toBe('filled')
      expect(report.filledQuantity.gte(order.quantity)).toBe(true)
    })

    test('that is requested five times at once ends the order once', async () => {
      const { customer, under } = ground()
      const order = await customer.place({ limit: '0.50' })
      const cancelled = () => customer.answerOf(under.venue.cancel(referenceTo(order)))
      await Promise.all(Array.from({ length: 5 }, cancelled))
      await customer.cancel(order)
      await expectToStayAsItIs(await customer.atRest(order))
    })
  })

  describe('a replace', () => {
    /** Replaces until the order shows the new limit. */
    async function replaced(order: VenueOrder, limit: string): Promise<OrderReport> {
      const { customer, under } = ground()
      return customer.until(async () => {
        const answer = await customer.answerOf(under.venue.replace(referenceTo(order), new Big(limit)))
        if (answer.outcome === 'replaced') expect(answer.report.limitPrice?.toFixed()).toBe(limit)
        const report = await customer.look(order)
        expect(report?.limitPrice?.toFixed()).toBe(limit)
        return report!
      })
    }

    test('gives an order another limit, and its client id still finds it', async () => {
      const { customer, under } = ground()
      const order = await customer.place({ limit: '0.80' })
      if (!under.venue.capabilities.canReplace) {
        const answer = await customer.known(() => under.venue.replace(referenceTo(order), new Big('0.60')))
        expect(answer.outcome).toBe('refused')
        expect((await customer.atRest(order)).limitPrice?.toFixed()).toBe('0.8')
        return
      }
      await replaced(order, '0.6')
      const report = await customer.atRest(order)
      expect(report).toMatchObject({ state: 'working', clientOrderId: order.clientOrderId, fills: [] })
      const open = await customer.until(async () => {
        const all = await customer.ask(() => under.venue.openOrders(order.account))
        expect(all).toHaveLength(1)
        return all[0]!
      })
      expect(open.venueOrderId).toBe(report.venueOrderId)
      expect(open.limitPrice?.toFixed()).toBe('0.6')

      await under.setPrice(order.symbol, '0.70', '0.71')
      expect(await customer.atRest(order)).toMatchObject({ state: 'working', fills: [] })
      await under.setPrice(order.symbol, '0.58', '0.59')
      await customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
      const { filledQuantity, quantity } = await customer.atRest(order)
      expect(filledQuantity.gte(quantity)).toBe(true)
    })

    test("to the market's price lets the order be filled there", async () => {
      const { customer, under } = ground()
      if (!under.venue.capabilities.canReplace) return
      const order = await customer.place({ limit: '0.80' })
      await replaced(order, '1.05')
      await customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
      const { fills } = await customer.atRest(order)
      if (under.deviations?.worseFills) return
      for (const { price } of fills) expect(price.lte('1.05'), `${price}`).toBe(true)
    })

    test('can be cancelled afterwards', async () => {
      const { customer, under } = ground()
      if (!under.venue.capabilities.canReplace) return
      const order = await customer.place({ limit: '0.80' })
      await replaced(order, '0.6')
      await customer.cancel(order)
      await expectToStayAsItIs(await customer.atRest(order))
    })

    test.each([
      ['that never arrived', 'NO_SUCH_ORDER'],
      ['that has ended', 'NOT_CHANGEABLE'],
    ] as const)('of an order %s is refused', async (which, code) => {
      const { customer, under } = ground()
      const order = customer.order({ limit: '0.80' })
      if (code === 'NOT_CHANGEABLE') Object.assign(order, await customer.place({ limit: '0.80' }))
      if (code === 'NOT_CHANGEABLE') await customer.cancel(order)
      const before = await customer.look(order)
      const answer = await customer.known(() => under.venue.replace(referenceTo(order), new Big('1.05')))
      expect(answer, `an order ${which}`).toMatchObject({ outcome: 'refused' })
      if (under.venue.capabilities.canReplace) expect(answer).toMatchObject({ code })
      expect((await customer.look(order))?.limitPrice?.toFixed()).toBe(before?.limitPrice?.toFixed())
    })

    test('to an invalid price is refused, and the order keeps its limit', async () => {
      const { customer, under } = ground()
      const order = await customer.place({ limit: '0.80' })
      for (const price of ['0', '-1'])
        expect(await customer.known(() => under.venue.replace(referenceTo(order), new Big(price)))).toMatchObject({
          outcome: 'refused',
        })
      expect((await customer.atRest(order)).limitPrice?.toFixed()).toBe('0.8')
    })
  })

  describe('an order with a time', () => {
    test('has an end when it is over, and nothing of it is filled afterwards', async () => {
      const { customer, under } = ground()
      const expiresAt = new Date(under.now().getTime() + 60_000)
      const order = await customer.place({ limit: '0.50', expiresAt })
      await under.letPass(60_001)
      if (under.deviations?.untimed) await customer.cancel(order)
      await customer.until(async () => expect((await customer.look(order))?.state).toMatch(/^(expired|cancelled)$/))
      await expectToStayAsItIs(await customer.atRest(order))
    })
  })
}
