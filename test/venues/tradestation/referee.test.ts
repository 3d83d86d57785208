import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { openTradeStationMarket } from '../../../src/market/feeds/tradestation/tradestation-market.ts'
import type { VenueOrder } from '../../../src/venues/venue.ts'
import { hasSpecifications, refereed } from '../../platforms/tradestation/referee.ts'
import { startTradeStationServer } from '../../platforms/tradestation/server.ts'
import { freshDatabase } from '../../support/database.ts'
import { venueAt } from './under-test.ts'

async function opened() {
  const database = await freshDatabase()
  const db = connectDatabase(database.url, pino({ level: 'silent' }))
  const ts = await startTradeStationServer({ faults: { parts: 1 }, heartbeatMs: 200 })
  onTestFinished(async () => {
    await ts.close()
    await db.destroy()
    await database.drop()
  })
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '1.00', '1.01')
  return { db, ts }
}

describe.skipIf(!hasSpecifications)('by the published specification', () => {
  test('is every request of the adapter, and its answer', { timeout: 180_000 }, async () => {
    const { db, ts } = await opened()
    const account = ts.addAccount()
    const referee = await refereed(ts.simUrl)
    onTestFinished(referee.close)
    const times = { orderPatienceMs: 15_000, lookPatienceMs: 15_000 }
    const venue = venueAt(db, ts, [account], { simApi: referee.url, times })
    onTestFinished(() => venue.follow?.([]))
    const order = (id: string, more: Partial<VenueOrder> = {}): VenueOrder => ({
      ...{ account: account.id, clientOrderId: id, symbol: 'BYND', side: 'buy', quantity: new Big(10) },
      ...more,
    })
    const price = (text: string) => new Big(text)
    const inDays = (days: number) => new Date(ts.now().getTime() + days * 86_400_000)
    const placed: [VenueOrder, string][] = [
      [order('market'), 'filled'],
      [order('limit', { limitPrice: price('0.80') }), 'working'],
      [order('today', { limitPrice: price('0.79'), expiresAt: inDays(0.01) }), 'working'],
      [order('later', { limitPrice: price('0.78'), expiresAt: inDays(4) }), 'working'],
      [order('extended', { limitPrice: price('0.81'), isExtended: true }), 'working'],
      [order('stop', { stopPrice: price('1.50') }), 'working'],
      [order('both', { stopPrice: price('1.50'), limitPrice: price('1.55') }), 'working'],
    ]
    for (const [one, state] of placed) {
      expect(await venue.submit(one), one.clientOrderId).toMatchObject({ outcome: 'accepted' })
      await ts.settle()
      expect(await venue.find(one), one.clientOrderId).toMatchObject({ state })
    }
    expect(ts.orders(account).map(({ duration }) => duration)).toEqual([
      ...['DAY', 'GTC', 'DAY', 'GTD', 'DYP', 'GTC', 'GTC'],
    ])
    expect(await venue.submit(order('market'))).toMatchObject({ outcome: 'refused', code: 'DUPLICATE' })
    expect(await venue.replace(order('limit'), price('0.82'))).toMatchObject({ outcome: 'replaced' })
    for (const [one, state] of placed.filter(([, state]) => state === 'working'))
      expect((await venue.cancel(one)).outcome, state).toMatch(/^(asked|ended)$/)
    await ts.settle()
    expect(await venue.openOrders(account.id)).toEqual([])
    const exit = order('oco', { side: 'sell', stopPrice: price('0.90'), targetPrice: price('1.20'), isExit: true })
    expect(await venue.submit(exit)).toMatchObject({ outcome: 'accepted', report: { state: 'working' } })
    expect(await venue.openOrders(account.id)).toMatchObject([{ clientOrderId: 'oco' }])
    ts.setPrice('BYND', '0.88', '0.89')
    await ts.settle()
    expect(await venue.find(exit)).toMatchObject({ state: 'filled', side: 'sell' })
    const { fills } = await venue.fills(account.id)
    expect(new Set(fills.map(({ clientOrderId }) => clientOrderId))).toEqual(new Set(['market', 'oco']))
    ts.hold(account, 'BYND', '100', '0.90')
    expect((await venue.orders!(account.id, new Date(0))).length).toBeGreaterThanOrEqual(8)
    expect(await venue.positions(account.id)).toMatchObject([{ symbol: 'BYND', signedQuantity: new Big(100) }])
    expect((await venue.balance(account.id)).blocked).toBeUndefined()
    expect(await venue.instrument!(account.id, 'BYND')).toMatchObject({ isTraded: true })
    expect(await venue.instrument!(account.id, 'NOPE')).toBeUndefined()
    expect(referee.violations()).toEqual([])
  })

  test('is every request of the market, and its answer', { timeout: 180_000 }, async () => {
    const { db, ts } = await opened()
    const referee = await refereed(ts.url)
    onTestFinished(referee.close)
    const market = await openTradeStationMarket({
      ...{ db, clock: { scale: 1, now: ts.now }, maxAgeMs: 15_000 },
      settings: {
        ...{ api: referee.url, signIn: ts.signInUrl },
        ...{ clientId: ts.oauth.clientId, clientSecret: ts.oauth.clientSecret },
        refreshToken: ts.oauth.grant(ts.addAccount({ mode: 'live' }).user).refresh_token!,
      },
    })
    onTestFinished(() => market.close())
    ts.giveBars('BYND', '1Min', [{ t: '2026-11-20T14:57:00Z', o: 1, h: 2, l: 0.5, c: 1.5, v: 100 }])
    ts.setChain('BYND', { expirations: ['2028-01-21'], strikes: ['0.5', '1', '1.5'] })
    expect(await market.lookUp!('BYND')).toMatchObject({ symbol: 'BYND' })
    expect(await market.bars('BYND', 1, 5)).toHaveLength(1)
    await market.bars('BYND', 1440, 5)
    expect((await market.depth!('BYND', 5))!.bids).toHaveLength(1)
    const options = market.options!
    expect(await options.expirations('BYND')).toEqual(['2028-01-21'])
    const chain = await options.chain('BYND', { expires: '2028-01-21', from: new Big('0.5'), to: new Big(1) })
    expect(chain).toHaveLength(4)
    expect(referee.violations()).toEqual([])
  })
})
