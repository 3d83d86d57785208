import { expect, onTestFinished } from 'vitest'
import { tellBack, tellLost } from '../../../src/watch/sources/outages.ts'
import { presentSources } from '../../../src/watch/sources/sources.ts'
import { tellSources, toldSources } from '../../../src/watch/sources/told.ts'
import { deskTest } from '../../support/desk-test.ts'
import { sourcedMarket } from './a-source.ts'

/** The sources as processes tell them to each other, as people read them, and of a broker. It is a Thursday, 10:00 in New York. */

const now = new Date('2026-11-19T15:00:00Z')
const market = sourcedMarket(now)
const { test, desk } = deskTest({ clock: { now: () => now, scale: 1 }, worker: false, market })
const parts = () => desk.desk.parts

test.beforeEach(() => market.turn('yahoo', true))

/** Tells the sources as another process would that sees them so. */
async function tellAs(role: string, sees: (market: ReturnType<typeof sourcedMarket>) => void): Promise<void> {
  const its = sourcedMarket(now)
  sees(its)
  const telling = tellSources({ ...parts(), market: its }, { id: `${role}-${Math.random()}`, role })
  onTestFinished(() => telling.close())
  await expect.poll(async () => (await toldSources(parts())).some((one) => one.role === role)).toBe(true)
}

test('shows each source with what is known of it, and what needs no connection', async () => {
  market.turn('alpaca quotes', false, 'no answer')
  const statuses = market.providers!()
  Object.assign(market, {
    providers: () => [
      ...statuses,
      { name: 'alphavantage', isConnected: false, faults: 0, budget: { left: 25, of: 25, perMs: 86_400_000 } },
      {
        ...{ name: 'token', isConnected: true, isAuthenticated: true, faults: 0, feed: 'iex', delayMs: 900_000 },
        expiresAt: new Date(now.getTime() + 3_600_000),
      },
    ],
  })
  onTestFinished(() => void Object.assign(market, { providers: sourcedProviders }))
  expect((await desk.say('sources')).split('\n')).toEqual([
    '📡 SOURCES - prices from yahoo, then hand',
    '✗ alpaca quotes: NOT CONNECTED · heard 1 min 10 s ago · 1 fault, the last 0 s ago: no answer',
    '· alphavantage: not asked yet · 25 of 25 requests left in 24 hours',
    '✓ hand: connected',
    '✓ paper: connected',
    '✓ token: connected · feed iex · key valid for 1 h · prices 15 min late',
    '✓ yahoo: connected · heard 0 s ago',
  ])
})

const sourcedProviders = market.providers!

test('the worker’s view counts, on a page’s process, too; and a source is lost when all workers have lost it', async () => {
  await tellAs('web', (its) => its.turn('yahoo', true))
  await tellAs('worker', (its) => its.turn('yahoo', false))
  const yahoo = async () => (await presentSources(parts())).sources.find(({ name }) => name === 'yahoo')
  expect(await yahoo()).toMatchObject({ isConnected: false, seenBy: 'worker' })
  await tellAs('all', (its) => its.turn('yahoo', true))
  expect(await yahoo()).toMatchObject({ isConnected: true, seenBy: 'all', heardAt: now })
})

test('what cannot be read, and what a dead process told, is left out', async () => {
  const { redis } = parts()
  const old = { at: 1, role: 'worker', sources: [{ name: 'yahoo', isConnected: false, faults: 9 }] }
  await redis.hset('deskhand:sources', { dead: JSON.stringify(old), odd: '{"at":', newer: '{"at": "soon"}' })
  onTestFinished(() => void redis.del('deskhand:sources'))
  expect(await toldSources(parts())).toEqual([])
  expect((await presentSources(parts())).sources.find(({ name }) => name === 'yahoo')).toMatchObject({ seenBy: 'here' })
})

