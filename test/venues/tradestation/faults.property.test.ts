import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { createBudgets } from '../../../src/venues/shared/budgets.ts'
import { tradeStationLimit } from '../../../src/venues/tradestation/client.ts'
import { confirmIdOf } from '../../../src/venues/tradestation/confirm-id.ts'
import { type Faults, noFaults } from '../../platforms/tradestation/faults.ts'
import { startTradeStationServer } from '../../platforms/tradestation/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import fc from '../../support/fast-check.ts'
import { faultRuns } from '../shared/fault-runs.ts'
import { accessByToken, venueAt } from './under-test.ts'

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

// Without `slowGroups`: where the broker ends the other half of a group late, it may fill both, and no adapter can help it.
const usual = {
  ...{ lostPlacements: 0.15, lostAnswers: 0.15, falseFailures: 0.15, slowPlacements: 0.1, failures: 0.1 },
  ...{ silences: 0.02, busy: 0.2, expiredTokens: 0.1, softErrors: 0.1, errorsInOrders: 0.5, lateRejects: 0.1 },
  ...{ parts: 0.6, slowCancels: 0.4, racingCancels: 0.4, slowReplaces: 0.4 },
  ...{ fillsInAck: 0.4, outsAfterPartial: 0.4, stopHits: 0.4, unknownStatuses: 0.3, missing: 0.3 },
  ...{ droppedFrames: 0.8, doubledFrames: 0.3, lateFrames: 0.3, reorderedFrames: 0.3, splitFrames: 0.3 },
  ...{ halfOpenStreams: 0.2, hungStreams: 0.2, cutStreams: 0.05 },
} satisfies Partial<Faults>

faultRuns({
  usual,
  options: fc.record({
    answersRepeats: fc.boolean(),
    countsOpenExits: fc.boolean(),
    averageDecimals: fc.constantFrom(8, 6),
    // The broker's clock is ahead or behind, and refresh tokens rotate or last.
    skewMs: fc.constantFrom(0, 20_000, -20_000),
    rotates: fc.boolean(),
  }),
  async open(seed, faults, { skewMs, rotates, ...options }) {
    const ts = await startTradeStationServer({ seed, faults, heartbeatMs: 60, ...options })
    ts.skew(skewMs)
    ts.oauth.rotates = rotates
    // All runs share a database.
    const account = ts.addAccount({ id: `SIM${++run}F`, cash: '100000' })
    ts.addSymbol('BYND')
    ts.setPrice('BYND', '1.00', '1.01')
    const venue = venueAt(db, ts, [account], {
      times: { orderPatienceMs: 120, lookPatienceMs: 120, silentForMs: 300 },
      now: () => new Date(ts.now().getTime() - skewMs),
      // A pause of a second after too many requests lasts a millisecond here.
      budgets: createBudgets(tradeStationLimit, () => performance.now() * 1000),
      access: accessByToken(ts, account),
    })
    return {
      ...{ venue, account: account.id, letPass: ts.letPass, settle: ts.settle, close: ts.close },
      setPrice: (bid, ask) => ts.setPrice('BYND', bid, ask),
      cutStreams: () => ts.cutStreams(),
      expireTokens(isFinal) {
        ts.oauth.expireTokens()
        ts.oauth.refusesRefresh = isFinal
      },
      buyElsewhere(quantity) {
        ts.placeElsewhere(account, {
          ...{ Symbol: 'BYND', Quantity: quantity, TradeAction: 'BUY', OrderType: 'Market' },
          TimeInForce: { Duration: 'DAY' },
        })
      },
      setFaults(are) {
        Object.assign(ts.faults, are === 'over' ? noFaults : faults)
        if (are === 'over') ts.oauth.refusesRefresh = false
      },
      held: () => ts.held(account, 'BYND'),
      arrived(id) {
        const named = [0, 1, 2, 3].flatMap((refusals) => ts.ordersNamed(confirmIdOf(id, refusals)))
        return named.filter(({ status }) => status !== 'REJ').length
      },
    }
  },
})
