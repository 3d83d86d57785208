import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { repliesTo } from '../../../src/talk/wording/index.ts'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import { planScaleout } from '../../../src/trading/scaleouts/rules/scaleout-plan.ts'
import { startScaleout } from '../../../src/trading/scaleouts/start-scaleout.ts'
import type { NoAnswer, VenueRefusal } from '../../../src/venues/venue.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { refused, unanswered } from '../../support/venue-answers.ts'
import { queued, runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

/** Taken from the front, one for each order that reaches the venue; with none left it fills. */
let failures: (VenueRefusal | NoAnswer)[]

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({
  worker: false,
  clock,
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      return failures.shift() ?? paper.submit(order)
    },
  }),
})
test.beforeEach(async () => {
  failures = []
  market.set('BYND', '1.01')
  market.stale('BYND')
  await runToTheEnd(desk, clock)
})

const events = async (type?: string) => {
  const rows = await desk.desk.parts.db.selectFrom('desk_events').selectAll().orderBy('id').execute()
  const last = rows.at(-1)?.account_id
  return rows.filter((row) => row.account_id === last && (!type || row.type === type))
}

describe('the conversation of the plan', () => {
  /** Draws 8 chunks of 3,750. */
  const seed = Array.from({ length: 100 }, (_, index) => index).find(
    (one) => planScaleout(new Big(3750), new Big(1), 'fast', one).length === 8,
  )!

  test('is told to the letter, fill by fill', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    const ids = await desk.desk.parts.db
      .selectFrom('positions as p')
      .innerJoin('accounts as a', 'a.id', 'p.account_id')
      .select(['p.account_id as accountId', 'a.member_id as memberId', 'p.conversation_id as conversationId'])
      .orderBy('p.id', 'desc')
      .executeTakeFirstOrThrow()
    const started = startScaleout(desk.desk.parts, {
      ...ids,
      conversationId: ids.conversationId!,
      symbol: 'BYND',
      speed: 'fast',
      seed,
      quantity: (position) => position.signedQuantity,
    })
    expect(await repliesTo(started)).toMatchObject([
      {
        text: '🔄 SCALEOUT INITIATED - BYND\nMode: FAST (1-3 minutes)\nTotal Quantity: 3,750\nChunks: 8\nEntry: $0.63\n💡 Progress updates will appear automatically',
      },
    ])
    for (const bid of ['1.01', '1.02', '1.02', '1.02', '1.02', '1.03', '1.03', '1.03']) {
      market.set('BYND', bid)
      await runNextChunk(desk, clock)
    }
    expect(await queued(desk, alice.thread)).toEqual([
      '✓ Chunk 1/8: Sold 468 BYND @ $1.01\nP&L: $+177.84 | Remaining: 3,282 | Total P&L: $+177.84',
      '✓ Chunk 2/8: Sold 468 BYND @ $1.02\nP&L: $+182.52 | Remaining: 2,814 | Total P&L: $+360.36',
      '✓ Chunk 3/8: Sold 468 BYND @ $1.02\nP&L: $+182.52 | Remaining: 2,346 | Total P&L: $+542.88',
      '✓ Chunk 4/8: Sold 468 BYND @ $1.02\nP&L: $+182.52 | Remaining: 1,878 | Total P&L: $+725.40',
      '✓ Chunk 5/8: Sold 468 BYND @ $1.02\nP&L: $+182.52 | Remaining: 1,410 | Total P&L: $+907.92',
      '✓ Chunk 6/8: Sold 468 BYND @ $1.03\nP&L: $+187.20 | Remaining: 942 | Total P&L: $+1,095.12',
      '✓ Chunk 7/8: Sold 468 BYND @ $1.03\nP&L: $+187.20 | Remaining: 474 | Total P&L: $+1,282.32',
      '🎉 SCALEOUT COMPLETE - BYND\nFinal Chunk: 474 @ $1.03\nTotal P&L: $+1,471.92\nPosition: FLAT\n📊 Average $1.0225 against $1.01 at the start: $0.0125 each, $46.92 better',
    ])
    expect(await alice.say('pl')).toContain('Realized P&L: $+1,471.92')
    expect((await events()).map(({ type }) => type)).toEqual([
      'position_opened',
      'scaleout_start',
      ...Array.from({ length: 8 }, () => 'scaleout_progress'),
      'scaleout_complete',
    ])
  })
})

test('a short position is bought back at the ask, and falling prices are profit', async ({ alice }) => {
  await alice.say('short BYND 3 @ 1.50')
  market.set('BYND', '1.00', '1.10')
  await alice.say('scaleout fast')
  await runToTheEnd(desk, clock)
  expect(await queued(desk, alice.thread)).toEqual([
    '✓ Chunk 1/3: Bought back 1 BYND @ $1.10\nP&L: $+0.40 | Remaining: 2 | Total P&L: $+0.40',
    '✓ Chunk 2/3: Bought back 1 BYND @ $1.10\nP&L: $+0.40 | Remaining: 1 | Total P&L: $+0.80',
    '🎉 SCALEOUT COMPLETE - BYND\nFinal Chunk: 1 @ $1.10\nTotal P&L: $+1.20\nPosition: FLAT\n📊 Average $1.10 against $1.10 at the start: no difference',
  ])
})

