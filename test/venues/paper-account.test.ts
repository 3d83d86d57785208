import Big from 'big.js'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import type { Venue, VenueOrder } from '../../src/venues/venue.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'

const log = pino({ level: 'silent' })
const clock = { now: () => new Date(), scale: 1 }

let fresh: FreshDatabase
let db: Kysely<Database>
let other: Kysely<Database>
let market: HandMarket
let venue: Venue
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, log)
  other = connectDatabase(fresh.url, log)
})
afterAll(async () => {
  await Promise.all([db?.destroy(), other?.destroy()])
  await fresh?.drop()
})
beforeEach(async () => {
  await db.deleteFrom('paper_orders').execute()
  market = handMarket()
  market.set('BYND', '1.00', '1.01')
  venue = createPaperVenue({ db, market, clock, slippageBps: 0, commissionPerUnit: 0.01 })
})

let orders = 0
async function trade(side: 'buy' | 'sell', quantity: string, given: Partial<VenueOrder> = {}): Promise<string> {
  const clientOrderId = `account-${++orders}`
  const sent = { account: '7', clientOrderId, symbol: 'BYND', side, quantity: new Big(quantity), ...given }
  await venue.submit(sent)
  return `paper-${clientOrderId}`
}

const readFrom = async (cursor?: string) => {
  const read = await venue.fills('7', cursor)
  return { ids: read.fills.map(({ venueFillId }) => venueFillId), cursor: read.cursor }
}

describe('the fills of an account', () => {
  test('come oldest first, each once from cursor to cursor, and none of another account', async () => {
    const nothing = await readFrom()
    expect(nothing.ids).toEqual([])
    const made = [await trade('buy', '10'), await trade('sell', '4')]
    await trade('buy', '1', { account: '8' })
    const read = await readFrom(nothing.cursor)
    expect(read.ids).toEqual(made)
    expect((await readFrom(read.cursor)).ids).toEqual([])
    const next = await trade('sell', '6')
    expect((await readFrom(read.cursor)).ids).toEqual([next])
    expect((await readFrom()).ids).toEqual([...made, next])
    expect((await readFrom(nothing.cursor)).ids).toEqual([...made, next])
  })

  test('are all read, even when one that began earlier is committed later', async () => {
    const before = await readFrom()
    const slow = await other.startTransaction().execute()
    await sql`insert into paper_orders (client_order_id, account, state, symbol, side, quantity, filled_quantity, accepted_at)
      values ('slow', '7', 'filled', 'BYND', 'buy', 5, 5, now())`.execute(slow)
    await sql`insert into paper_fills (venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, filled_at)
      values ('paper-slow', 'slow', '7', 'BYND', 'buy', 5, 1, 0, now())`.execute(slow)
    const quick = await trade('buy', '10')
    const read = await readFrom(before.cursor)
    expect(read.ids).toEqual([quick])
    await slow.commit().execute()
    const late = await readFrom(read.cursor)
    expect(late.ids).toEqual(['paper-slow'])
    expect((await readFrom(late.cursor)).ids).toEqual([])
    expect((await readFrom()).ids).toEqual(['paper-slow', quick])
  })

  test('are read from the beginning with a cursor from a database that was ahead', async () => {
    const made = await trade('buy', '10')
    const restored = await readFrom('900000000:900000000:')
    expect(restored.ids).toEqual([made])
    const next = await trade('sell', '10')
    expect((await readFrom(restored.cursor)).ids).toEqual([next])
  })

  test('that were restored from such a database also come once', async () => {
    const made = await trade('buy', '10')
    await sql`update paper_fills set made_by = '900000000' where venue_fill_id = ${made}`.execute(db)
    const read = await readFrom()
    expect(read.ids).toEqual([made])
    const next = await trade('sell', '10')
    expect((await readFrom(read.cursor)).ids).toEqual([next])
  })

  test('are not read with an invalid cursor', async () => {
    await expect(venue.fills('7', 'yesterday')).rejects.toMatchObject({ name: 'VenueError' })
  })

  test('add up to its positions and its cash', async () => {
    const { id } = await db
      .insertInto('members')
      .values({ name: 'Ann', role: 'trader' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const account = await db.insertInto('accounts').values({ member_id: id }).returning('id').executeTakeFirstOrThrow()
    const own = { account: String(account.id) }
    expect(await venue.balance(own.account)).toEqual({ cash: new Big(100_000) })
    await trade('buy', '100', own)
    await trade('sell', '30', own)
    await trade('sell', '2', { ...own, symbol: 'AAPL' })
    await trade('buy', '0.5', { ...own, symbol: 'BTC-USD' })
    await trade('sell', '0.5', { ...own, symbol: 'BTC-USD' })
    await trade('sell', '5', { account: '8' })
    expect(await venue.positions(own.account)).toEqual([
      { symbol: 'AAPL', signedQuantity: new Big(-2) },
      { symbol: 'BYND', signedQuantity: new Big(70) },
    ])
    const commission = new Big(100 + 30 + 2 + 0.5 + 0.5).times('0.01')
    const cash = new Big(100_000).minus(101).plus(30).plus(380).minus(commission)
    expect(await venue.balance(own.account)).toEqual({ cash })
    expect(await venue.positions('nobody')).toEqual([])
    expect(await venue.balance('nobody')).toEqual({ cash: new Big(0) })
  })
})
