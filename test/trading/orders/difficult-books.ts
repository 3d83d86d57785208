import { type Kysely, sql } from 'kysely'
import { expect } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import type { TrueFill, Truth } from '../../contracts/venues/difficult/truth.ts'
import { filledBy } from '../../contracts/venues/fill-sums.ts'

// Compares the desk's books with the venue's true fills. Only this file knows the desk's tables.

type Db = Kysely<Database>
type FillRow = Awaited<ReturnType<typeof bookedFills>>[number]

/** Every fill of the venue is booked once, as it is, and nothing else is booked of the venue. */
export async function expectFillsToAgree(db: Db, truth: Truth): Promise<void> {
  const booked = (await bookedFills(db)).filter(({ venue }) => venue !== 'desk')
  const asText = (parts: (string | number | null | undefined)[]) => parts.map((part) => part ?? '').join(' ')
  expect(
    booked
      .map((fill) =>
        asText([
          fill.account_id,
          fill.venue_fill_id,
          fill.sent_as,
          fill.symbol,
          fill.side,
          fill.quantity,
          fill.price,
          fill.reverses,
        ]),
      )
      .sort(),
  ).toEqual(
    truth
      .fills()
      .map((fill) =>
        asText([
          fill.account,
          fill.venueFillId,
          fill.clientOrderId,
          fill.symbol,
          movedSide(fill),
          fill.quantity.toFixed(),
          fill.price.toFixed(),
          fill.reverses,
        ]),
      )
      .sort(),
  )
}

/** The invariants at rest, when the fills are the same here and at the venue. */
export async function expectBooksToAgree(db: Db, truth: Truth): Promise<void> {
  await expectEachOrderOnce(db, truth)
  await expectPositionsToAgree(db, truth)
  await expectScaleoutsToAddUp(db, truth)
  expectNothingBeyond(await bookedFills(db), truth)
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db)
  expect(rows).toEqual([{ deadlocks: 0 }])
}

/** Live orders are for no more than what is open, unless an unexpected act of the venue has left less. */
export async function expectReservationsToFit(db: Db, truth: Truth): Promise<void> {
  const { rows } = await sql<{ account_id: number; symbol: string; working_quantity: string; signed_quantity: string }>`
    select account_id, symbol, working_quantity, signed_quantity from positions
    where working_quantity > abs(signed_quantity) or resting_quantity > working_quantity`.execute(db)
  for (const position of rows) {
    const surprises = surprisesOf(truth, String(position.account_id), position.symbol)
    expect(surprises.toNumber(), `${JSON.stringify(position)} without a surprise`).toBeGreaterThan(0)
  }
}

/** The venue took each order once, as the desk wrote and sent it, and the desk has all its fills. */
async function expectEachOrderOnce(db: Db, truth: Truth): Promise<void> {
  const orders = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()
  const bySentAs = new Map(orders.map((order) => [order.sent_as, order]))
  for (const { account, clientOrderId, symbol, side, quantity } of truth.arrived()) {
    expect(truth.timesTaken(clientOrderId), `${clientOrderId} taken`).toBeLessThanOrEqual(1)
    const order = bySentAs.get(clientOrderId)
    expect([order?.account_id, order?.symbol, order?.side, order?.quantity]).toEqual([
      Number(account),
      symbol,
      side,
      quantity.toFixed(),
    ])
  }
  for (const order of orders) {
    const filled = filledBy(truth.fills().filter(({ clientOrderId }) => clientOrderId === order.sent_as))
    expect([order.client_order_id, order.filled_quantity]).toEqual([order.client_order_id, filled.toFixed()])
    expect([order.client_order_id, order.state === 'filled']).toEqual([
      order.client_order_id,
      filled.gte(order.quantity),
    ])
    // One request to buy, or to sell a part, leads to one order.
    if (order.purpose === 'open' || order.purpose === 'trim')
      expect(order.client_order_id).toMatch(/^(enter|trim)-(message-\d+|[\w-]*)$/)
  }
}

/**
 * The holding is the sum of the recorded fills and the venue's. Nothing is reserved, and protection is for exactly what is
 * open.
 */