test('a scaleout of a part leaves the rest open', async ({ alice }) => {
  await alice.say('long BYND 100 @ 1')
  await alice.say('scaleout fast 3')
  await runToTheEnd(desk, clock)
  expect((await queued(desk, alice.thread)).at(-1)).toContain('Position: LONG 97 BYND @ $1.00')
})

test('worse prices than at the start are told as such', async ({ alice }) => {
  await alice.say('long BYND 2 @ 1')
  await alice.say('scaleout fast')
  market.set('BYND', '0.91')
  await runToTheEnd(desk, clock)
  expect((await queued(desk, alice.thread)).at(-1)).toContain(
    '📊 Average $0.91 against $1.01 at the start: $0.10 each, $0.20 worse',
  )
})

test('every event has its type, time, ids and data', async ({ alice }) => {
  await alice.say('long BYND 2 @ 1')
  await alice.say('scaleout fast')
  await runToTheEnd(desk, clock)
  const ofScaleout = (await events()).filter(({ type }) => type.startsWith('scaleout'))
  expect(ofScaleout.map(({ type }) => type)).toEqual([
    'scaleout_start',
    'scaleout_progress',
    'scaleout_progress',
    'scaleout_complete',
  ])
  for (const event of ofScaleout) {
    expect(event).toMatchObject({ symbol: 'BYND', urgency: 'LOW', at: expect.any(Date) })
    for (const id of ['account_id', 'member_id', 'position_id', 'scaleout_id', 'conversation_id'] as const) {
      expect(event[id]).toEqual(expect.any(Number))
    }
  }
  expect(ofScaleout[1]!.data).toEqual({
    chunk: 1,
    chunks: 2,
    side: 'sell',
    quantity: '1',
    price: '1.01',
    realizedPnl: '0.01',
    remaining: '1',
    totalPnl: '0.01',
  })
})

describe('a chunk', () => {
  test('that is called before its time waits, and sells nothing', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout slow')
    const [chunk] = await waitingChunks(desk.desk.parts.db)
    clock.set(chunk!.dueAt.getTime() - 100)
    expect(await runChunk(desk.desk.parts, chunk!.id)).toEqual({ again: 100 })
    expect(await queued(desk, alice.thread)).toEqual([])
    clock.set(chunk!.dueAt)
    expect(await runChunk(desk.desk.parts, chunk!.id)).toEqual({})
    expect(await queued(desk, alice.thread)).toHaveLength(1)
  })

  test('sells once, however many workers run it at once', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast')
    for (const count of [1, 2]) {
      const [chunk] = await waitingChunks(desk.desk.parts.db)
      clock.set(chunk!.dueAt)
      await Promise.all([1, 2, 3].map(() => runChunk(desk.desk.parts, chunk!.id)))
      expect(await queued(desk, alice.thread)).toHaveLength(count)
    }
    expect((await queued(desk, alice.thread)).at(-1)).toContain('Total P&L: $+0.02\nPosition: FLAT')
  })

  test('that comes late goes at once, and the ones behind it keep their spacing', async ({ alice }) => {
    await alice.say('long BYND 5 @ 1')
    await alice.say('scaleout fast')
    const waits = async () => {
      const rows = await desk.desk.parts.db
        .selectFrom('scaleout_chunks')
        .select(['due_at', 'number'])
        .where('state', '=', 'waiting')
        .orderBy('number')
        .execute()
      return rows.map(({ due_at }) => due_at.getTime())
    }
    const planned = await waits()
    const downMs = 600_000
    clock.set(planned[0]! + downMs)
    await runNextChunk(desk, clock)
    expect(await waits()).toEqual(planned.slice(1).map((due) => due + downMs))
  })
})

