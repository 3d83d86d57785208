import { describe, expect, onTestFinished, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { VenueOrder } from '../../../src/venues/venue.ts'
import { hasSpecifications, refereed } from '../../platforms/alpaca/referee.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { venueAt } from './under-test.ts'

describe.skipIf(!hasSpecifications)('every request of the adapter', () => {
  test('is one of the published specification, and so is its answer', async () => {
    const alpaca = await startAlpacaServer({ faults: { parts: 1 } })
    onTestFinished(alpaca.close)
    const account = alpaca.addAccount()
    alpaca.addAsset('BYND')
    alpaca.setPrice('BYND', '1.00', '1.01')
    const referee = await refereed(alpaca.paperUrl)
    onTestFinished(referee.close)
    const times = { orderPatienceMs: 15_000, lookPatienceMs: 15_000 }
    const venue = venueAt(alpaca, [account], { paperApi: referee.url, times })
    onTestFinished(() => venue.follow?.([]))
    const order = (id: string, more: Partial<VenueOrder> = {}): VenueOrder => ({
      ...{ account: account.id, clientOrderId: id, symbol: 'BYND', side: 'buy', quantity: new Big(10) },
      ...more,
    })
    const price = (text: string) => new Big(text)
    const placed: [VenueOrder, string][] = [
      [order('market'), 'filled'],
      [order('part', { quantity: new Big('1.5') }), 'filled'],
      [order('limit', { limitPrice: price('0.80'), expiresAt: new Date(alpaca.now().getTime() + 60_000) }), 'working'],
      [order('extended', { limitPrice: price('0.81'), isExtended: true }), 'working'],
      [order('stop', { stopPrice: price('1.50') }), 'working'],
      [order('both', { stopPrice: price('1.50'), limitPrice: price('1.55') }), 'working'],
    ]
    for (const [one, state] of placed) {
      expect(await venue.submit(one), one.clientOrderId).toMatchObject({ outcome: 'accepted' })
      await alpaca.settle()
      expect(await venue.find(one), one.clientOrderId).toMatchObject({ state })
    }
    expect(await venue.submit(order('market'))).toMatchObject({ outcome: 'refused', code: 'DUPLICATE' })
    expect(await venue.replace(order('limit'), price('0.82'))).toMatchObject({ outcome: 'replaced' })
    for (const [one, state] of placed.filter(([, state]) => state === 'working')) {
      expect(await venue.cancel(one), state).toEqual({ outcome: 'asked' })
    }
    await alpaca.settle()
    expect(await venue.openOrders(account.id)).toEqual([])
    const exit = order('oco', { side: 'sell', stopPrice: price('0.90'), targetPrice: price('1.20'), isExit: true })
    expect(await venue.submit(exit)).toMatchObject({ outcome: 'accepted', report: { state: 'working' } })
    expect(await venue.openOrders(account.id)).toMatchObject([{ clientOrderId: 'oco' }])
    alpaca.setPrice('BYND', '0.88', '0.89')
    await alpaca.settle()
    const sold = await venue.find(exit)
    expect(sold).toMatchObject({ state: 'filled', side: 'sell' })
    expect(sold!.filledQuantity.toFixed()).toBe('10')
    const { fills } = await venue.fills(account.id)
    expect(new Set(fills.map(({ clientOrderId }) => clientOrderId))).toEqual(new Set(['market', 'part', 'oco']))
    alpaca.hold(account, 'BYND', '100', '0.90')
    alpaca.payDividend('BYND', '0.10')
    alpaca.split('BYND', '2')
    await alpaca.settle()
    const { actions } = await venue.corporateActions!(account.id)
    expect(actions.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['dividend', 'split']))
    // The activity of a split says which shares were added; the ratio follows from those that were held.
    expect(actions.find(({ kind }) => kind === 'split')?.quantity?.toFixed()).toBe('101.5')
    expect((await venue.orders!(account.id, new Date(0))).length).toBeGreaterThanOrEqual(7)
    const [held] = await venue.positions(account.id)
    expect(held?.symbol).toBe('BYND')
    expect(held?.averagePrice?.gt(0)).toBe(true)
    expect((await venue.balance(account.id)).blocked).toBeUndefined()
    expect((await venue.hours!(account.id)).isOpen).toBe(true)
    expect(await venue.instrument!(account.id, 'BYND')).toMatchObject({ isTraded: true })
    expect(await venue.instrument!(account.id, 'NOPE')).toBeUndefined()
    expect(referee.violations()).toEqual([])
  })
})
