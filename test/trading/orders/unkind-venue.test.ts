import { describe, expect, test } from 'vitest'
import { sum } from '../../../src/base/amounts.ts'
import { timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import { createDifficultVenue } from '../../contracts/venues/difficult/venue.ts'
import { someone } from '../../talk/commands/someone.ts'
import { protect, touch } from '../protection/touched.ts'
import { type Unkind, unkindDesk } from './unkind.ts'

/** Units that were sent to the venue to be sold, less what was bought. */
const sold = ({ venue }: Unkind) =>
  sum(venue.truth.fills().map(({ side, quantity }) => (side === 'sell' ? quantity : quantity.neg())))

describe('an order that the venue accepts and does not fill', () => {
  test('is waited for by its scaleout, and never sent again under another id', async () => {
    const desk = await unkindDesk()
    desk.venue.script({ parts: [{ weight: 1, afterMs: 2500 }] })
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    await alice.say('scaleout BYND fast')
    await desk.rests()
    expect(sold(desk).toFixed()).toBe('3750')
    expect(desk.said().filter((text) => /PAUSED|STOPPED|did not go through/.test(text))).toEqual([])
    expect(new Set((await desk.orders()).map(({ key }) => key)).size).toBe((await desk.orders()).length)
    expect((await desk.orders()).every(({ key }) => key.endsWith('-1'))).toBe(true)
    await desk.expectTruth()
  })

  test('leaves what is not filled when the next chunk is due to the chunks behind it', async () => {
    const desk = await unkindDesk()
    desk.venue.script({
      parts: [
        { weight: 1, afterMs: 0 },
        { weight: 3, afterMs: 60_000 },
      ],
    })
    const alice = someone(desk)
    await alice.say('long BYND 1000 @ .63')
    await alice.say('scaleout BYND fast')
    await desk.hears(/^✓ Chunk 1\/\d+: Sold \d+ BYND @ \$1\.01, \d+ go to the next ones\n/)
    await desk.rests()
    expect(sold(desk).toFixed()).toBe('1000')
    await desk.hears(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)
    await desk.expectTruth()
  })

  test('of a close is told as accepted, and each part as it comes', async () => {
    const desk = await unkindDesk()
    desk.venue.script({
      parts: [
        { weight: 1, afterMs: 1500 },
        { weight: 1, afterMs: 1500 },
      ],
    })
    const alice = someone(desk)
    await alice.say('long BYND 100 @ 1')
    // The venue's own report may come before its answer; then the outbox posts it.
    const answer = await alice.say('close now')
    const waits = expect.stringContaining('SELL 100 BYND is at the venue, and waits to be filled')
    await expect.poll(() => [answer, ...desk.said()]).toContainEqual(waits)
    await desk.hears(/^✓ SOLD 50 of 100 BYND @ \$1\.01\nP&L: \$\+0\.50\nPosition: LONG 50 BYND/)
    await desk.hears(/^✓ SOLD 100 BYND @ \$1\.01 in all\nP&L: \$\+1\.00\nPosition: FLAT/)
    await desk.expectTruth()
  })
})

describe('a touched stop', () => {
  test('whose order is filled in parts sells exactly the open quantity', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    desk.venue.script({ parts: [1, 2, 3].map((weight) => ({ weight, afterMs: 700 })) })
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    await desk.hears(/^🛑 STOP HIT — BYND\nSold 625 of 3,750 @ \$0\.55 · stop \$0\.55\n/)
    await desk.hears(/^🛑 STOP HIT — BYND\nSold 3,750 @ \$0\.55 · stop \$0\.55\n[\s\S]*FLAT/)
    expect(sold(desk).toFixed()).toBe('3750')
    expect(await desk.orders()).toHaveLength(1)
    await desk.expectTruth()
  })

  test('whose order the venue ends before it is filled is closed by another order with an id of its own', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    const parts = [1, 2].map((weight) => ({ weight, afterMs: 0 }))
    desk.venue.script({ parts, end: { state: 'cancelled', words: 'immediate or cancel', afterParts: 1, afterMs: 0 } })
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    await desk.rests()
    await desk.hears(/Position: FLAT/)
    const id = held.stop!.id
    expect(await desk.orders()).toEqual([
      { key: `stop-${id}`, state: 'cancelled', quantity: '3750', filled: '1250' },
      { key: `stop-${id}-2`, state: 'filled', quantity: '2500', filled: '2500' },
    ])
    await desk.expectTruth()
  })

  test('that the venue sells, and answers 1.2 s later, is recorded, and not sold again', async () => {
    const desk = await unkindDesk({ difficulties: { lostEvents: 1 } })
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    desk.venue.scriptCall('submit', { answerMs: 1200 })
    for (let look = 0; look < 20; look++) desk.venue.scriptCall('find', { lost: 'answer' })
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    await desk.hears(/^🛑 STOP HIT — BYND\nSold 3,750 @ \$0\.55 · stop \$0\.55\n/)
    expect(desk.venue.truth.arrived()).toHaveLength(1)
    await desk.expectTruth()
  })
})

