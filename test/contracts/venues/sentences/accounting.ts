import { describe, expect, onTestFinished, test } from 'vitest'
import type { OrderEvent, OrderReport, VenueFill } from '../../../../src/venues/venue.ts'
import { cashOf, distinct, netOf } from '../fill-sums.ts'
import type { Ground } from './ground.ts'

/** The contract for the lists, sums and events of an account. */
export function accounting(ground: () => Ground): void {
  const openOrders = (account: string): Promise<OrderReport[]> =>
    ground().customer.ask(() => ground().under.venue.openOrders(account))
  const idsOf = (list: { clientOrderId: string }[]) => list.map(({ clientOrderId }) => clientOrderId).sort()

  /** Trades in both accounts: filled, cancelled and working orders. */
  async function trade() {
    const { customer, under } = ground()
    const [one, other] = under.accounts
    const filled = [
      await customer.place({ quantity: '30' }),
      await customer.place({ side: 'sell', quantity: '12' }),
      await customer.place({ symbol: under.symbols[1], quantity: '7', limit: '1.05' }),
      await customer.place({ account: other, quantity: '9' }),
    ]
    const working = [
      await customer.place({ limit: '0.50' }),
      await customer.place({ limit: '0.60', symbol: under.symbols[1] }),
      await customer.place({ account: other, limit: '0.50' }),
    ]
    await customer.cancel(await customer.place({ limit: '0.40' }))
    for (const order of filled)
      await customer.until(async () => expect((await customer.look(order))?.state).toBe('filled'))
    const of = (account: string, orders: typeof filled) => orders.filter((order) => order.account === account)
    return { one, other, filled: of(one, filled), working: of(one, working), elsewhere: of(other, working) }
  }

  describe('an account', () => {
    test('has exactly its live orders among the open ones', async () => {
      const { customer } = ground()
      const { one, other, working, elsewhere } = await trade()
      await customer.until(async () => expect(idsOf(await openOrders(one))).toEqual(idsOf(working)))
      await customer.until(async () => expect(idsOf(await openOrders(other))).toEqual(idsOf(elsewhere)))
      for (const report of await openOrders(one)) {
        expect(report.account).toBe(one)
        expect(report).toEqual(await customer.atRest(report))
      }
      for (const order of working) await customer.cancel(order)
      await customer.until(async () => expect(await openOrders(one)).toEqual([]))
    })

    test('has each of its fills once on its list, over pages, and none of another account', async () => {
      const { customer, under } = ground()
      const { one, other, filled } = await trade()
      const { fills, cursor } = await customer.until(async () => {
        const list = await customer.fills(one)
        for (const order of filled) {
          const { fills } = (await customer.look(order))!
          for (const fill of fills) expect(list.fills).toContainEqual(fill)
          expect(fills.length).toBeGreaterThan(0)
        }
        return list
      })
      expect(fills.every(({ account }) => account === one)).toBe(true)
      expect(new Set(idsOf(fills))).toEqual(new Set([...idsOf(filled), ...idsOf(await partlyFilled(fills, filled))]))
      if (!under.deviations?.repeatedFills) expect(distinct(fills)).toHaveLength(fills.length)
      const times = fills.map(({ filledAt }) => filledAt.getTime())
      if (!under.deviations?.lateInLists) expect(times).toEqual(times.toSorted((a, b) => a - b))
      const inOrder = (list: VenueFill[]) =>
        under.deviations?.lateInLists ? list.toSorted((a, b) => (a.venueFillId < b.venueFillId ? -1 : 1)) : list
      // The cursor may move on meanwhile, through other accounts.
      expect(inOrder((await customer.fills(one)).fills)).toEqual(inOrder(fills))

      // Only later fills come after the cursor.
      expect((await customer.fills(one, cursor)).fills).toEqual([])
      await customer.atRest(await customer.place({ account: other }))
      expect((await customer.fills(one, cursor)).fills).toEqual([])
      const next = await customer.place()
      await customer.atRest(next)
      await customer.until(async () => {
        const later = (await customer.fills(one, cursor)).fills
        expect(new Set(idsOf(later))).toEqual(new Set([next.clientOrderId]))
        expect(inOrder((await customer.fills(one)).fills)).toEqual(inOrder([...fills, ...later]))
      })
    })

    /** A cancelled order may have been filled in part before. */
    async function partlyFilled(fills: VenueFill[], filled: { clientOrderId: string }[]): Promise<OrderReport[]> {
      const { customer } = ground()
      const others = distinct(fills).filter((fill) => !idsOf(filled).includes(fill.clientOrderId))
      const reports = await Promise.all(others.map((fill) => customer.atRest(fill)))
      for (const { state } of reports) expect(state).not.toBe('refused')
      return reports
    }

    test('holds the net of its fills', async () => {
      const { customer, under } = ground()
      const accounts = under.accounts
      await trade()
      if (under.venue.capabilities.canShort) {
        // The account holds the first symbol, and buys more of it with a limit.
        const symbol = under.symbols[under.deviations?.turnsNothing ? 1 : 0]
        await customer.atRest(await customer.place({ account: accounts[1], symbol, side: 'sell', quantity: '50' }))
      }
      for (const account of accounts)
        await customer.until(async () => {
          const { fills } = await customer.fills(account)
          const held = await customer.ask(() => under.venue.positions(account))
          for (const symbol of under.symbols) {
            const own = held.filter((position) => position.symbol === symbol)
            expect(own.length).toBeLessThanOrEqual(1)
            const net = netOf(distinct(fills).filter((fill) => fill.symbol === symbol))
            expect((own[0]?.signedQuantity ?? net.minus(net)).toFixed()).toBe(net.toFixed())
          }
        })
    })

    test('is paid and pays the sum of its fills', async () => {
      const { customer, under } = ground()
      const cashIn = async (account: string) => (await customer.ask(() => under.venue.balance(account))).cash
      const before = await Promise.all(under.accounts.map(cashIn))
      await trade()
      for (const [index, account] of under.accounts.entries())
        await customer.until(async () => {
          const { fills } = await customer.fills(account)
          const cash = await cashIn(account)
          expect(cash.minus(before[index]!).toFixed()).toBe(cashOf(distinct(fills)).toFixed())
        })
    })
  })

  describe('events', () => {
    test('are true', async () => {
      const { customer, under } = ground()
      const events: OrderEvent[] = []
      const stop = under.venue.subscribe({ heard: (event) => void events.push(event), failed: () => {} })
      onTestFinished(stop)
      await trade()
      // Some events may be lost, but not all of an order that rested.
      await customer.until(async () => {
        await customer.place({ limit: '0.95' })
        await under.setPrice(under.symbols[0], '0.94', '0.95')
        await under.settle()
        await under.setPrice(under.symbols[0], '1.00', '1.01')
        expect(events.length).toBeGreaterThan(0)
      })
      for (const event of events) {
        const told = event.kind === 'fill' ? event.fill : event.report
        const now = await customer.atRest(told)
        const { account, clientOrderId, symbol, side } = told
        expect({ account, clientOrderId, symbol, side }).toEqual({
          account: now.account,
          clientOrderId: now.clientOrderId,
          symbol: now.symbol,
          side: now.side,
        })
        const fills = event.kind === 'fill' ? [event.fill] : event.report.fills
        for (const fill of fills) expect(now.fills).toContainEqual(fill)
        if (event.kind === 'fill') continue
        expect(event.report.quantity.toFixed()).toBe(now.quantity.toFixed())
        expect(event.report.filledQuantity.lte(now.filledQuantity)).toBe(true)
        if (event.report.state !== 'working' && !under.deviations?.lateFills) expect(event.report.state).toBe(now.state)
      }
    })

    test('end with the subscription', async () => {
      const { customer, under } = ground()
      let heard = 0
      const stop = under.venue.subscribe({ heard: () => void heard++, failed: () => {} })
      await customer.atRest(await customer.place())
      stop()
      const before = heard
      await customer.atRest(await customer.place())
      await under.settle()
      expect(heard).toBe(before)
    })
  })
}
