import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { connectDatabase, type Db } from '../../../src/infra/db/client.ts'
import { changesOf, fillsSoFar, sumFills } from '../../../src/trading/orders/rows/fill-sums.ts'
import { resultsBySymbol } from '../../../src/trading/orders/rows/fills.ts'
import { type Correction, equityCurve, roundMoments } from '../../../src/trading/positions/rules/equity-curve.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import fc from '../../support/fast-check.ts'
import { exactCurve } from '../positions/exact-curve.ts'
import { everyFill } from './every-fill.ts'

let database: FreshDatabase
let db: ReturnType<typeof connectDatabase>
/** Two accounts, each with a position and an order that its fills hang on. */
const accounts = [1, 2]

beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
  for (const statement of [
    sql`insert into members (name, role) values ('alice', 'trader')`,
    sql`insert into conversations (key, place) values ('here', '{}')`,
    sql`insert into accounts (member_id, name) values (1, 'one'), (1, 'two')`,
    sql`insert into positions (account_id, symbol, signed_quantity, open_cost, opened_at)
      select id, 'A', 1, 1, now() from accounts order by id`,
    sql`insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side,
        quantity, expected_price, state, created_at)
      select 'o' || id, id, 1, id, 1, 'close', 'A', 'buy', 1, 1, 'filled', now() from accounts order by id`,
  ]) {
    await statement.execute(db)
  }
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})
beforeEach(async () => {
  await sql`truncate fills, fill_sums`.execute(db)
  await sql`update fill_sums_through set fill_id = coalesce((select last_value from pg_sequences where sequencename = 'fills_id_seq'), 0)`.execute(
    db,
  )
})

interface Given {
  account: number
  symbol: string
  side: 'buy' | 'sell'
  quantity: string
  price: string
  commission: string
  realized: string
  at: Date
}

