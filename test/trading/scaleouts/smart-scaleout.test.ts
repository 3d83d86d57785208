import { describe, expect } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import type { Bar } from '../../../src/market/market.ts'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import { planSmartScaleout } from '../../../src/trading/scaleouts/rules/smart-scaleout.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { expectBooksToAddUp } from '../orders/books.ts'
import { queued, runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test, desk, market } = deskTest({ worker: false, clock, timeScale: 1 })
test.beforeEach(async ({ alice }) => {
  await runToTheEnd(desk, clock)
  // A Friday, half an hour after the open: the exchange is open for another six hours.
  clock.set(new Date('2026-11-20T15:00:00Z').getTime())
  market.set('BYND', '1.01', '1.02')
  market.bars = async (symbol, minutes, count) => (symbol === 'BYND' ? halfAnHour(minutes).slice(-count) : [])
  await alice.say('long BYND 3750 @ .63')
})

/** Six bars of five minutes with 6,250 shares each, and prices that move by a tenth of a percent. */
function halfAnHour(minutes: number): Bar[] {
  if (minutes !== 5) return []
  const begins = clock.now().getTime() - 30 * 60_000
  return Array.from({ length: 6 }, (_, index) => ({
    at: new Date(begins + index * 5 * 60_000),
    open: new Big('1.000'),
    high: new Big('1.001'),
    low: new Big('1.000'),
    close: new Big('1.001'),
    volume: new Big(6250),
  }))
}

const db = () => desk.desk.parts.db
const theScaleout = () => db().selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
const chunks = async () =>
  db()
    .selectFrom('scaleout_chunks')
    .selectAll()
    .where('scaleout_id', '=', (await theScaleout()).id)
    .orderBy('number')
    .execute()
const total = async () => sum((await chunks()).map(({ quantity }) => new Big(quantity))).toFixed()
const lastDue = async () => (await chunks()).at(-1)!.due_at.getTime() - (await theScaleout()).started_at.getTime()

describe('a smart scaleout', () => {
  test('says how long it takes and what share of the volume it is, and keeps the plan that its seed draws', async ({
    alice,
  }) => {
    const said = await alice.say('scaleout smart')
    const { seed, chunk_count: count } = await theScaleout()
    // 3,750 is a twentieth of 75,000, which is twelve times 6,250: an hour.
    expect(said).toBe(
      `🔄 SCALEOUT INITIATED - BYND\nMode: SMART (1 h, 5.00% of the expected volume)\nTotal Quantity: 3,750\nChunks: ${count}\nEntry: $0.63\n💡 Progress updates will appear automatically\n· ${alice.name}`,
    )
    const plan = planSmartScaleout(
      new Big(3750),
      new Big(1),
      { volumes: Array(12).fill(6250), bucketMs: 300_000, volatility: Math.log(1.001), sessionMs: 390 * 60_000 },
      seed,
    )
    expect((await chunks()).map(({ number, quantity, delay_ms }) => [number, quantity, delay_ms])).toEqual(
      plan.chunks.map(({ number, quantity, delayMs }) => [number, quantity.toFixed(), delayMs]),
    )
  })

  test('is the fourth answer, and sells exactly the whole', async ({ alice }) => {
    await alice.say('scaleout')
    expect(await alice.say('4')).toContain('Mode: SMART')
    await runToTheEnd(desk, clock)
    expect((await queued(desk, alice.thread)).at(-1)).toContain('🎉 SCALEOUT COMPLETE')
    expect((await theScaleout()).sold_quantity).toBe('3750')
    await expectBooksToAddUp(desk)
  })

  test('ends before the exchange closes', async ({ alice }) => {
    clock.set(new Date('2026-11-20T20:38:00Z').getTime())
    expect(await alice.say('scaleout smart')).toContain('Mode: SMART (20 min, 15.00% of the expected volume)')
    expect(await lastDue()).toBeLessThanOrEqual(20 * 60_000)
    await alice.say('cancel scaleout')
    clock.set(new Date('2026-11-20T20:58:00Z').getTime())
    expect(await alice.say('scaleout smart')).toContain('Mode: SMART (2 min, 150.00% of the expected volume)')
    expect(await lastDue()).toBeLessThanOrEqual(2 * 60_000)
  })

  test('puts a chunk off while the spread is wide, and those behind it as far', async ({ alice }) => {
    await alice.say('scaleout smart')
    const before = await chunks()
    const { defer_ms: deferMs } = await theScaleout()
    market.set('BYND', '1.00', '1.03')
    await runNextChunk(desk, clock)
    const after = await chunks()
    expect(after.map(({ due_at }, index) => due_at.getTime() - before[index]!.due_at.getTime())).toEqual(
      after.map(() => deferMs),
    )
    expect((await theScaleout()).done_chunks).toBe(0)
    market.set('BYND', '1.01', '1.02')
    await runNextChunk(desk, clock)
    expect((await theScaleout()).done_chunks).toBe(1)
  })

  test('sells half of a chunk when the spread stays wide, and leaves the rest to the next', async ({ alice }) => {
    await alice.say('scaleout smart')
    const [first, second] = await chunks()
    market.set('BYND', '1.00', '1.03')
    for (let look = 0; look < 3; look++) await runNextChunk(desk, clock)
    const sold = Math.floor(Number(first!.quantity) / 2)
    expect((await theScaleout()).sold_quantity).toBe(String(sold))
    expect((await chunks())[1]!.quantity).toBe(String(Number(second!.quantity) + Number(first!.quantity) - sold))
    expect(await total()).toBe('3750')
  })

  test('sells the whole by a quarter of its time later, however wide the spread stays', async ({ alice }) => {
    await alice.say('scaleout smart')
    market.set('BYND', '0.90', '1.10')
    await runToTheEnd(desk, clock)
    const { sold_quantity, state, started_at } = await theScaleout()
    expect([sold_quantity, state]).toEqual(['3750', 'complete'])
    expect(await total()).toBe('3750')
    expect(clock.now().getTime() - started_at.getTime()).toBeLessThanOrEqual(75 * 60_000)
    await expectBooksToAddUp(desk)
  })

  test('is put off once by two workers that look at the same time', async ({ alice }) => {
    await alice.say('scaleout smart')
    const { defer_ms: deferMs } = await theScaleout()
    market.set('BYND', '1.00', '1.03')
    const [first] = await waitingChunks(db())
    clock.set(first!.dueAt)
    await Promise.all([1, 2, 3, 4].map(() => runChunk(desk.desk.parts, first!.id)))
    const [after] = await chunks()
    expect(after!.due_at.getTime() - first!.dueAt.getTime()).toBe(deferMs)
    expect(after!.adapted).toBe(1)
  })

  test('of one symbol with bars and one without starts neither', async ({ alice }) => {
    await alice.say('long AAPL 10 @ 190')
    expect(await alice.say('scaleout all smart')).toContain('has no bars of AAPL')
    const running = await db().selectFrom('scaleouts').select('id').where('state', '=', 'running').execute()
    expect(running).toEqual([])
  })

  test('that cannot be told any bars is refused like one without', async ({ alice }) => {
    market.bars = async () => {
      throw new Error('the source is away')
    }
    expect(await alice.say('scaleout smart')).toContain('so a smart scaleout cannot be planned.')
  })
})
