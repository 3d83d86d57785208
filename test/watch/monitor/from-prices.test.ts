import Big from 'big.js'
import { describe, expect, vi } from 'vitest'
import { startWorker } from '../../../jobs/worker.ts'
import type { Bar } from '../../../src/market/market.ts'
import { handMarket, openTestDesk } from '../../support/desk.ts'
import { freshDeskTest } from '../../support/desk-test.ts'

/** Each row of the table of events is raised here by prices, bars and time. The tests call only the chat. */

const morning = new Date('2026-11-19T10:00:00Z')
let now = morning
/** Bars of 15 minutes. */
const bars = new Map<string, Bar[]>()
const clock = { now: () => new Date(now), scale: 1 }

const { test, desk } = freshDeskTest({ clock, monitorEveryMs: 100 }, () => {
  now = morning
  bars.clear()
  desk.market.bars = async (symbol, minutes) => (minutes === 15 ? (bars.get(symbol) ?? []) : [])
})

async function events(type?: string) {
  const rows = await desk.desk.parts.db.selectFrom('desk_events').selectAll().orderBy('id').execute()
  return rows.filter((row) => (type ? row.type === type : /^(position|trading|risk)\./.test(row.type)))
}

/** Waits for a number of events of a type, and returns their data. */
async function arise(type: string, count = 1) {
  await vi.waitFor(async () => expect(await events(type)).toHaveLength(count), 8000)
  return (await events(type)).map((row) => row.data as Record<string, unknown>)
}

/** Waits until the marks are newer than now, so that all earlier sweeps are over. */
async function swept() {
  const since = new Date(now.getTime() + 1)
  now = new Date(since)
  await vi.waitFor(async () => {
    const { db } = desk.desk.parts
    const rows = await db
      .selectFrom('positions as p')
      .leftJoin('position_watch as w', 'w.position_id', 'p.id')
      .where('p.closed_at', 'is', null)
      .select('w.marked_at')
      .execute()
    expect(rows.every((row) => row.marked_at !== null && row.marked_at >= since)).toBe(true)
  }, 8000)
}

function set(symbol: string, price: string) {
  desk.market.set(symbol, price)
}

const isFlat = () => vi.waitFor(async () => expect(await desk.say('positions')).toContain('No open positions'))

describe('stops and targets', () => {
  test('a price within 2% of the stop of a long position is said once, and again after it was 3% away', async () => {
    await desk.say('long BYND 3750 @ 1.01')
    await desk.say('stop .55')
    set('BYND', '0.562')
    await swept()
    expect(await events('position.stop_approaching')).toHaveLength(0)
    set('BYND', '0.561')
    const [data] = await arise('position.stop_approaching')
    expect(data).toMatchObject({ price: '0.561', stop: '0.55', signedQuantity: '3750' })
    for (const price of ['0.563', '0.56', '0.5625', '0.559']) set('BYND', price)
    await swept()
    expect(await events('position.stop_approaching')).toHaveLength(1)
    set('BYND', '0.58')
    set('BYND', '0.56')
    await arise('position.stop_approaching', 2)
  })

  test('a stop that is touched closes the position, and is an event once', async () => {
    await desk.say('long BYND 3750 @ 1.01')
    await desk.say('stop .95')
    set('BYND', '0.95')
    await isFlat()
    expect(await arise('trading.stop_loss_triggered')).toMatchObject([{ level: '0.95', price: '0.95' }])
  })

  test('a target that comes near, and is touched, of a short position', async () => {
    await desk.say('short BYND 100 @ 1.01')
    await desk.say('target .90')
    set('BYND', '0.96')
    await swept()
    expect(await events('position.target_approaching')).toHaveLength(0)
    set('BYND', '0.947')
    expect(await arise('position.target_approaching')).toMatchObject([{ target: '0.9', signedQuantity: '-100' }])
    set('BYND', '0.9')
    expect(await arise('trading.take_profit_hit')).toMatchObject([{ level: '0.9' }])
    await isFlat()
  })

  test('a trailing stop goes with the price, and is touched where it has gone', async () => {
    await desk.say('long BYND 100 @ 1.01')
    await desk.say('trail 4%')
    const level = async () =>
      (await desk.desk.parts.db.selectFrom('protective_orders').select('price').executeTakeFirstOrThrow()).price
    await vi.waitFor(async () => {
      // The tick is repeated, because the first may come before the monitor has read the new stop.
      set('BYND', '1.04')
      expect(await level()).toBe('0.9984')
    }, 8000)
    set('BYND', '1.02')
    set('BYND', '0.9985')
    await swept()
    expect(await level()).toBe('0.9984')
    expect(await events('trading.stop_loss_triggered')).toHaveLength(0)
    set('BYND', '0.9984')
    expect(await arise('trading.stop_loss_triggered')).toMatchObject([{ level: '0.9984' }])
  })

  test('what happened while nobody watched is found by the sweep', async () => {
    const other = await openTestDesk({ worker: false, clock, market: handMarket(clock.now) })
    try {
      await other.say('long BYND 100 @ 1.01')
      await other.say('stop .95')
      other.market.set('BYND', '0.80')
      const worker = startWorker(other.desk, { monitorEveryMs: 100 })
      await vi.waitFor(async () => expect(await other.say('positions')).toContain('No open positions'), 8000)
      await worker.close()
    } finally {
      await other.close()
    }
  })

  test('on a price that is not fresh nothing is touched', async () => {
    await desk.say('long BYND 100 @ 1.01')
    await desk.say('stop .95')
    desk.market.stale('BYND', 'the market is closed')
    now = new Date(now.getTime() + 80 * 3_600_000)
    // Only a sweep raises an event when time passes without a price, so this event proves that it ran.
    await arise('position.time_decay')
    expect(await events('trading.stop_loss_triggered')).toHaveLength(0)
  })
})