/** Books a fill and returns its id. */
async function book(on: Db, one: Given): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into fills (venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
      realized_pnl, filled_at)
    values ('paper', gen_random_uuid()::text, ${one.account}, ${one.account}, ${one.account}, ${one.symbol}, ${one.side},
      ${one.quantity}, ${one.price}, ${one.commission}, ${one.realized}, ${one.at}) returning id`.execute(on)
  return rows[0]!.id
}

/** The sums, as text; with `anew` they are computed again from nothing. */
async function sums(anew = false): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const { rows: before } = await sql<{ through: number }>`select fill_id as through from fill_sums_through`.execute(
      trx,
    )
    if (anew) {
      await sql`delete from fill_sums`.execute(trx)
      await sql`update fill_sums_through set fill_id = 0`.execute(trx)
      await sql`select sum_fills(${before[0]!.through}, 1000000, true)`.execute(trx)
    }
    const { rows } =
      await sql<object>`select account_id, minutes, ends_at, symbol, fills, trim_scale(signed_quantity) as q,
      trim_scale(cost) as cost, trim_scale(realized_pnl) as realized, price, last_at, last_id
      from fill_sums order by account_id, minutes, ends_at, symbol`.execute(trx)
    return JSON.stringify(rows)
  })
}

const begin = Date.UTC(2026, 4, 4)
const cents = (most: number) => fc.integer({ min: 1, max: most }).map((amount) => new Big(amount).div(100).toFixed())
/** Moments on and near the borders of periods, many of them in the same periods. */
const moment = (days: number) =>
  fc
    .record({
      minutes: fc.constantFrom(5, 15, 120, 1440),
      share: fc.constantFrom(0, 0.1, 0.1, 0.5, 0.5, 0.9, 1),
      further: fc.integer({ min: 0, max: 3 }),
      beside: fc.constantFrom(0, 0, 0, 1, -1, 77_123),
    })
    .map(({ minutes, share, further, beside }) => {
      const length = minutes * 60_000
      const steps = Math.floor((share * days * 86_400_000) / length) + further
      return new Date(begin + steps * length + beside)
    })

const given = (days: number): fc.Arbitrary<Given> =>
  fc.record({
    account: fc.constantFrom(...accounts),
    symbol: fc.constantFrom('A', 'B', 'C'),
    side: fc.constantFrom('buy', 'sell'),
    quantity: cents(500_000),
    price: cents(99_999),
    commission: cents(300),
    realized: fc.integer({ min: -99_999, max: 99_999 }).map((amount) => new Big(amount).div(100).toFixed()),
    at: moment(days),
  })

const happening = (days: number) =>
  fc.oneof(
    { weight: 8, arbitrary: given(days).map((fill) => ({ kind: 'fill' as const, fill })) },
    { weight: 2, arbitrary: fc.constant({ kind: 'sum' as const }) },
    { weight: 1, arbitrary: fc.nat(99).map((which) => ({ kind: 'undo' as const, which })) },
    { weight: 1, arbitrary: fc.nat(99).map((which) => ({ kind: 'bust' as const, which })) },
  )

const correction = (days: number): fc.Arbitrary<Correction> =>
  fc
    .record({
      symbol: fc.constantFrom('A', 'B'),
      before: fc.option(fc.constantFrom('A', 'C'), { nil: undefined }),
      quantity: fc.integer({ min: -5000, max: 5000 }),
      cost: cents(99_999),
      to: fc.integer({ min: 1, max: 10 }),
      at: moment(days),
    })
    .map(({ symbol, before, quantity, cost, to, at }) => ({
      symbol,
      at,
      signedQuantity: new Big(quantity),
      openCost: new Big(cost),
      ...(before && {
        adjusts: { symbol: before, ratio: { to: new Big(to), from: new Big(1) }, realizedPnl: new Big(cost) },
      }),
    }))

describe('the sums of fills', () => {
  test('draw the same curve as all fills, to the last digit, with late, undone, busted and split ones', async () => {
    const scenario = fc.constantFrom(1, 4, 30, 200, 3000).chain((days) =>
      fc.record({
        days: fc.constant(days),
        happens: fc.array(happening(days), { minLength: 30, maxLength: 80, size: 'max' }),
        corrections: fc.array(correction(days), { maxLength: 3 }),
        prices: fc.array(
          fc.record({
            symbol: fc.constantFrom('A', 'B', 'C'),
            price: cents(99_999).map((price) => new Big(price)),
            at: moment(days),
          }),
          {
            maxLength: 10,
          },
        ),
        least: fc.constantFrom(0, 900_000),
      }),
    )
    await fc.assert(
      fc.asyncProperty(scenario, async ({ days, happens, corrections, prices, least }) => {
        const booked: { id: number; fill: Given }[] = []
        for (const one of happens) {
          if (one.kind === 'sum') await sumFills(db)
          else if (one.kind === 'fill') booked.push({ id: await book(db, one.fill), fill: one.fill })
          else {
            const [taken] = booked.length > 0 ? booked.splice(one.which % booked.length, 1) : []
            if (!taken) continue
            if (one.kind === 'undo') await sql`delete from fills where id = ${taken.id}`.execute(db)
            else {
              const { side, realized } = taken.fill
              const back = {
                ...taken.fill,
                side: side === 'buy' ? 'sell' : 'buy',
                realized: `${-Number(realized)}`,
              } as Given
              await book(db, back)
            }
          }
        }
        // Each symbol has a price before its correction.
        const known = ['A', 'B', 'C'].map((symbol) => ({ symbol, price: new Big(7), at: new Date(begin - 86_400_000) }))
        for (const account of accounts) {
          const fills = await everyFill(db, account)
          const first = fills.reduce((least, { at }) => Math.min(least, at.getTime()), Number.POSITIVE_INFINITY)
          expect((await fillsSoFar(db, account)).first?.getTime()).toBe(fills.length > 0 ? first : undefined)
          const { moments } = roundMoments(new Date(begin), new Date(begin + days * 86_400_000 + 12_345), 120, least)
          const between = [...moments, ...corrections.map(({ at }) => at)].sort((a, b) => a.getTime() - b.getTime())
          const added = await changesOf(db, account, between)
          expect(added.fills).toBe(fills.length)
          const all = [...known, ...prices]
          const inText = (points: ReturnType<typeof equityCurve>) =>
            points.map(({ at, realized, unrealized, total }) =>
              [at, ...[realized, unrealized, total].map(String)].join(' '),
            )
          expect(inText(equityCurve(added.changes, all, moments, corrections))).toEqual(
            inText(exactCurve(fills, all, moments, corrections)),
          )
          const results = await resultsBySymbol(db, account)
          expect(results.map(({ symbol, fills, realized }) => [symbol, fills, String(realized)])).toEqual(
            ['A', 'B', 'C'].flatMap((symbol) => {
              const own = fills.filter((fill) => fill.symbol === symbol)
              return own.length > 0 ? [[symbol, own.length, String(sum(own.map((fill) => fill.realizedPnl)))]] : []
            }),
          )
        }
        expect(await sums(true)).toBe(await sums())
        await sql`delete from fills`.execute(db)
        expect(await sums()).toBe('[]')
      }),
      { numRuns: 25 },
    )
  })

  const fill: Given = {
    ...{ account: 1, symbol: 'A', side: 'buy', quantity: '1', price: '2', commission: '0', realized: '0' },
    at: new Date(begin),
  }
  const counted = async () => (await changesOf(db, 1, [])).fills
  const added = async () =>
    (
      await sql<{
        fills: number
      }>`select coalesce(sum(fills), 0)::bigint as fills from fill_sums where minutes = 1440`.execute(db)
    ).rows[0]!.fills

  test('lack no fill that got its id before, and was committed after, fills that are in them', async () => {
    const slow = new pg.Client({ connectionString: database.url })
    await slow.connect()
    await slow.query('begin')
    const insert = `insert into fills (venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price,
      commission, realized_pnl, filled_at) values ('paper', gen_random_uuid()::text, 1, 1, 1, 'A', 'buy', 1, 2, 0, 0, now())`
    await slow.query(insert)
    await book(db, fill)
    expect(await sumFills(db)).toBe(0)
    expect(await counted()).toBe(1)
    const summing = sumFills(db)
    await slow.query('commit')
    await slow.end()
    await summing
    await sumFills(db)
    expect(await added()).toBe(2)
    expect(await counted()).toBe(2)
  })

  test('are made by one at a time, and each fill is added once', async () => {
    for (let count = 0; count < 30; count++) await book(db, fill)
    const all = await Promise.all(Array.from({ length: 6 }, (_, index) => sumFills(db, { waits: index % 2 === 0 })))
    expect(all.reduce((a, b) => a + b, 0)).toBe(30)
    expect(await counted()).toBe(30)
  })

  test('leave out few fills when asked to', async () => {
    await book(db, fill)
    expect(await sumFills(db, { few: 10 })).toBe(0)
    expect([await added(), await counted()]).toEqual([0, 1])
  })

  test('lack a fill that is undone while they are made', async () => {
    const id = await book(db, fill)
    const undoing = new pg.Client({ connectionString: database.url })
    await undoing.connect()
    await undoing.query('begin')
    await undoing.query('delete from fills where id = $1', [id])
    // The delete holds the lock of the sums, so a call that does not wait adds nothing.
    expect(await sumFills(db)).toBe(0)
    await undoing.query('commit')
    await undoing.end()
    await book(db, fill)
    expect(await sumFills(db, { waits: true })).toBe(1)
    expect([await added(), await counted()]).toEqual([1, 1])
  })

  test('follow a fill that is changed by hand', async () => {
    const id = await book(db, fill)
    await sumFills(db)
    await sql`update fills set filled_at = ${new Date(begin + 86_400_000)}, symbol = 'B' where id = ${id}`.execute(db)
    const { rows } = await sql<{ symbol: string; ends_at: Date }>`
      select symbol, ends_at from fill_sums where minutes = 1440`.execute(db)
    expect(rows).toEqual([{ symbol: 'B', ends_at: new Date(begin + 86_400_000) }])
  })
})
