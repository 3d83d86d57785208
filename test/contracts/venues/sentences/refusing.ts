import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { VenueOrder } from '../../../../src/venues/venue.ts'
import type { Ground } from './ground.ts'

/** The contract for refusals and their codes. */
export function refusing(ground: () => Ground): void {
  const cases: [what: string, code: string, wrong: (order: VenueOrder) => Partial<VenueOrder>][] = [
    ['a quantity of zero', 'BAD_QUANTITY', () => ({ quantity: new Big(0) })],
    ['a negative quantity', 'BAD_QUANTITY', () => ({ quantity: new Big(-5) })],
    ['less than a lot', 'BAD_QUANTITY', () => ({ quantity: new Big('0.5') })],
    ['a limit of zero', 'BAD_PRICE', () => ({ limitPrice: new Big(0) })],
    ['a negative limit', 'BAD_PRICE', () => ({ limitPrice: new Big(-1) })],
    ['an untraded symbol', 'NOT_TRADED', () => ({ symbol: ground().under.notTraded })],
  ]

  describe('an order for', () => {
    test.each(cases)('%s is refused with %s', async (_, code, wrong) => {
      const { customer, under } = ground()
      const order = customer.order()
      const answer = await customer.known(() => under.venue.submit({ ...order, ...wrong(order) }))
      expect(answer).toMatchObject({ outcome: 'refused', code })
      expect('words' in answer && answer.words).toMatch(/\w/)
      await under.settle()
      expect((await customer.look(order))?.state ?? 'refused').toBe('refused')
      expect(await customer.ask(() => under.venue.openOrders(order.account))).toEqual([])
      expect((await customer.fills(order.account)).fills).toEqual([])
    })

    test('more than the position is refused when short sales are not possible', async () => {
      const { customer, under } = ground()
      if (under.venue.capabilities.canShort) return
      await customer.atRest(await customer.place({ quantity: '10' }))
      const answer = await customer.known(() => under.venue.submit(customer.order({ side: 'sell', quantity: '11' })))
      expect(answer).toMatchObject({ outcome: 'refused', code: 'NOT_ENOUGH_HELD' })
    })
  })
}
