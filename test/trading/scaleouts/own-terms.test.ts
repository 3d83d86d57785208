import { describe, expect } from 'vitest'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { expectBooksToAddUp } from '../orders/books.ts'
import { queued, runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

const minute = 60_000
const start = Date.parse('2026-11-20T15:00:00Z')
/** A Friday, ten in the morning in New York. */
const clock = handClock(new Date(start), 1)
const { test, desk, market } = deskTest({ worker: false, clock, timeScale: 1 })
test.beforeEach(async ({ alice }) => {
  market.set('BYND', '1.01', '1.02')
  await runToTheEnd(desk, clock)
  clock.set(start)
  await alice.say('long BYND 1200 @ .63')
})

const db = () => desk.desk.parts.db
const scaleouts = () => db().selectFrom('scaleouts').selectAll().orderBy('id').execute()
const theScaleout = async () => (await scaleouts()).at(-1)!
const chunksOf = (id: number) =>
  db().selectFrom('scaleout_chunks').selectAll().where('scaleout_id', '=', id).orderBy('number').execute()
const waits = async () => (await chunksOf((await theScaleout()).id)).map(({ delay_ms }) => delay_ms)
const length = async () => (await waits()).reduce((all, one) => all + one, 0)

describe('a scaleout with terms of its own', () => {
  test.for([
    ['scaleout bynd over 2 hours', 120, 24, 'CUSTOM (2 h)'],
    ['so bynd over the next 2 hours', 120, 24, 'CUSTOM (2 h)'],
    ['sell bynd over 2h', 120, 24, 'CUSTOM (2 h)'],
    ['scaleout bynd over 45m 12 chunks', 45, 12, 'CUSTOM (45 min)'],
    ['scaleout bynd in 20 chunks over an hour and a half', 90, 20, 'CUSTOM (1 h 30 min)'],
    ['scaleout bynd over 2 and a half hours', 150, 30, 'CUSTOM (2 h 30 min)'],
    ['scaleout bynd over 2h 30m chunks 10', 150, 10, 'CUSTOM (2 h 30 min)'],
    ['scaleout half bynd over 30 mins in 8 pieces', 30, 8, 'CUSTOM (30 min)'],
    ['so bynd by 11am', 60, 12, 'CUSTOM (1 h)'],
    ['so bynd until 10:30', 30, 6, 'CUSTOM (30 min)'],
    ['scaleout bynd within 40 minutes', 40, 8, 'CUSTOM (40 min)'],
    ['scaleout bynd by the close', 359, 40, 'CUSTOM (5 h 59 min)'],
  ] as const)('begins now, with what was said: %j', async ([text, minutes, chunks, mode], { alice }) => {
    const quantity = text.includes('half bynd') ? '600' : '1,200'
    expect(await alice.say(text)).toContain(
      `🔄 SCALEOUT INITIATED - BYND\nMode: ${mode}\nTotal Quantity: ${quantity}\n`,
    )
    expect(await theScaleout()).toMatchObject({ chunk_count: chunks, length_ms: minutes * minute, state: 'running' })
    expect(await length()).toBeLessThanOrEqual(minutes * minute)
    expect(await length()).toBeGreaterThanOrEqual(minutes * minute * 0.95)
    const all = await waits()
    expect(Math.max(...all)).toBeGreaterThan(Math.min(...all) * 1.1)
    expect(await alice.say('tasks')).toContain(`BYND ${mode} `)
  })

  test('asks for the speed when only the count is said, and offers only what fits', async ({ alice }) => {
    const asked = await alice.say('scaleout bynd in 20 chunks')
    expect(asked).toContain(
      '  1️⃣  FAST - Next 1-3 minutes (20 chunks)\n  2️⃣  MEDIUM - Next 10-15 minutes (20 chunks)\n  3️⃣  SLOW - Next hour (20 chunks)\n  4️⃣  CUSTOM',
    )
    expect(await alice.say('3')).toContain('Mode: SLOW (55-70 minutes)\nTotal Quantity: 1,200\nChunks: 20\n')
    expect(await length()).toBeLessThanOrEqual(70 * minute)
    expect(await length()).toBeGreaterThanOrEqual(55 * minute)
    await alice.say('cancel scaleout')
    expect(await alice.say('scaleout bynd 40 chunks')).toContain('1️⃣  MEDIUM - Next 10-15 minutes (40 chunks)')
  })

  test.for([
    ['scaleout bynd fast over 2 hours', 'FAST takes 1-3 minutes, and 2 h is another length.'],
    ['scaleout bynd smart by 3pm', 'SMART chooses its own time, and 5 h is another length.'],
    ['scaleout bynd over 2 hours by 3pm', 'Those are two ends.'],
    ['scaleout bynd smart in 20 chunks', 'A smart scaleout chooses its chunks by the volume.'],
    ['scaleout bynd fast in 40 chunks', '40 chunks do not fit into 1-3 minutes: at most 20 do, one every 3 s.'],
    ['scaleout bynd over 1m 50 chunks', '50 chunks do not fit into 1 min: at most 19 do, one every 3 s.'],
    ['scaleout bynd over 2 hours in 500 chunks', 'A scaleout has from 2 to 100 chunks.'],
    ['scaleout bynd over 1h 1 chunk', 'A scaleout has from 2 to 100 chunks.'],
    ['scaleout bynd over 30 s', 'A scaleout takes from 1 min to 24 h.'],
    ['scaleout bynd over 7 hours', 'In 7 h the exchange is closed. Nothing was started.'],
    ['scaleout bynd over 2 days', 'I did not understand'],
    ['scaleout bynd by 9am', '9:00 AM EST has passed already'],
    ['scaleout bynd by 9pm', 'The exchange closes at 4:00 PM EST'],
    ['scaleout bynd fast floor .60 cap 1.20', 'both do not fit'],
    ['scaleout bynd fast cap 1.20', 'a cap does not limit a sale'],
    ['scaleout bynd fast floor 0', 'The price must be more than zero.'],
    ['buy 10 bynd over 2 hours', 'Nothing was done.'],
    ['buy 10 bynd floor .60', 'Nothing was done.'],
  ] as const)('is refused with the reason: %j', async ([text, reason], { alice }) => {
    const before = (await scaleouts()).length
    expect(await alice.say(text)).toContain(reason)
    expect(await scaleouts()).toHaveLength(before)
    expect(await alice.say('positions')).toContain('LONG 1,200 BYND')
  })

  test('of several positions is one length for all of them', async ({ alice }) => {
    await alice.say('long AAPL 60 @ 190')
    expect(await alice.say('scaleout BYND AAPL over 2 hours')).toMatch(
      /^🔄 SCALEOUT INITIATED - 2 positions\nMode: CUSTOM \(2 h\)\nBYND .* 0\/24 /,
    )
    const two = (await scaleouts()).slice(-2)
    expect(two.map(({ chunk_count, length_ms }) => [chunk_count, length_ms])).toEqual([
      [24, 120 * minute],
      [24, 120 * minute],
    ])
    expect(two[0]!.seed).not.toBe(two[1]!.seed)
    await runNextChunk(desk, clock)
    const edit = await db()
      .selectFrom('replies')
      .select('body')
      .where('kind', '=', 'edit')
      .orderBy('id', 'desc')
      .execute()
    expect(edit[0]!.body.text).toContain('Mode: CUSTOM (2 h)')
    await alice.say('cancel scaleout all')
    expect(await alice.say('scaleout BYND AAPL over 2 hours floor .60')).toContain(
      'One floor does not fit several positions. Nothing was started.',
    )
  })

  test.for(['scaleout all over 2 hours', 'close all over 2 hours', 'sell everything over 2h'])(
    'of everything is about every position, and not the one of the thread: %j',
    async (text, { alice }) => {
      await alice.say('long AAPL 60 @ 190')
      expect(await alice.say(text)).toContain('🔄 SCALEOUT INITIATED - 2 positions\nMode: CUSTOM (2 h)\n')
    },
  )

  test('can be for later', async ({ alice }) => {
    expect(await alice.say('scaleout bynd at 10:30 over 2 hours 12 chunks floor .60')).toContain(
      '⏰ SCALE OUT of BYND, CUSTOM (2 h), 12 chunks, floor of $0.60 at 10:30 AM EST',
    )
    const row = await db()
      .selectFrom('scheduled_orders')
      .select('given')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(row.given).toMatchObject({ symbol: 'BYND', length: '120m', chunks: '12', floor: '0.6' })
    expect(await alice.say('scaleout bynd at 10:30 by 3pm')).toContain('`at 10:30 over 2 hours`')
    expect(await alice.say('scaleout bynd at 11 am fast over 2 hours')).toContain('2 h is another length')
  })

  test('comes from the form of a platform as from words', async ({ alice }) => {
    const options = { symbol: 'BYND', length: '45m', chunks: '12', floor: '.60' }
    expect(await alice.command('scaleout', options)).toContain('Mode: CUSTOM (45 min)')
    expect(await theScaleout()).toMatchObject({ chunk_count: 12, bound_price: '0.6', length_ms: 45 * minute })
  })
})

describe('a floor', () => {
  const began = '🔄 SCALEOUT INITIATED - BYND\nMode: CUSTOM (45 min)\nTotal Quantity: 1,200\nChunks: 12\nEntry: $0.63\n'

  /** Looks at the next chunk at this many minutes after the start. */
  const lookAt = async (minutes: number) => {
    clock.set(start + minutes * minute)
    const id = (await theScaleout()).id
    const next = (await waitingChunks(db())).find(({ scaleoutId }) => scaleoutId === id)
    // Several workers may look at the same time.
    if (next) await Promise.all([1, 2, 3].map(() => runChunk(desk.desk.parts, next.id)))
  }

  test('lets chunks wait while the bid is below it, says so once, and goes on by itself', async ({ alice }) => {
    const said = await alice.say('scaleout bynd over 45m 12 chunks floor .60')
    expect(said).toContain(began)
    expect(await alice.say('tasks')).toContain('· at most 45 min left')
    expect(await alice.say('task 1')).toContain('With a floor of $0.60\n')
    expect(said).toContain(
      'Floor of $0.60 - while the bid is below it, chunks wait; what is left when its time is over stays',
    )
    await runNextChunk(desk, clock)
    market.set('BYND', '0.59', '0.60')
    for (const minutes of [10, 11, 20]) await lookAt(minutes)
    expect((await theScaleout()).sold_quantity).toBe('100')
    const told = (await queued(desk, alice.thread)).filter((text) => text.includes('waits'))
    expect(told).toEqual([
      '⏳ Chunk 2/12 of BYND waits: the bid $0.59 is below the floor of $0.60\nIt goes on by itself when the price is back. What is left when its time is over stays.',
    ])
    market.set('BYND', '0.60', '0.61')
    await lookAt(21)
    expect((await theScaleout()).sold_quantity).toBe('200')
    const { id, bound_until } = await theScaleout()
    const rest = (await chunksOf(id)).filter(({ state }) => state === 'waiting').map(({ due_at }) => due_at.getTime())
    expect(bound_until!.getTime()).toBe(start + 45 * minute)
    expect(rest).toEqual(rest.toSorted((a, b) => a - b))
    expect(rest[0]).toBeGreaterThan(start + 21 * minute)
    expect(rest.at(-1)).toBeLessThanOrEqual(bound_until!.getTime())
    await runToTheEnd(desk, clock)
    expect(await theScaleout()).toMatchObject({ state: 'complete', sold_quantity: '1200' })
    await expectBooksToAddUp(desk)
  })

  test('leaves the rest at the end of its time, and says what was sold and what stays', async ({ alice }) => {
    await alice.say('scaleout bynd over 45m 12 chunks floor .60')
    await runNextChunk(desk, clock)
    market.set('BYND', '0.59', '0.60')
    await lookAt(30)
    await lookAt(44)
    expect((await theScaleout()).state).toBe('running')
    await lookAt(45)
    expect((await queued(desk, alice.thread)).at(-1)).toBe(
      '🛑 SCALEOUT CANCELLED - BYND (its time is over, and the price is below the floor of $0.60; the rest stays)\nSold 100 of 1,200 in 1/12 chunks\nTotal P&L: $+38.00\nPosition: LONG 1,100 BYND @ $0.63',
    )
    expect(await theScaleout()).toMatchObject({ state: 'cancelled', sold_quantity: '100' })
    market.set('BYND', '0.70')
    await lookAt(46)
    expect((await theScaleout()).sold_quantity).toBe('100')
    await expectBooksToAddUp(desk)
  })

  test('does not keep a chunk that is only late, as after a downtime', async ({ alice }) => {
    await alice.say('scaleout bynd over 45m 12 chunks floor .60')
    await lookAt(300)
    expect((await theScaleout()).sold_quantity).toBe('100')
    await runToTheEnd(desk, clock)
    expect(await theScaleout()).toMatchObject({ state: 'complete', sold_quantity: '1200' })
  })

  test('ends a scaleout that waits for prices, too', async ({ alice }) => {
    await alice.say('scaleout bynd over 45m 12 chunks floor .60')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    await lookAt(20)
    expect((await theScaleout()).state).toBe('paused')
    await lookAt(46)
    market.stale('BYND')
    expect((await queued(desk, alice.thread)).at(-1)).toContain(
      'its time is over, and the quote is 60 s old (limit 15 s); the rest stays',
    )
  })

  test('belongs to any speed, and is told by the question', async ({ alice }) => {
    expect(await alice.say('scaleout bynd floor .60')).toContain(
      'Position: LONG 1,200 BYND @ $0.63\nWith a floor of $0.60\n',
    )
    expect(await alice.say('1')).toContain('Floor of $0.60')
    expect(await theScaleout()).toMatchObject({ speed: 'fast', bound_price: '0.6', length_ms: null })
    expect((await theScaleout()).bound_until!.getTime()).toBe(start + 3 * minute)
  })
})

test('a cap lets the chunks of a short position wait while the ask is above it', async ({ bob }) => {
  await bob.say('short BYND 100 @ 1.50')
  expect(await bob.say('so bynd fast floor 1')).toContain('a floor does not limit a purchase')
  expect(await bob.say('so bynd over 30m 5 chunks cap at 1.20')).toContain('Cap of $1.20 - while the ask is above it')
  market.set('BYND', '1.20', '1.21')
  await runNextChunk(desk, clock)
  expect(await theScaleout()).toMatchObject({ side: 'buy', sold_quantity: '0' })
  expect((await queued(desk, bob.thread)).at(-1)).toContain('the ask $1.21 is above the cap of $1.20')
  market.set('BYND', '1.19', '1.20')
  await runToTheEnd(desk, clock)
  expect(await theScaleout()).toMatchObject({ state: 'complete', sold_quantity: '100' })
})