test('a broker that does not answer concerns the positions of its account alone, and is HIGH', async ({
  alice,
  bob,
}) => {
  await alice.say('long BYND 100 @ 1.00')
  await bob.say('long BYND 200 @ 1.00')
  const { db } = parts()
  const { account_id: accountId } = await db
    .selectFrom('positions')
    .select('account_id')
    .where('signed_quantity', '=', '100')
    .executeTakeFirstOrThrow()
  await db
    .updateTable('accounts')
    .set({ venue: 'alpaca', venue_account: 'a-1', masked_number: '••••1234' })
    .where('id', '=', accountId)
    .execute()
  const lastFault = { at: now, words: 'alpaca answered with 503' }
  const source = { name: 'alpaca account ••1234 (polled)', isConnected: false, faults: 3, lastFault, seenBy: 'worker' }
  await tellLost(parts(), source, new Set())
  await tellBack(parts(), { name: 'alpaca account ••1234' })
  await tellBack(parts(), { name: 'alpaca account ••1234' })
  const events = await db
    .selectFrom('desk_events')
    .select(['account_id', 'type', 'urgency', 'data'])
    .where('type', 'like', 'watching.source%')
    .orderBy('id')
    .execute()
  const data = { source: 'alpaca account ••1234', since: now.toISOString(), alone: 'BYND', broker: true }
  expect(events).toEqual([
    {
      account_id: accountId,
      type: 'watching.source_lost',
      urgency: 'HIGH',
      data: { ...data, because: lastFault.words },
    },
    { account_id: accountId, type: 'watching.source_back', urgency: 'HIGH', data },
  ])
})

test('a lost account whose number ends in letters concerns its own positions, and no other account at that broker', async ({
  alice,
  bob,
}) => {
  const { db } = parts()
  await alice.say('long BYND 300 @ 1.00')
  await bob.say('long AAPL 400 @ 190')
  const link = async (quantity: string, account: string, number: string) => {
    const { account_id: id } = await db
      .selectFrom('positions')
      .select('account_id')
      .where('signed_quantity', '=', quantity)
      .executeTakeFirstOrThrow()
    await db
      .updateTable('accounts')
      .set({ venue: 'alpaca', venue_account: account, masked_number: `••••${number}` })
      .where('id', '=', id)
      .execute()
    return id
  }
  const lostId = await link('300', 'a-paper', 'TK4M')
  // It ends in the same characters, and is another one.
  const otherId = await link('400', 'a-live', 'TK4M')
  const source = {
    ...{ name: 'alpaca account ••TK4M', account: 'a-paper', isConnected: false, faults: 3, seenBy: 'worker' },
    lastFault: { at: now, words: 'Alpaca could not be reached' },
  }
  await tellLost(parts(), source, new Set(['yahoo']))
  const told = await db
    .selectFrom('desk_events')
    .select(['account_id', 'data'])
    .where('type', '=', 'watching.source_lost')
    .where('account_id', 'in', [lostId, otherId])
    .execute()
  expect(told).toEqual([{ account_id: lostId, data: expect.objectContaining({ alone: 'BYND', broker: true }) }])
})

test('without Redis each process knows its own connections, and says so', async () => {
  const hung = { time: () => Promise.reject(new Error('away')), hgetall: () => Promise.reject(new Error('away')) }
  const { sources, isAlone } = await presentSources({ ...parts(), redis: hung as never })
  expect(isAlone).toBe(true)
  expect(sources.map(({ name }) => name)).toContain('yahoo')
})

test('a symbol that the market has to ask for is found by the command that names it', async ({ alice }) => {
  const asked: string[] = []
  Object.assign(market, {
    async lookUp(symbol: string) {
      asked.push(symbol)
      if (symbol !== 'NEWCO') return undefined
      market.list('NEWCO', '3.00', 'New Company')
      return market.instrument('NEWCO')
    },
  })
  onTestFinished(() => void Object.assign(market, { lookUp: undefined }))
  expect(await alice.say('quote NEWCO')).toMatch(/^💵 NEWCO - New Company\nBid: \$3\.00/)
  expect(await alice.say('quote NEWCO')).toContain('$3.00')
  expect(await alice.say('quote ZZZZ')).toMatch(/I don't know the symbol ZZZZ/)
  expect(asked).toEqual(['NEWCO', 'ZZZZ'])
})