async function expectPositionsToAgree(db: Db, truth: Truth): Promise<void> {
  const positions = await db.selectFrom('positions').selectAll().execute()
  const fills = await bookedFills(db)
  const protective = await db.selectFrom('protective_orders').selectAll().where('state', '=', 'working').execute()
  for (const [key, own] of Map.groupBy(positions, ({ account_id, symbol }) => `${account_id} ${symbol}`)) {
    const { account_id, symbol } = own[0]!
    const mine = fills.filter((fill) => fill.account_id === account_id && fill.symbol === symbol)
    const recorded = sum(mine.filter(({ venue }) => venue === 'desk').map(signedOf))
    const held = sum(own.map((position) => new Big(position.signed_quantity)))
    expect([key, held.toFixed()]).toEqual([key, recorded.plus(truth.net(String(account_id), symbol)).toFixed()])
    const realized = sum(own.map((position) => new Big(position.realized_pnl)))
    expect([key, realized.toFixed()]).toEqual([key, sum(mine.map((fill) => new Big(fill.realized_pnl))).toFixed()])
    expect(own.filter(({ closed_at }) => closed_at === null).length, `open positions in ${key}`).toBeLessThanOrEqual(1)
  }
  for (const { id, signed_quantity, working_quantity, resting_quantity, closed_at } of positions) {
    expect([id, working_quantity, resting_quantity]).toEqual([id, '0', '0'])
    expect([id, closed_at === null]).toEqual([id, signed_quantity !== '0'])
    const levels = protective.filter(({ position_id }) => position_id === id)
    for (const level of levels) expect([id, level.quantity]).toEqual([id, new Big(signed_quantity).abs().toFixed()])
    if (signed_quantity === '0') expect(levels).toEqual([])
  }
}

/** A scaleout has ended, and has sold no more than its quantity, except by an unexpected act of the venue. */
async function expectScaleoutsToAddUp(db: Db, truth: Truth): Promise<void> {
  const scaleouts = await db.selectFrom('scaleouts').selectAll().execute()
  const chunks = await db.selectFrom('scaleout_chunks').selectAll().execute()
  const orders = await db.selectFrom('orders').selectAll().where('chunk_id', 'is not', null).execute()
  for (const { id, state, total_quantity, sold_quantity } of scaleouts) {
    const own = chunks.filter(({ scaleout_id }) => scaleout_id === id)
    const sentAs = new Set(
      orders.filter(({ chunk_id }) => own.some((chunk) => chunk.id === chunk_id)).map(({ sent_as }) => sent_as),
    )
    const sold = truth.fills().filter(({ clientOrderId }) => sentAs.has(clientOrderId))
    expect([id, sold_quantity]).toEqual([id, filledBy(sold).toFixed()])
    expect(
      filledBy(sold)
        .minus(quantityOf(sold.filter(isSurprise)))
        .lte(total_quantity),
      `scaleout ${id} sold more`,
    ).toBe(true)
    expect(['complete', 'cancelled', 'stopped']).toContain(state)
    expect(own.filter((chunk) => chunk.state === 'waiting')).toEqual([])
  }
}

/** No exit has reversed a position by more than an unexpected act of the venue explains. */
function expectNothingBeyond(fills: FillRow[], truth: Truth): void {
  for (const [key, own] of Map.groupBy(fills, ({ account_id, symbol }) => `${account_id} ${symbol}`)) {
    let open = zero
    let beyond = zero
    for (const fill of own) {
      const after = open.plus(signedOf(fill))
      const isExit = fill.purpose !== 'record' && fill.purpose !== 'open' && fill.reverses === null
      if (isExit && (open.eq(0) || open.times(after).lt(0))) beyond = beyond.plus(after.abs())
      open = after
    }
    const { account_id, symbol } = own[0]!
    const surprises = surprisesOf(truth, String(account_id), symbol)
    expect(beyond.lte(surprises), `${key}: ${beyond} beyond what was there, and ${surprises} unforeseen`).toBe(true)
  }
}

/** Unexpected acts of the venue, on which no sender can count. A fill that races a cancel comes before the end of the order. */
const isSurprise = ({ cause }: TrueFill) => cause === 'late' || cause === 'overfill' || cause === 'bust'

const quantityOf = (fills: { quantity: Big }[]) => sum(fills.map(({ quantity }) => quantity))

function surprisesOf(truth: Truth, account: string, symbol: string): Big {
  return quantityOf(
    truth.fills().filter((fill) => fill.account === account && fill.symbol === symbol && isSurprise(fill)),
  )
}

/** The side to which a fill moves a position; a reversal moves it the other way. */
const movedSide = ({ side, reverses }: TrueFill) =>
  reverses === undefined ? side : side === 'buy' ? ('sell' as const) : ('buy' as const)

const signedOf = ({ side, quantity }: { side: string; quantity: string }): Big =>
  side === 'buy' ? new Big(quantity) : new Big(quantity).neg()

/** All fills in the order of their writing, with their orders. */
function bookedFills(db: Db) {
  return db
    .selectFrom('fills')
    .innerJoin('orders', 'orders.id', 'fills.order_id')
    .select(['fills.account_id', 'fills.venue', 'fills.venue_fill_id', 'fills.reverses', 'fills.symbol', 'fills.side'])
    .select(['fills.quantity', 'fills.price', 'fills.realized_pnl', 'orders.sent_as', 'orders.purpose'])
    .orderBy('fills.id')
    .execute()
}
