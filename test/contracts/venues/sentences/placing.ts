import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { OrderReport, VenueFill, VenueOrder } from '../../../../src/venues/venue.ts'
import { referenceTo } from '../customer.ts'
import { distinct, filledBy } from '../fill-sums.ts'
import type { Ground } from './ground.ts'

/** The fields of an order that cannot change. */
const sentOf = ({ account, clientOrderId, symbol, side, quantity }: VenueOrder | OrderReport) => ({
  account,
  clientOrderId,
  symbol,
  side,
  quantity: quantity.toFixed(),
})

/** The contract for accepting, filling and reporting orders. */
export function placing(ground: () => Ground): void {
  /** Sends the same order five times, one after the other or at once. */
  async function sendOften(order: VenueOrder, how: 'after' | 'at once'): Promise<void> {
    const { under, customer } = ground()
    const send = async () => {
      const answer = await customer.answerOf(under.venue.submit(order))
      if (answer.outcome === 'accepted') expect(sentOf(answer.report)).toEqual(sentOf(order))
      if (answer.outcome === 'refused') expect(answer.code).toBe('DUPLICATE')
    }
    if (how === 'at once') return void (await Promise.all(Array.from({ length: 5 }, send)))
    for (let time = 0; time < 5; time++) await send()
  }

  const fillsFor = async ({ account, clientOrderId }: VenueOrder): Promise<VenueFill[]> => {
    const { fills } = await ground().customer.fills(account)
    return distinct(fills).filter((fill) => fill.clientOrderId === clientOrderId)
  }

  /** Expects the quantity to be filled, or more when the venue overfills. */
  function expectFilled(filled: Big, quantity: Big): void {
    if (ground().under.deviations?.overfills) expect(filled.toNumber()).toBeGreaterThanOrEqual(quantity.toNumber())
    else expect(filled.toFixed()).toBe(quantity.toFixed())
  }

  describe('an order', () => {
    test.each(['buy', 'sell'] as const)('to %s at the market is filled whole, in however many fills', async (side) => {
      const { customer } = ground()
      if (side === 'sell') await customer.atRest(await customer.place({ quantity: '20' }))
      const order = await customer.place({ side, quantity: '17' })
      const report = await customer.atRest(order)
      expect(report.state).toBe('filled')
      expectFilled(report.filledQuantity, order.quantity)
      for (const { price } of report.fills) expect(price.toFixed()).toBe(side === 'buy' ? '1.01' : '1')
    })

    test.each([undefined, '0.9', '2'])('is reported as it was sent (limit %s)', async (limit) => {
      const { customer } = ground()
      const order = await customer.place({
        limit,
        symbol: ground().under.symbols[1],
        account: ground().under.accounts[1],
      })
      const report = await customer.atRest(order)
      expect(sentOf(report)).toEqual(sentOf(order))
      expect(report.limitPrice?.toFixed()).toBe(limit)
      expect(report.venueOrderId).not.toBe('')
      for (const fill of report.fills) {
        const { quantity: _, ...sent } = sentOf(order)
        expect(fill).toMatchObject(sent)
        expect(fill.quantity.gt(0) && fill.price.gt(0)).toBe(true)
        expect(fill.venueFillId).not.toBe('')
      }
    })

    test('has fills with ids that are unique in its account, and their sum is the filled quantity', async () => {
      const { customer, under } = ground()
      const placed: VenueOrder[] = []
      for (const account of [under.accounts[0], under.accounts[1], under.accounts[0]])
        placed.push(await customer.place({ account, quantity: '13' }), await customer.place({ account, limit: '1.05' }))
      for (const order of placed) {
        const report = await customer.atRest(order)
        await customer.until(async () => {
          const fills = await fillsFor(order)
          expect(filledBy(fills).toFixed()).toBe(report.filledQuantity.toFixed())
          expect(distinct(report.fills).map(asText).sort()).toEqual(fills.map(asText).sort())
        })
        expectFilled(report.filledQuantity, order.quantity)
      }
      for (const account of under.accounts) {
        const { fills } = await customer.fills(account)
        const texts = new Set(fills.map(asText))
        expect(distinct(fills)).toHaveLength(texts.size)
        if (!under.deviations?.repeatedFills) expect(fills).toHaveLength(texts.size)
      }
    })

    test('that nobody sent is not found', async () => {
      const { customer } = ground()
      expect(await customer.look(customer.order())).toBeUndefined()
    })

    test('is found only in its account', async () => {
      const { customer, under } = ground()
      const order = await customer.place({ limit: '0.50' })
      const elsewhere = { ...referenceTo(order), account: under.accounts[1] }
      expect(await customer.look(elsewhere)).toBeUndefined()
      expect(await customer.known(() => under.venue.cancel(elsewhere))).toMatchObject({ code: 'NO_SUCH_ORDER' })
      expect((await customer.atRest(order)).state).toBe('working')
    })

    describe('that is sent again', () => {
      test.each(['after', 'at once'] as const)('(%s) is taken once', async (how) => {
        const { under, customer } = ground()
        if (!under.venue.capabilities.refusesDuplicates) return
        for (const limit of [undefined, '1.05']) {
          const order = customer.order({ limit })
          await sendOften(order, how)
          await customer.until(async () => {
            await sendOften(order, 'at once')
            expect(await customer.look(order)).toBeDefined()
          })
          const report = await customer.atRest(order)
          expectFilled(report.filledQuantity, order.quantity)
          await customer.until(async () =>
            expect(filledBy(await fillsFor(order)).toFixed()).toBe(report.filledQuantity.toFixed()),
          )
        }
      })

      test('after its end is not accepted again', async () => {
        const { under, customer } = ground()
        if (!under.venue.capabilities.refusesDuplicates) return
        const order = await customer.place({ limit: '0.50' })
        await customer.cancel(order)
        const ended = await customer.atRest(order)
        const { limitPrice: _, ...atMarket } = order
        for (const again of [order, atMarket]) await sendOften(again, 'after')
        expect(await customer.atRest(order)).toEqual(ended)
        const openOrders = () => customer.ask(() => under.venue.openOrders(order.account))
        await customer.until(async () => expect(await openOrders()).toEqual([]))
      })

      test('with another quantity is not accepted as a second order', async () => {
        const { under, customer } = ground()
        if (!under.venue.capabilities.refusesDuplicates) return
        const order = await customer.place()
        await customer.answerOf(under.venue.submit({ ...order, quantity: new Big(99) }))
        const report = await customer.atRest(order)
        expect(report.quantity.toFixed()).toBe('10')
        expectFilled(report.filledQuantity, order.quantity)
      })
    })
  })

  describe('an order with a limit', () => {
    test.each([
      ['buy', '0.95', ['0.96', '0.97'], '0.94', '0.95'],
      ['sell', '1.10', ['1.08', '1.09'], '1.10', '1.11'],
    ] as const)('to %s @ %s rests until the market is there', async (side, limit, [bid, ask], bidThere, askThere) => {
      const { customer, under } = ground()
      if (side === 'sell') await customer.atRest(await customer.place({ quantity: '10' }))
      const order = await customer.place({ side, limit })
      await under.setPrice(order.symbol, bid, ask)
      expect(await customer.atRest(order)).toMatchObject({ state: 'working', fills: [] })
      await under.setPrice(order.symbol, bidThere, askThere)
      await customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
      expectFilled((await customer.atRest(order)).filledQuantity, order.quantity)
    })

    test.each([
      ['buy', '1.05', '0.90', '0.93'],
      ['buy', '0.95', '0.90', '0.93'],
      ['sell', '0.95', '1.10', '1.12'],
      ['sell', '1.05', '1.10', '1.12'],
    ] as const)('to %s @ %s is never filled worse', async (side, limit, bid, ask) => {
      const { customer, under } = ground()
      if (side === 'sell') await customer.atRest(await customer.place({ quantity: '10' }))
      const order = await customer.place({ side, limit })
      await under.setPrice(order.symbol, bid, ask)
      await customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
      const { fills } = await customer.atRest(order)
      if (under.deviations?.worseFills) return
      for (const { price } of fills) expect(side === 'buy' ? price.lte(limit) : price.gte(limit), `${price}`).toBe(true)
    })
  })
}

const asText = (fill: VenueFill): string => JSON.stringify(fill, Object.keys(fill).sort())
