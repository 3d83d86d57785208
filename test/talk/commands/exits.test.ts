import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { queued, runNextChunk } from '../../trading/orders/by-hand.ts'
import { someone } from './someone.ts'

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.stale('BYND')
})

const orders = () => desk.desk.parts.db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').execute()

describe('close now', () => {
  test('sells everything at the bid, now', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    market.set('BYND', '1.05', '1.07')
    expect(await alice.say('close now')).toBe('✓ SOLD 100 BYND @ $1.05\nP&L: $+5.00\nPosition: FLAT')
    expect(await alice.say('pl')).toBe(
      [
        '💰 P&L SUMMARY - BYND\nPosition: FLAT\nRealized P&L: $+5.00\n━━━━━━━━━━━━━━━━━━━━━━\nMaster P&L: $+5.00',
        'Account: equity $100,005.00 · cash $100,005.00\nToday, with what is open: $+4.00 · realized in all: $+5.00\nToday leaves out $+1.00 of P&L from before positions were recorded',
      ].join('\n'),
    )
  })

  test('buys a short position back at the ask', async ({ alice }) => {
    await alice.say('short BYND 100 @ 1')
    market.set('BYND', '1.05', '1.07')
    expect(await alice.say('flatten BYND')).toBe('✓ BOUGHT BACK 100 BYND @ $1.07\nP&L: $-7.00\nPosition: FLAT')
  })

  test('ends a running scaleout first, and sells the rest', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout fast')
    await runNextChunk(desk, clock)
    const said = await alice.say('close now')
    expect(said).toMatch(
      /^🛑 SCALEOUT CANCELLED - BYND \(the position is being closed\)\nSold (\d+) of 100 in 1\/\d+ chunks\n/,
    )
    expect(said).toMatch(/✓ SOLD \d+ BYND @ \$1\.01\nP&L: .*\nPosition: FLAT$/)
    expect(await runNextChunk(desk, clock)).toBeUndefined()
    expect(await alice.say('pl')).toContain('Realized P&L: $+1.00')
  })

  test('of a part is a trim', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('close half now')).toContain('✓ SOLD 50 BYND')
    expect(await alice.say('close 20 bynd now')).toContain('Position: LONG 30 BYND @ $1.00')
    expect(await alice.say('flat')).toContain('Position: FLAT')
  })

  test('is refused without a position, and on a stale price', async ({ alice }) => {
    expect(await alice.say('close now')).toContain('You have no open position.')
    await alice.say('long BYND 100 @ 1')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('close now')).toBe(
      '⚠️ BYND cannot be traded now: the quote is 60 s old (limit 15 s).\n💡 Nothing was sold. Try again when the price is fresh',
    )
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('that is delivered twice sells once', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [one, two] = await Promise.all([
      alice.hear('close half now', { id: 'close-twice' }),
      alice.hear('close half now', { id: 'close-twice' }),
    ])
    expect([...one, ...two]).toHaveLength(1)
    expect(await alice.say('positions')).toContain('LONG 50 BYND')
  })
})

