import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { exchangeIdOf } from '../../../src/venues/ccxt/order-map.ts'
import { type Faults, noFaults } from '../../platforms/kraken/faults.ts'
import { startKrakenServer } from '../../platforms/kraken/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import fc from '../../support/fast-check.ts'
import { faultRuns } from '../shared/fault-runs.ts'
import { nameOf, plentyInHaste, venueAt } from './under-test.ts'

let database: FreshDatabase
let db: Kysely<Database>
let run = 0
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const usual = {
  ...{ lostPlacements: 0.15, lostAnswers: 0.15, falseFailures: 0.15, slowPlacements: 0.05, failures: 0.1 },
  ...{ silences: 0.02, busy: 0.1, invalidNonces: 0.1, unavailable: 0.05 },
  ...{ parts: 0.6, slowCancels: 0.4, racingCancels: 0.4, slowAmends: 0.4, lateTrades: 0.3, unknownStatuses: 0.3 },
  ...{ droppedFrames: 0.8, doubledFrames: 0.3, lateFrames: 0.3, reorderedFrames: 0.3, cutStreams: 0.05 },
} satisfies Partial<Faults>

faultRuns({
  usual,
  // The desk's clock is ahead of the exchange's or behind: the deadline of an order is in the exchange's time.
  options: fc.record({ skewMs: fc.constantFrom(0, 20_000, -20_000) }),
  async open(seed, faults, { skewMs }) {
    const kraken = await startKrakenServer({ seed, faults })
    kraken.addPair('BYN/USD', { priceDecimals: 2, lotDecimals: 0, orderMin: '1', costMin: '0.01' })
    kraken.setPrice('BYN/USD', '1.00', '1.01')
    // All runs share a database.
    const account = Object.assign(kraken.addAccount(), { iban: `RUN${++run}` })
    const venue = venueAt(db, kraken, [account], {
      times: { orderPatienceMs: 800, lookPatienceMs: 800 },
      now: () => new Date(kraken.now().getTime() + skewMs),
      budgets: plentyInHaste(),
    })
    return {
      ...{ venue, account: nameOf(account), symbol: 'BYN-USD' },
      ...{ letPass: kraken.letPass, settle: kraken.settle, close: kraken.close },
      setPrice: (bid, ask) => kraken.setPrice('BYN/USD', bid, ask),
      cutStreams: () => kraken.cutStreams(),
      // Keys do not end.
      expireTokens() {},
      buyElsewhere: (quantity) =>
        void kraken.placeElsewhere(account, { pair: 'BYNUSD', type: 'buy', ordertype: 'market', volume: quantity }),
      setFaults: (are) => void Object.assign(kraken.faults, are === 'over' ? noFaults : { ...noFaults, ...faults }),
      held: () => kraken.held(account, 'BYN'),
      arrived(id) {
        const ids = [0, 1, 2, 3].map((attempt) => exchangeIdOf(id, attempt))
        return kraken.orders(account).filter(({ clientId }) => ids.includes(clientId ?? '')).length
      },
    }
  },
})
