import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { startTradeStationServer, type TradeStationOptions } from '../../platforms/tradestation/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { venueAt } from '../../venues/tradestation/under-test.ts'
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

/** The adapter at a local TradeStation whose time is moved by hand. */
async function open(options: TradeStationOptions = {}): Promise<VenueUnderTest> {
  const ts = await startTradeStationServer({ seed: ++seed, heartbeatMs: 200, ...options })
  // The accounts of one sentence are not those of another: all of them share a database.
  const accounts = [ts.addAccount({ id: `SIM${seed}A` }), ts.addAccount({ id: `SIM${seed}B` })] as const
  for (const symbol of ['BYND', 'AAPL']) ts.addSymbol(symbol)
  const venue = venueAt(db, ts, [...accounts])
  let ids = 0
  return {
    venue,
    accounts: [accounts[0].id, accounts[1].id],
    symbols: ['BYND', 'AAPL'],
    notTraded: 'NOPE',
    newClientOrderId: () => `desk-${seed}-${++ids}`,
    setPrice: (symbol, bid, ask) => ts.setPrice(symbol, bid, ask),
    settle: ts.settle,
    now: ts.now,
    letPass: ts.letPass,
    isTimeByHand: true,
    // The desk cancels at the time, and reverses a position by two orders.
    deviations: { untimed: true, turnsNothing: true, lateInLists: true },
    async close() {
      venue.follow?.([])
      await ts.close()
    },
  }
}

// The same sentences without faults say nothing more; RUNS asks for them.
if (process.env.RUNS) venueContract('TradeStation', () => open())

venueContract('TradeStation that hardly answers, fills in parts, is slow, and tells fills in odd ways', () =>
  open({
    faults: {
      ...{ lostPlacements: 0.1, lostAnswers: 0.1, falseFailures: 0.1, failures: 0.05, softErrors: 0.05 },
      ...{ parts: 0.7, slowCancels: 0.5, slowReplaces: 0.4, unknownStatuses: 0.3, fillsInAck: 0.3, missing: 0.2 },
      ...{ droppedFrames: 0.5, doubledFrames: 0.3, lateFrames: 0.3, reorderedFrames: 0.3, splitFrames: 0.3 },
      ...{ cutStreams: 0.02, halfOpenStreams: 0.1, expiredTokens: 0.05 },
    },
  }),
)
