import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { chanceOf } from '../../../src/venues/paper/chance.ts'
import { createPaperVenue } from '../../../src/venues/paper/paper.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { handMarket } from '../../support/desk.ts'
import { venueContract } from './venue-contract.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

/** A planned second takes five milliseconds. */
const scale = 200

let database: FreshDatabase
let db: Kysely<Database>
let opened = 0
let ids = 0
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

/** The paper venue, with a worker that checks its book against a market. */
async function open(fills: 'whole' | 'parts'): Promise<VenueUnderTest> {
  let aheadMs = 0
  const clock = { scale, now: () => new Date(Date.now() + aheadMs) }
  const market = handMarket(clock.now)
  const seed = ++opened
  const make = (how: typeof fills) =>
    createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0, fills: how, seed })
  const venue = make(fills)
  const stop = venue.subscribe({ heard: () => {}, failed: () => {} })
  const accounts = [`one-${opened}`, `other-${opened}`] as const
  const symbols = ['BYND', 'AAPL'] as const

  /** One order in fifty is refused at first; another test covers that. */
  function newClientOrderId(): string {
    const id = `contract-${++ids}`
    return chanceOf(seed, id).isBusy ? newClientOrderId() : id
  }

  /** Resolves when everything has been checked against the current prices: the same look has filled a second order. */
  async function lookedAt(): Promise<void> {
    const limitPrice = new Big(1e7)
    const beacon = { account: 'beacon', clientOrderId: `beacon-${++ids}`, symbol: 'BTC-USD', side: 'buy' as const }
    market.stale('BTC-USD', 'not yet')
    const isTaken = async () => (await venue.submit({ ...beacon, quantity: new Big('0.0001'), limitPrice })).outcome
    await vi.waitFor(async () => expect(await isTaken()).toBe('accepted'), { interval: 1 })
    for (const symbol of symbols) {
      const { bid, ask } = (await market.quote(symbol))!
      market.set(symbol, bid.toFixed(), ask.toFixed())
    }
    market.set('BTC-USD', '63000')
    const state = async () => (await venue.find(beacon))?.state
    await vi.waitFor(async () => expect(await state()).toBe('filled'), { interval: 2 })
  }

  /** Unfilled orders that the current prices reach. */
  async function reached(): Promise<string[]> {
    const open = (await Promise.all(accounts.map(venue.openOrders))).flat()
    const isReached = await Promise.all(
      open.map(async ({ symbol, side, limitPrice, stopPrice }) => {
        const { bid, ask, last } = (await market.quote(symbol))!
        if (stopPrice && (side === 'buy' ? last.lt(stopPrice) : last.gt(stopPrice))) return false
        return !limitPrice || (side === 'buy' ? ask.lte(limitPrice) : bid.gte(limitPrice))
      }),
    )
    return open.flatMap(({ clientOrderId }, index) => (isReached[index] ? clientOrderId : []))
  }

  return {
    venue,
    accounts,
    symbols,
    notTraded: 'NOPE',
    newClientOrderId,
    setPrice: market.set,
    async settle() {
      await lookedAt()
      await vi.waitFor(async () => expect(await reached()).toEqual([]), { interval: 5 })
    },
    now: clock.now,
    letPass(milliseconds) {
      aheadMs += milliseconds
    },
    async close() {
      stop()
      await market.close()
    },
  }
}

venueContract('the paper venue', () => open('whole'))
venueContract('the paper venue that fills in parts', () => open('parts'))
