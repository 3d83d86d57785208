import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { type KrakenOptions, startKrakenServer } from '../../platforms/kraken/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { nameOf, venueAt } from '../../venues/ccxt/under-test.ts'
import { venueContract } from './venue-contract.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

let database: FreshDatabase
let db: Kysely<Database>
let seed = 0
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

/** The adapter of CCXT at a local Kraken whose time is moved by hand. */
async function open(options: KrakenOptions = {}): Promise<VenueUnderTest> {
  const kraken = await startKrakenServer({ seed: ++seed, ...options })
  const accounts = [kraken.addAccount(), kraken.addAccount()] as const
  const wholeUnits = { priceDecimals: 2, lotDecimals: 0, orderMin: '1', costMin: '0.01' }
  for (const pair of ['BYN/USD', 'AAP/USD']) kraken.addPair(pair, wholeUnits)
  const venue = venueAt(db, kraken, [...accounts])
  let ids = 0
  return {
    venue,
    accounts: [nameOf(accounts[0]), nameOf(accounts[1])],
    symbols: ['BYN-USD', 'AAP-USD'],
    notTraded: 'NOPE-USD',
    newClientOrderId: () => `desk-${seed}-${++ids}`,
    setPrice: (symbol, bid, ask) => kraken.setPrice(symbol.replace('-', '/'), bid, ask),
    settle: kraken.settle,
    now: kraken.now,
    letPass: kraken.letPass,
    isTimeByHand: true,
    // The desk cancels at the time; a spot account holds no less than nothing.
    deviations: { untimed: true, turnsNothing: true, lateInLists: true },
    async close() {
      venue.follow?.([])
      await kraken.close()
    },
  }
}

venueContract('Kraken through CCXT', () => open())

venueContract('Kraken through CCXT that loses answers, fills in parts, is slow, and hardly streams', () =>
  open({
    faults: {
      ...{ lostAnswers: 0.15, falseFailures: 0.15, invalidNonces: 0.1, unavailable: 0.05 },
      ...{ parts: 0.7, slowCancels: 0.5, slowAmends: 0.4, unknownStatuses: 0.3, lateTrades: 0.2 },
      ...{ droppedFrames: 0.8, doubledFrames: 0.3, lateFrames: 0.3, reorderedFrames: 0.3, cutStreams: 0.02 },
    },
  }),
)
