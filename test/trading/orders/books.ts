import { sql } from 'kysely'
import { expect } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { isLive } from '../../../src/trading/orders/rules/order-lifecycle.ts'
import type { TestDesk } from '../../support/desk.ts'

/** Does anything still run: a scaleout, or an order that has no end and does not rest with its limit at the venue? */
export async function isAtRest({ desk }: TestDesk): Promise<boolean> {
  const { db } = desk.parts
  const running = await db.selectFrom('scaleouts').select('id').where('state', 'in', ['running', 'paused']).execute()
  const orders = await db.selectFrom('orders').select(['state', 'limit_price']).execute()
  const moving = orders.filter((order) => isLive(order) && !(order.limit_price && rests.has(order.state)))
  return running.length === 0 && moving.length === 0
}

const rests = new Set(['working', 'partly_filled'])

/**
 * Goes through everything that a desk at rest has written down and expects that it adds up: nothing was sold that was
 * not there, every fill is in the venue's book once, every scaleout has one end, and no two have waited for each other. For desks on which positions are
 * only opened, added to and exited (a correction moves a position without a fill).
 */
export async function expectBooksToAddUp(desk: TestDesk): Promise<void> {
  const { db } = desk.desk.parts
  const positions = await db.selectFrom('positions').selectAll().execute()
  const orders = await db.selectFrom('orders').selectAll().execute()
  const fills = await db.selectFrom('fills').selectAll().orderBy('id').execute()
  const scaleouts = await db.selectFrom('scaleouts').selectAll().execute()
  const events = await db.selectFrom('desk_events').select(['type', 'scaleout_id']).execute()
  const venue = await db.selectFrom('paper_fills').selectAll().execute()

  const waits = await sql<{ deadlocks: number }>`
    select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db)
  expect(waits.rows).toEqual([{ deadlocks: 0 }])

  for (const position of positions) {
    const own = fills.filter((fill) => fill.position_id === position.id)
    const opening = own[0]!.side
    let open = zero
    for (const fill of own) {
      open = fill.side === opening ? open.plus(fill.quantity) : open.minus(fill.quantity)
      expect(open.gte(0), `position ${position.id} beyond zero`).toBe(true)
    }
    expect(new Big(position.signed_quantity).abs().toFixed()).toBe(open.toFixed())
    expect(position.realized_pnl).toBe(total(own.map((fill) => fill.realized_pnl)))
    expect(position.working_quantity).toBe('0')
    expect(position.resting_quantity).toBe('0')
    expect(position.closed_at === null).toBe(!open.eq(0))
  }

  // The desk recorded each fill of the venue once, on the right order.
  const exits = orders.filter((order) => order.purpose !== 'record' && order.state === 'filled')
  const byOrder = new Map(orders.map((order) => [order.id, order]))
  expect(exits.map((order) => order.sent_as).sort()).toEqual(venue.map((fill) => fill.client_order_id).sort())
  for (const fill of venue) {
    const recorded = fills.filter((one) => one.venue_fill_id === fill.venue_fill_id)
    expect(recorded).toHaveLength(1)
    expect([recorded[0]!.quantity, recorded[0]!.price]).toEqual([fill.quantity, fill.price])
    expect(byOrder.get(recorded[0]!.order_id)!.sent_as).toBe(fill.client_order_id)
  }

  // An order has one outcome, here and at the venue: filled with one fill within its limit, or over without a fill.
  const book = new Map(
    (await db.selectFrom('paper_orders').selectAll().execute()).map((row) => [row.client_order_id, row]),
  )
  for (const order of orders) {
    const own = fills.filter((fill) => fill.order_id === order.id)
    expect(own, `fills of order ${order.id}, ${order.state}`).toHaveLength(order.state === 'filled' ? 1 : 0)
    expect([order.filled_quantity, order.filled_value, order.realized_pnl], `what order ${order.id} came to`).toEqual([
      total(own.map((fill) => fill.quantity)),
      sum(own.map((fill) => new Big(fill.quantity).times(fill.price))).toFixed(),
      total(own.map((fill) => fill.realized_pnl)),
    ])
    const there = book.get(order.sent_as)
    if (there)
      expect([order.client_order_id, there.state === 'filled', there.filled_quantity]).toEqual([
        order.client_order_id,
        order.state === 'filled',
        order.filled_quantity,
      ])
    if (order.limit_price === null || !own[0]) continue
    const [price, bound] = [new Big(own[0].price), new Big(there!.limit_price!)]
    expect(order.side === 'sell' ? price.gte(bound) : price.lte(bound), 'within its limit').toBe(true)
  }

  const chunks = await db.selectFrom('scaleout_chunks').selectAll().execute()
  for (const scaleout of scaleouts) {
    const own = chunks.filter((chunk) => chunk.scaleout_id === scaleout.id)
    const sold = fills.filter((fill) => own.some((chunk) => chunk.id === byOrder.get(fill.order_id)!.chunk_id))
    expect(['complete', 'cancelled', 'stopped']).toContain(scaleout.state)
    expect(scaleout.ended_at).not.toBeNull()
    expect(scaleout.sold_quantity).toBe(total(sold.map((fill) => fill.quantity)))
    expect(scaleout.realized_pnl).toBe(total(sold.map((fill) => fill.realized_pnl)))
    expect(scaleout.done_chunks).toBe(sold.length)
    expect(new Big(scaleout.sold_quantity).lte(scaleout.total_quantity)).toBe(true)
    expect(own.some((chunk) => chunk.state === 'waiting')).toBe(false)
    const ends = events.filter(
      ({ type, scaleout_id }) =>
        scaleout_id === scaleout.id && (type === 'scaleout_complete' || type === 'scaleout_cancelled'),
    )
    expect(ends.map(({ type }) => type)).toEqual(
      { complete: ['scaleout_complete'], cancelled: ['scaleout_cancelled'], stopped: [] }[scaleout.state as 'complete'],
    )
  }
}

const total = (amounts: string[]) => sum(amounts.map((amount) => new Big(amount))).toFixed()
