import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { VenueOrder } from '../../../src/venues/venue.ts'
import { startTradeStationServer } from '../../platforms/tradestation/server.ts'
import { freshDatabase } from '../../support/database.ts'
import { venueAt } from './under-test.ts'

test('an order with a time ends at TradeStation after its last session, also when nobody cancels it', async () => {
  const database = await freshDatabase()
  const db = connectDatabase(database.url, pino({ level: 'silent' }))
  const ts = await startTradeStationServer({ heartbeatMs: 50 })
  const account = ts.addAccount()
  const venue = venueAt(db, ts, [account])
  onTestFinished(async () => {
    venue.follow?.([])
    await ts.close()
    await db.destroy()
    await database.drop()
  })
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '1.00', '1.01')
  const order: VenueOrder = {
    ...{ account: account.id, symbol: 'BYND', side: 'buy', quantity: new Big(10), limitPrice: new Big('0.90') },
    ...{ clientOrderId: 'through-monday', expiresAt: new Date('2026-11-23T16:00:00Z') },
  }
  expect(await venue.submit(order)).toMatchObject({ outcome: 'accepted' })
  const hour = 3_600_000
  // It is Friday, 10:00 in New York.
  await ts.letPass(3 * 24 * hour)
  expect(await venue.find(order)).toMatchObject({ state: 'working' })
  await ts.letPass(8 * hour)
  expect(await venue.find(order)).toMatchObject({ state: 'expired', filledQuantity: new Big(0) })
})