describe('when the venue does not fill', () => {
  test('the scaleout pauses, says so, tries again later and goes on', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast')
    failures = [refused('the venue is closed')]
    await runNextChunk(desk, clock)
    expect(await queued(desk, alice.thread)).toEqual([
      '⚠️ SCALEOUT PAUSED - BYND\nChunk 1/2 did not go through: the venue is closed\nIt stays planned. Next try in 5 s.',
    ])
    expect(await alice.say('tasks')).toContain('paused, trying again')
    const at = clock.now().getTime()
    await runNextChunk(desk, clock)
    expect(clock.now().getTime() - at).toBe(Math.round(5000 / 60))
    expect((await queued(desk, alice.thread)).at(-1)).toContain('✓ Chunk 1/2: Sold 1 BYND @ $1.01')
    await runToTheEnd(desk, clock)
    expect((await queued(desk, alice.thread)).at(-1)).toContain('Position: FLAT')
    expect(await events('scaleout_error')).toMatchObject([
      { urgency: 'HIGH', data: { inARow: 1, chunk: 1, left: '2' } },
    ])
  })

  test('it waits twice as long after the second failure, and the third in a row ends it and says what is left', async ({
    alice,
  }) => {
    await alice.say('long BYND 20 @ 1')
    await alice.say('scaleout fast 2')
    await runNextChunk(desk, clock)
    failures = [refused('no'), refused('no'), refused('really not')]
    await runToTheEnd(desk, clock)
    const said = await queued(desk, alice.thread)
    expect(said[1]).toContain('Next try in 5 s.')
    expect(said[2]).toContain('Next try in 10 s.')
    expect(said[3]).toBe(
      '🛑 SCALEOUT STOPPED - BYND\nThree tries in a row failed: really not\nSold 1 of 2 in 1/2 chunks\nTotal P&L: $+0.01\nPosition: LONG 19 BYND @ $1.00\n💡 Type `scaleout BYND` to go on, or `close BYND`',
    )
    expect(said).toHaveLength(4)
    expect(await events('scaleout_error')).toHaveLength(3)
    expect(await alice.say('history')).toContain('BYND FAST ⚠️ stopped (really not) · 1 of 2 sold')
    expect(await alice.say('close now')).toContain('SOLD 19 BYND')
  })

  test('failures that are not in a row do not add up', async ({ alice }) => {
    await alice.say('long BYND 4 @ 1')
    await alice.say('scaleout fast')
    for (let chunk = 0; chunk < 4; chunk++) {
      failures = [refused('no'), refused('no')]
      for (let tries = 0; tries < 3; tries++) await runNextChunk(desk, clock)
    }
    expect((await queued(desk, alice.thread)).at(-1)).toContain('Position: FLAT')
  })

  test('an order whose outcome is not known is asked for, and not sent twice', async ({ alice }) => {
    await alice.say('long BYND 1 @ 1')
    await alice.say('scaleout fast')
    failures = [unanswered()]
    await runNextChunk(desk, clock)
    const order = await desk.desk.parts.db
      .selectFrom('orders')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    // The venue had taken it; only the answer was lost.
    const { venue, account } = await desk.desk.parts.venues.of(order.account_id)
    const quantity = new Big(order.quantity)
    await venue.submit({ account, clientOrderId: order.sent_as, symbol: 'BYND', side: 'sell', quantity })
    failures = [refused('this would be a second order')]
    await runToTheEnd(desk, clock)
    expect(failures).toHaveLength(1)
    expect((await queued(desk, alice.thread)).at(-1)).toContain('Position: FLAT')
  })

  test('a gap in the prices pauses it until they are back, is told once, and never ends it', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast')
    await runNextChunk(desk, clock)
    market.stale('BYND', 'the quote is 16 s old (limit 15 s)')
    for (let look = 0; look < 6; look++) {
      await runNextChunk(desk, clock)
      clock.advance(60_000)
    }
    expect((await queued(desk, alice.thread)).slice(1)).toEqual([
      '⏸ SCALEOUT PAUSED - BYND\nChunk 2/2 waits for a price: the quote is 16 s old (limit 15 s)\nNothing is sold meanwhile; it goes on by itself when prices are back.',
    ])
    expect(await alice.say('tasks')).toContain('paused, waiting for prices')
    expect(await events('scaleout_error')).toMatchObject([{ data: { inARow: 0, chunk: 2, left: '1' } }])
    market.stale('BYND')
    await runToTheEnd(desk, clock)
    const said = await queued(desk, alice.thread)
    expect(said).toHaveLength(3)
    expect(said.at(-1)).toContain('🎉 SCALEOUT COMPLETE - BYND\nFinal Chunk: 1 @ $1.01')
    expect(said.at(-1)).toContain('Position: FLAT')
  })

  test('a gap that comes again is told again, and failures before it do not add up with it', async ({ alice }) => {
    await alice.say('long BYND 3 @ 1')
    await alice.say('scaleout fast')
    failures = [refused('no'), refused('no')]
    for (let tries = 0; tries < 2; tries++) await runNextChunk(desk, clock)
    for (let gap = 0; gap < 2; gap++) {
      market.stale('BYND', 'the quote is 16 s old (limit 15 s)')
      await runNextChunk(desk, clock)
      market.stale('BYND')
      await runNextChunk(desk, clock)
    }
    await runToTheEnd(desk, clock)
    const said = await queued(desk, alice.thread)
    expect(said.map((text) => text.split('\n')[0]!.split(':')[0])).toEqual([
      '⚠️ SCALEOUT PAUSED - BYND',
      '⚠️ SCALEOUT PAUSED - BYND',
      '⏸ SCALEOUT PAUSED - BYND',
      '✓ Chunk 1/3',
      '⏸ SCALEOUT PAUSED - BYND',
      '✓ Chunk 2/3',
      '🎉 SCALEOUT COMPLETE - BYND',
    ])
  })
})