describe('the other rows of the table', () => {
  test('each milestone is said once, and what a recorded position brought along is none', async () => {
    await desk.say('long BYND 100 @ 0.95')
    set('BYND', '1.04')
    await swept()
    expect(await events('position.profit_milestone')).toHaveLength(0)
    set('BYND', '1.045')
    expect(await arise('position.profit_milestone')).toMatchObject([{ milestone: '0.1' }])
    set('BYND', '1.02')
    set('BYND', '1.05')
    set('BYND', '1.15')
    expect(await arise('position.profit_milestone', 2)).toMatchObject([{}, { milestone: '0.2' }])
    expect((await events('position.profit_milestone')).map((row) => row.urgency)).toEqual(['MEDIUM', 'HIGH'])
    set('BYND', '1.91')
    expect(await arise('position.profit_milestone', 3)).toMatchObject([{}, {}, { milestone: '1' }])
  })

  test('a position that is open for longer than 72 hours, then once a day', async () => {
    await desk.say('long BYND 100')
    now = new Date(now.getTime() + 72 * 3_600_000 - 60_000)
    await swept()
    expect(await events('position.time_decay')).toHaveLength(0)
    now = new Date(now.getTime() + 120_000)
    expect(await arise('position.time_decay')).toMatchObject([{ hoursOpen: 72 }])
    await swept()
    now = new Date(now.getTime() + 24 * 3_600_000)
    expect(await arise('position.time_decay', 2)).toMatchObject([{}, { hoursOpen: 96 }])
  })

  test('a swing low that a finished bar closes through', async () => {
    await desk.say('long BYND 100')
    const lows = [1.0, 0.98, 0.95, 0.97, 0.99, 0.98, 0.96]
    bars.set(
      'BYND',
      lows.map((low, index) => bar(index - lows.length, low + 0.03, low, low + 0.01)),
    )
    await swept()
    expect(await events('position.thesis_invalidation')).toHaveLength(0)
    now = new Date(now.getTime() + 15 * 60_000)
    bars.get('BYND')!.push(bar(0, 0.97, 0.93, 0.94))
    expect(await arise('position.thesis_invalidation')).toMatchObject([
      { level: '0.95', because: 'a bar closed at $0.94, below the swing low $0.95' },
    ])
  })

  test('a market that becomes restless, and positions that move together', async () => {
    await desk.say('long BYND 100')
    await desk.say('long AAPL 1')
    const together = (restless: number) =>
      Array.from({ length: 60 }, (_, index) => {
        const wave = Math.sin(index * 2.4) + Math.sin(index * 0.9)
        const close = 100 * (1 + (index >= 50 ? restless : 0.001) * wave)
        return bar(index - 60, close * 1.001, close * 0.999, close)
      })
    bars.set('BYND', together(0.001))
    bars.set('AAPL', together(0.001))
    now = new Date(now.getTime() + 60_000)
    await arise('position.correlation_spike')
    expect(await events('position.volatility_spike')).toHaveLength(0)
    now = new Date(now.getTime() + 15 * 60_000)
    bars.set('BYND', together(0.05))
    const [data] = await arise('position.volatility_spike')
    expect(Number(data!.value)).toBeGreaterThan(2)
    expect((await events()).map((row) => row.urgency)).toEqual(['LOW', 'LOW'])
  })

  test('an account that loses 5% in a day trips its breaker once, and only for what it lost that day', async () => {
    // Bought for $20,000 too much elsewhere: no loss of this day.
    await desk.say('long BYND 10000 @ 3.01')
    await swept()
    expect(await events('risk.circuit_breaker_tripped')).toHaveLength(0)
    // The day begins with $80,000, so $4,000 is the limit.
    set('BYND', '0.62')
    await swept()
    expect(await events('risk.circuit_breaker_tripped')).toHaveLength(0)
    set('BYND', '0.61')
    expect(await arise('risk.circuit_breaker_tripped')).toMatchObject([{ loss: '0.05', limit: '0.05' }])
    await vi.waitFor(async () => expect(await desk.say('positions')).toContain('HALTED'), 8000)
    expect(await events('risk.circuit_breaker_tripped')).toHaveLength(1)
  })
})

test('an account whose loss is realized trips its breaker too, with nothing open any more', async () => {
  await desk.say('long BYND 10000 @ 1.01')
  set('BYND', '0.51')
  await desk.say('close BYND now')
  expect(await arise('risk.circuit_breaker_tripped')).toMatchObject([{ loss: '0.05' }])
  await vi.waitFor(async () => expect(await desk.say('positions')).toContain('HALTED'), 8000)
})

test('positions are marked, with the best and the worst that they were worth', async () => {
  await desk.say('long BYND 100 @ 1')
  for (const price of ['1.04', '0.97', '1.02']) {
    set('BYND', price)
    await swept()
  }
  const row = await desk.desk.parts.db.selectFrom('position_watch').selectAll().executeTakeFirstOrThrow()
  const { mark, unrealized_pnl, best_return, worst_return } = row
  expect([mark, unrealized_pnl, best_return, worst_return]).toEqual(['1.02', '2', '0.04', '-0.03'])
})

function bar(index: number, high: number, low: number, close: number): Bar {
  const decimal = (value: number) => new Big(value.toFixed(6))
  return {
    at: new Date(Date.parse('2026-11-19T10:00:00Z') + index * 15 * 60_000),
    open: decimal(close),
    high: decimal(high),
    low: decimal(low),
    close: decimal(close),
    volume: new Big(1000),
  }
}