describe('an exit that cannot be sent', () => {
  test('within its deadline is not sent when the venue is back: it is asked about anew', async () => {
    const desk = await unkindDesk({ environment: { EXIT_DEADLINE_SECONDS: '1' } })
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    desk.venue.breakDown(600_000)
    expect(await alice.say('close now')).toContain('was sent, but the venue has not confirmed it')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    desk.price('BYND', '0.50')
    desk.venue.calm()
    await desk.hears(/^⚠️ NOT SENT: SELL 3,750 BYND\nThe venue could not be reached within 1 s[\s\S]*`close BYND now`/)
    expect(desk.venue.truth.arrived()).toEqual([])
    expect(await alice.say('positions')).toContain('LONG 3,750 BYND')
    const answer = await alice.say('close now')
    await expect
      .poll(() => [answer, ...desk.said()])
      .toContainEqual(expect.stringContaining('✓ SOLD 3,750 BYND @ $0.50'))
    await desk.expectTruth()
  })

  test('is closed at once all the same when it is a stop', async () => {
    const desk = await unkindDesk({ environment: { EXIT_DEADLINE_SECONDS: '1' } })
    const alice = someone(desk)
    await alice.say('long BYND 100 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    desk.venue.breakDown(600_000)
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    await desk.hears(/NOT CLOSED YET/)
    expect(await alice.say('target 2')).toBe(
      '⚠️ BYND is being closed: its stop was touched. No target was set.\n💡 `positions` shows what is left, `close BYND` tries at once',
    )
    await new Promise((resolve) => setTimeout(resolve, 1100))
    desk.venue.calm()
    await desk.hears(/^🛑 STOP HIT — BYND\nSold 100 @ \$0\.55 · stop \$0\.55\n/)
    await desk.expectTruth()
  })
})

describe('an answer that does not match the sent order', () => {
  test.each(['symbol', 'side', 'quantity', 'account'] as const)(
    'with another %s is booked by nobody, and told once',
    async (mistake) => {
      const desk = await unkindDesk()
      const alice = someone(desk)
      await alice.say('long BYND 100 @ .63')
      for (let call = 0; call < 40; call++) {
        desk.venue.scriptCall('submit', { mistake })
        desk.venue.scriptCall('find', { mistake })
        desk.venue.scriptCall('openOrders', { mistake })
      }
      desk.venue.script({ parts: [{ weight: 1, afterMs: 600_000 }] })
      await alice.say('close now')
      await desk.hears(/^🚨 THE VENUE ANSWERED FOR ANOTHER ORDER — BYND\n/)
      await desk.desk.sweep()
      expect(desk.said().filter((text) => text.startsWith('🚨 THE VENUE ANSWERED'))).toHaveLength(1)
      expect(await alice.say('positions')).toContain('LONG 100 BYND')
      expect(desk.venue.truth.arrived()).toHaveLength(1)
    },
  )

  test.each(['symbol', 'side', 'account', 'clientOrderId'] as const)(
    'with another %s in a list of fills hides none of the right ones beside it',
    async (mistake) => {
      const desk = await unkindDesk()
      const alice = someone(desk)
      await alice.say('long BYND 100 @ .63')
      for (let call = 0; call < 40; call++) desk.venue.scriptCall('fills', { mistake })
      // Only the list of fills shows the bust: the order has ended, and its events are lost.
      desk.venue.become({ lostEvents: 1 })
      desk.venue.script({ bust: { part: 0, afterMs: 400 } })
      await alice.say('close now')
      await expect.poll(() => desk.venue.truth.fills().length).toBe(2)
      await desk.expectTruth()
      expect(await alice.say('positions')).toContain('LONG 100 BYND')
    },
  )

  test('never comes from another database: a second desk at the venue has ids of its own', async () => {
    const venue = createDifficultVenue({ seed: 2, agenda: timerAgenda() })
    const [one, other] = await Promise.all([unkindDesk({ on: venue }), unkindDesk({ on: venue })])
    for (const [desk, quantity] of [
      [one, '3250'],
      [other, '400'],
    ] as const) {
      await desk.say(`long BYND ${quantity} @ .63`)
      await desk.say('scaleout BYND fast')
      await desk.rests()
      await desk.hears(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)
    }
    const keys = async (desk: Unkind) => (await desk.orders()).map(({ key }) => key)
    // The same chunks in two databases: the client order ids are the same, but the ids at the venue differ.
    expect((await keys(one)).filter((key) => key.startsWith('chunk-1-'))).toEqual(
      (await keys(other)).filter((key) => key.startsWith('chunk-1-')),
    )
    expect(sold(one).toFixed()).toBe('3650')
    await one.expectTruth()
    await other.expectTruth()
  })
})

describe('unexpected fills', () => {
  test('after the end of an order are booked and told, and orders that would take too much are taken back', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 100 @ .63')
    const parts = [{ weight: 1, afterMs: 600_000 }]
    desk.venue.script({ parts, lateFillMs: 400 }, ({ limitPrice }) => limitPrice === undefined)
    await alice.say('sell 60')
    const { orders } = desk.venue.truth
    await expect.poll(() => orders().length).toBe(1)
    await alice.say('close @ 2')
    await desk.hears(/⚠️ The venue tells of it late: the order had ended/)
    await expect.poll(async () => (await desk.orders()).map(({ state }) => state)).toEqual(['filled', 'cancelled'])
    await desk.expectTruth()
    const held = await desk.desk.parts.db.selectFrom('positions').selectAll().executeTakeFirstOrThrow()
    expect([held.working_quantity, held.resting_quantity]).toEqual(['0', '0'])
  })

  test('beyond its quantity are booked and told, and nothing is sent against them', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 100 @ .63')
    desk.venue.script({ overfill: 0.1 })
    // The stream may report it before the answer does.
    const answer = await alice.say('close now')
    const told = () => [answer, ...desk.said()]
    await expect.poll(told).toContainEqual(expect.stringContaining('⚠️ The venue filled 10 more than was ordered'))
    expect(await alice.say('positions')).toContain('SHORT 10 BYND')
    await desk.desk.sweep()
    expect(await desk.orders()).toHaveLength(1)
    await desk.expectTruth()
  })

  test('worse than the limit are booked and told', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 100 @ .63')
    desk.venue.script({ worse: 0.01 })
    await alice.say('close @ 1.00')
    await expect
      .poll(async () =>
        (await desk.desk.parts.db.selectFrom('replies').select('body').execute()).map(({ body }) => body.text),
      )
      .toContainEqual(
        expect.stringMatching(/⚠️ That is worse than the limit of \$1\.00\. It is booked; ask the venue why/),
      )
    await desk.expectTruth()
  })

  test('that the venue takes back are reversed to the cent', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 100 @ .63')
    desk.venue.script({
      parts: [
        { weight: 1, afterMs: 0 },
        { weight: 1, afterMs: 0 },
      ],
      bust: { part: 0, afterMs: 50 },
    })
    const answers = (await alice.hear('close now')).map(({ text }) => text)
    // The venue may take it back before it has answered, and then the answer says so.
    const all = () => [...answers, ...desk.said()]
    const takenBack = /^↩️ TAKEN BACK BY THE VENUE: sold 50 BYND @ \$1\.01\n[\s\S]*LONG 50 BYND @ \$0\.63/
    await expect.poll(all).toContainEqual(expect.stringMatching(takenBack))
    await desk.expectTruth()
    const position = await desk.desk.parts.db.selectFrom('positions').selectAll().executeTakeFirstOrThrow()
    expect([position.signed_quantity, position.open_cost, position.realized_pnl]).toEqual(['50', '31.5', '19'])
  })
})