describe('trim', () => {
  test.beforeEach(({ alice }) => alice.say('long BYND 100 @ 1'))

  test.for([
    ['sell half', '50', '50'],
    ['trim 30', '30', '70'],
    ['trim 30%', '30', '70'],
    ['sell a third of BYND', '33', '67'],
    ['trim BYND 1/4', '25', '75'],
  ] as const)('%j sells %s and leaves %s', async ([text, sold, left], { alice }) => {
    expect(await alice.say(text)).toBe(
      `✓ SOLD ${sold} BYND @ $1.01\nP&L: $+${(Number(sold) / 100).toFixed(2)}\nPosition: LONG ${left} BYND @ $1.00`,
    )
  })

  test('asks how much when nothing was said, and takes a part for an answer', async ({ alice }) => {
    expect(await alice.say('trim')).toBe('❓ How much of LONG 100 BYND @ $1.00?\n💡 A quantity, half, 30%, or all')
    expect(await alice.say('lots')).toContain('That is not a quantity. Nothing was done.')
    expect(await alice.say('40%')).toContain('✓ SOLD 40 BYND')
  })

  test('of all says what working orders hold back', async ({ bob }) => {
    await bob.say('long BYND 100 @ 1')
    await bob.say('close 30 @ 1.5')
    expect(await bob.say('sell all')).toBe(
      [
        '✓ SOLD 70 BYND @ $1.01\nP&L: $+0.70\nPosition: LONG 30 BYND @ $1.00',
        '⚠️ Not all of it: 70 of 100 BYND (30 held by order 1).\n💡 `orders` shows them; `close BYND now` takes them back and closes the rest',
      ].join('\n\n'),
    )
    expect(await bob.say('close now')).toMatch(/^✓ CANCELLED order 1: [\s\S]*✓ SOLD 30 BYND/)
  })

  test('buys part of a short position back', async ({ bob }) => {
    await bob.say('short BYND 10 @ 1.50')
    expect(await bob.say('cover 4')).toContain('✓ BOUGHT BACK 4 BYND @ $1.01\nP&L: $+1.96\nPosition: SHORT 6 BYND')
    expect(await bob.say('buy to cover 2')).toContain('Position: SHORT 4 BYND')
  })

  test.for(['cover 4', 'cover half', 'buy to cover 4', 'buy back 4 BYND'])(
    'of what is long is not `%s`',
    async (said, { bob }) => {
      await bob.say('long BYND 10 @ .50')
      expect(await bob.say(said)).toContain(
        'You are LONG 10 BYND @ $0.50: there is nothing to cover. Nothing was bought or sold.',
      )
      expect(await bob.say('positions')).toContain('LONG 10 BYND')
    },
  )

  test('works beside a running scaleout, which then sells what is left', async ({ alice }) => {
    await alice.say('scaleout fast')
    await runNextChunk(desk, clock)
    expect(await alice.say('trim 50')).toContain('✓ SOLD 50 BYND')
    while ((await runNextChunk(desk, clock)) !== undefined);
    expect(await alice.say('pl')).toContain('Position: FLAT')
    expect(await alice.say('pl')).toContain('Realized P&L: $+1.00')
    const { state, sold_quantity } = await desk.desk.parts.db
      .selectFrom('scaleouts')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(sold_quantity).toBe('50')
    expect(['complete', 'cancelled']).toContain(state)
    // Nothing is said to remain that is not open any more.
    const said = await queued(desk, alice.thread)
    const left = said.flatMap((text) => /Remaining: (\d+)/.exec(text)?.[1] ?? []).map(Number)
    expect(Math.max(...left.slice(1))).toBeLessThan(50)
    expect(said.at(-1)).toMatch(
      /^🎉 SCALEOUT COMPLETE - BYND\nFinal Chunk: .*\nSold 50 of 100: the rest was closed otherwise\n/,
    )
  })

  test.for([
    ['trim 101', '101 is more than the 100 BYND that are open. Nothing was done.'],
    ['trim 0', 'more than zero'],
    ['trim -5', 'more than zero'],
    ['trim 0.5', 'The desk trades BYND in whole shares; 0.5 does not fit.'],
    ['trim 150%', 'more than 0% and at most 100%'],
    ['trim 0.1%', 'That part of 100 BYND is less than 1.'],
    ['trim constructor', 'CONSTRUCTOR'],
    ['trim __proto__', 'PROTO'],
    ['sell 50 tomorrow maybe', 'I did not understand'],
  ] as const)('%j sells nothing, and says why', async ([text, reason], { alice }) => {
    const before = (await orders()).length
    expect(await alice.say(text)).toContain(reason)
    expect(await orders()).toHaveLength(before)
  })
})

describe('cancel scaleout', () => {
  test('says what was sold and what is left', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const chunks = Number(/Chunks: (\d+)/.exec(await alice.say('scaleout fast'))![1])
    await runNextChunk(desk, clock)
    const each = 100 % chunks > 100 / chunks / 10 ? Math.ceil(100 / chunks) : Math.floor(100 / chunks)
    expect(await alice.say('cancel scaleout')).toBe(
      [
        '🛑 SCALEOUT CANCELLED - BYND (by you)',
        `Sold ${each} of 100 in 1/${chunks} chunks`,
        `Total P&L: $+${(each / 100).toFixed(2)}`,
        `Position: LONG ${100 - each} BYND @ $1.00`,
        `· ${alice.name}`,
      ].join('\n'),
    )
    expect(await runNextChunk(desk, clock)).toBeUndefined()
    expect(await alice.say('tasks')).toContain('Nothing runs in the background.')
    expect(await alice.say('history')).toContain('BYND FAST 🛑 cancelled by you')
  })

  test.for(['stop scaleout', 'cancel', 'cancel BYND', 'cancel scale out BYND'])(
    'is also %j',
    async (text, { alice }) => {
      await alice.say('long BYND 100 @ 1')
      await alice.say('scaleout slow')
      expect(await alice.say(text)).toContain('SCALEOUT CANCELLED')
    },
  )

  test('has nothing to end where none runs', async ({ alice }) => {
    expect(await alice.say('cancel scaleout')).toBe('⚠️ No scaleout is running.\n💡 `history` shows the ones that ended')
    expect(await alice.say('cancel scaleout BYND')).toContain('No scaleout is running for BYND.')
  })

  test('asks which, numbered, where several run and none is named', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout slow')
    await alice.say('long AAPL 100 @ 190')
    await alice.say('scaleout AAPL slow')
    const elsewhere = alice.in('a third thread')
    expect(await elsewhere.say('cancel scaleout')).toMatch(
      /^❓ Which scaleout should end\?\n {2}1️⃣ {2}BYND - 0\/\d+ chunks done\n {2}2️⃣ {2}AAPL - 0\/\d+ chunks done$/,
    )
    expect(await elsewhere.say('2')).toContain('SCALEOUT CANCELLED - AAPL')
    expect(await alice.say('tasks')).not.toContain('AAPL')
  })

  test("ends nobody else's", async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout slow')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('cancel scaleout BYND')).toContain('No scaleout is running for BYND.')
    expect(await alice.say('tasks')).toContain('🔄 BYND SLOW')
  })
})
