import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { VenueOrder } from '../../../../src/venues/venue.ts'
import type { Ground } from './ground.ts'

/** The contract for orders with a stop. A venue that takes none refuses them. */
export function stopping(ground: () => Ground): void {
  const canStop = () => ground().under.venue.capabilities.canStop === true
  const isFilled = (order: VenueOrder) => {
    const { customer } = ground()
    return customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
  }
  const rests = async (order: VenueOrder) => {
    expect(await ground().customer.atRest(order)).toMatchObject({ state: 'working', fills: [] })
  }

  describe('an order with a stop', () => {
    test.each([
      ['buy', '1.05', ['1.03', '1.04'], ['1.05', '1.06']],
      ['sell', '0.95', ['0.97', '0.98'], ['0.95', '0.96']],
    ] as const)('to %s at $%s waits until the price is there', async (side, stop, [bid, ask], there) => {
      if (!canStop()) return
      const { customer, under } = ground()
      if (side === 'sell') await customer.atRest(await customer.place({ quantity: '10' }))
      const order = await customer.place({ side, stop })
      await under.setPrice(order.symbol, bid, ask)
      await rests(order)
      expect((await customer.look(order))?.stopPrice?.toFixed()).toBe(stop)
      await under.setPrice(order.symbol, there[0], there[1])
      await isFilled(order)
      const { fills, filledQuantity } = await customer.atRest(order)
      expect(filledQuantity.toFixed()).toBe('10')
      for (const { price } of fills) expect(price.toFixed()).toBe(there[side === 'buy' ? 1 : 0])
    })

    test('and a limit is one with a limit once the price was there', async () => {
      if (!canStop()) return
      const { customer, under } = ground()
      await customer.atRest(await customer.place({ quantity: '10' }))
      const order = await customer.place({ side: 'sell', stop: '0.97', limit: '0.96' })
      await rests(order)
      await under.setPrice(order.symbol, '0.95', '0.96')
      await rests(order)
      await under.setPrice(order.symbol, '0.98', '0.99')
      await isFilled(order)
      const { fills } = await customer.atRest(order)
      for (const { price } of fills) expect(price.gte('0.96')).toBe(true)
    })

    test('is filled by a price that was there before it, too', async () => {
      if (!canStop()) return
      const order = await ground().customer.place({ stop: '0.99' })
      await isFilled(order)
    })

    test('is never filled after its cancel', async () => {
      if (!canStop()) return
      const { customer, under } = ground()
      const order = await customer.place({ stop: '1.03' })
      await customer.cancel(order)
      await under.setPrice(order.symbol, '1.04', '1.05')
      expect(await customer.atRest(order)).toMatchObject({ state: 'cancelled', fills: [] })
    })

    test('waits for its new stop after a change', async () => {
      if (!canStop() || !ground().under.venue.capabilities.canReplace) return
      const { customer, under } = ground()
      const order = await customer.place({ stop: '1.03' })
      const changed = await customer.known(() => under.venue.replace(order, new Big('1.06')))
      expect(changed).toMatchObject({ outcome: 'replaced', report: { stopPrice: new Big('1.06') } })
      await under.setPrice(order.symbol, '1.04', '1.05')
      await rests(order)
      await under.setPrice(order.symbol, '1.06', '1.07')
      await isFilled(order)
    })

    test('is refused with a stop that is no price', async () => {
      if (!canStop()) return
      const { customer, under } = ground()
      const order = { ...customer.order(), stopPrice: new Big(0) }
      expect(await customer.known(() => under.venue.submit(order))).toMatchObject({
        outcome: 'refused',
        code: 'BAD_PRICE',
      })
    })
  })
}