test('a gap in the feed pauses a scaleout until prices are back, which is told once, and does not end it', async () => {
  const desk = await unkindDesk()
  const alice = someone(desk)
  await alice.say('long BYND 1000 @ .63')
  await alice.say('scaleout BYND fast')
  await desk.hears(/^✓ Chunk 2/)
  desk.market.stale('BYND', 'the quote is 16 s old (limit 15 s)')
  await desk.hears(/^⏸ SCALEOUT PAUSED - BYND\nChunk \d+\/\d+ waits for a price: the quote is 16 s old/)
  expect(await alice.say('tasks')).toContain('paused, waiting for prices')
  // Longer than the tries at a refusing venue take.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  desk.market.stale('BYND')
  await desk.rests()
  await desk.hears(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)
  expect(desk.said().filter((text) => text.startsWith('⏸'))).toHaveLength(1)
  expect(sold(desk).toFixed()).toBe('1000')
})

test('a chunk whose order the venue ends is sold with another, and three ends in a row stop the scaleout', async () => {
  const desk = await unkindDesk()
  const alice = someone(desk)
  const halt = { state: 'cancelled' as const, words: 'halted: regulatory halt', afterParts: 0, afterMs: 0 }
  const parts = [{ weight: 1, afterMs: 100 }]
  await alice.say('long BYND 100 @ .63')
  desk.venue.script({ parts, end: halt })
  await alice.say('scaleout BYND fast')
  await desk.hears(/^⚠️ SCALEOUT PAUSED - BYND\nChunk 1\/\d+ did not go through: halted: regulatory halt/)
  await desk.rests()
  expect(sold(desk).toFixed()).toBe('100')
  await alice.say('long BYND 100 @ .63')
  for (let tries = 0; tries < 3; tries++) desk.venue.script({ parts, end: halt })
  await alice.say('scaleout BYND fast')
  await desk.hears(/^🛑 SCALEOUT STOPPED/)
  await desk.rests()
  await desk.expectTruth()
})

test('a close that the venue ends is finished with another id', async () => {
  const desk = await unkindDesk()
  const alice = someone(desk)
  await alice.say('long BYND 100 @ .63')
  const parts = [1, 1].map((weight) => ({ weight, afterMs: 0 }))
  desk.venue.script({ parts, end: { state: 'cancelled', words: 'halted', afterParts: 1, afterMs: 0 } })
  await alice.say('close now')
  await expect
    .poll(async () => (await desk.orders()).map(({ state, filled }) => `${state} ${filled}`))
    .toEqual(['cancelled 50', 'filled 50'])
  await desk.expectTruth()
})
