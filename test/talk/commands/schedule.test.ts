import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { friday, heldBy, lookAt, scheduledBy, toldTo } from './planned.ts'
import type { Someone } from './someone.ts'

const clock = handClock(friday)
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(() => {
  clock.set(new Date(friday))
  market.set('BYND', '1.01')
})

const scheduled = (alice: Someone) => scheduledBy(desk, alice)
const told = (alice: Someone) => toldTo(desk, alice)
const held = (alice: Someone) => heldBy(desk, alice)
const at = (alice: Someone, moment: string) => lookAt(desk, clock, alice, moment)

describe('a close at a time', () => {
  test('is repeated back with the moment and how far away it is', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.say('close at 3:55pm')).toBe(
      '⏰ CLOSE BYND at the market at 3:55 PM EST (in 5 h 55 min)\n💡 `schedule` lists what is planned, `schedule cancel 1` takes it back',
    )
    expect(await held(alice)).toEqual([3750])
  })

  test('is carried out when its time has come, and not a moment sooner', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    expect(await at(alice, '2026-11-20T20:54:59Z')).toEqual([])
    expect(await at(alice, '2026-11-20T20:55:00Z')).toEqual([
      '⏰ NOW: CLOSE BYND at the market\nIt was scheduled for 3:55 PM EST',
      expect.stringMatching(/^✓ SOLD 3,750 @ \$1\.01|^✓ SOLD 3,750 BYND @ \$1\.01/),
    ])
    expect(await held(alice)).toEqual([])
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['done'])
  })

  test('is carried out once, however many workers look at it', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    const [first] = await scheduled(alice)
    clock.set(new Date('2026-11-20T20:55:00Z'))
    await Promise.all(Array.from({ length: 8 }, () => desk.desk.runScheduled(first!.id)))
    expect((await told(alice)).filter((text) => text.includes('SOLD'))).toHaveLength(1)
    expect((await told(alice)).filter((text) => text.startsWith('⏰ NOW'))).toHaveLength(1)
  })

  test('is done up to a quarter of an hour late, and says how late', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 10:30')
    const [head] = await at(alice, '2026-11-20T15:45:00Z')
    expect(head).toBe('⏰ NOW: CLOSE BYND at the market\n15 min late: it was scheduled for 10:30 AM EST')
    expect(await held(alice)).toEqual([])
  })

  test('is not done any more when the desk was down until after the close, and says so', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    const [text] = await at(alice, '2026-11-20T21:30:00Z')
    expect(text).toMatch(
      /^🛑 NOT DONE: CLOSE BYND at the market\nIt was due at 3:55 PM EST, but .*35 min.*Nothing was ordered\./,
    )
    expect(await held(alice)).toEqual([3750])
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['missed'])
  })

  test('is not done by somebody who may not trade any more', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', alice.name).execute()
    expect((await at(alice, '2026-11-20T20:55:00Z')).at(-1)).toContain('You are a viewer: you may look, but not trade.')
    expect(await held(alice)).toEqual([3750])
  })

  test('of a part sells no more than what is left by then', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .63')
    expect(await alice.say('close half at 3:55pm')).toContain('⏰ SELL 500 BYND at the market at 3:55 PM EST')
    await alice.say('trim 800')
    await at(alice, '2026-11-20T20:55:00Z')
    expect(await held(alice)).toEqual([])
  })

  test('is taken back by its number, and then nothing happens', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    await alice.say('close tomorrow at 10am in BYND')
    expect(await alice.say('schedule')).toBe(
      '⏰ SCHEDULED\n1. ⏰ CLOSE BYND at the market at 3:55 PM EST (in 5 h 55 min)\n💡 `schedule cancel 1` takes one back',
    )
    expect(await alice.say('schedule cancel 1')).toMatch(
      /^✓ Cancelled 1\. ⏰ CLOSE BYND at the market at .* \(in .*\)$/,
    )
    expect(await alice.say('schedule cancel 1')).toContain('is cancelled already')
    for (const number of ['7', '1.5', '99999999999'])
      expect(await alice.say(`schedule cancel ${number}`)).toContain(`There is no scheduled order ${number}.`)
    expect(await alice.say('schedule')).toContain('Nothing is scheduled.')
    expect(await at(alice, '2026-11-20T20:55:00Z')).toEqual([])
    expect(await held(alice)).toEqual([3750])
  })

  test("does not touch anybody else's: numbers are each account's own", async ({ alice, bob }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('close at 3:55pm')
    expect(await bob.say('schedule cancel 1')).toContain('There is no scheduled order 1.')
    expect(await bob.say('schedule')).toContain('Nothing is scheduled.')
  })
})

describe('a condition', () => {
  test('is repeated back with its price and its end', async ({ alice }) => {
    expect(await alice.say('buy 100 BYND if it breaks 1.20 before close')).toBe(
      '⏰ BUY 100 BYND at the market if it gets to $1.20 or above by 4:00 PM EST (in 6 h)\n💡 `schedule` lists what is planned, `schedule cancel 1` takes it back',
    )
    expect(await alice.say('buy 100 BYND if it drops under .80')).toContain(
      '⏰ BUY 100 BYND at the market if it gets to $0.80 or below until you cancel it',
    )
  })

  test('that is met already is refused', async ({ alice }) => {
    expect(await alice.say('buy 100 BYND if it breaks 1.00')).toContain(
      'BYND is at $1.01, above $1.00 already. Nothing was scheduled.',
    )
    expect(await alice.say('buy 100 BYND if it drops under 1.01')).toContain('BYND is at $1.01 already. Nothing was')
  })

  test('expires with a message', async ({ alice }) => {
    await alice.say('buy 100 BYND if it breaks 1.20 by 3pm')
    expect(await at(alice, '2026-11-20T19:59:59Z')).toEqual([])
    expect(await at(alice, '2026-11-20T20:00:00Z')).toEqual([
      '⌛ EXPIRED: BUY 100 BYND at the market if it gets to $1.20 or above\nThe price did not get there by 3:00 PM EST. Nothing was ordered.',
    ])
    expect(await held(alice)).toEqual([])
  })

  test('and a time at once are refused', async ({ alice }) => {
    expect(await alice.say('buy 100 BYND at 3pm if it breaks 1.20')).toContain('a time and a condition')
  })

  test('of something large is asked about at the price that it will have', async ({ alice }) => {
    const asked = await alice.say('buy 100000 BYND if it breaks 1.20 before close')
    expect(asked).toContain('if it gets to $1.20 or above')
    expect(asked).toContain('$120,000.00 in all')
    expect(await scheduled(alice)).toEqual([])
    expect(await alice.say('1')).toContain('⏰ BUY 100,000 BYND at the market if it gets to $1.20 or above')
    expect(await scheduled(alice)).toHaveLength(1)
  })

  test('that is declined is not kept', async ({ alice }) => {
    await alice.say('buy 100000 BYND if it breaks 1.20 before close')
    expect(await alice.say('2')).toBe('OK, nothing was scheduled.')
    expect(await scheduled(alice)).toEqual([])
  })
})

describe('a price that is waited for', () => {
  test.for([
    ['buy 10 BYND if it hits 1.20', 'BUY 10 BYND at the market if it gets to $1.20 or above'],
    ['if BYND price arrives at 1.20, buy 10', 'BUY 10 BYND at the market if it gets to $1.20 or above'],
    ['buy 10 BYND @ 1.20 if price hits', 'BUY 10 BYND @ $1.20 if it gets to $1.20 or above'],
    ['sell 10 BYND if we see .90', 'SELL 10 BYND at the market if it gets to $0.90 or below'],
    ['close BYND once it reaches .90', 'CLOSE BYND at the market if it gets to $0.90 or below'],
    ['sell 10 BYND at market when it hits 1.20', 'SELL 10 BYND at the market if it gets to $1.20 or above'],
  ])('waits here where a limit would be filled at once: %j', async ([text, plan], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say(text!)).toContain(`⏰ ${plan} until you cancel it`)
    expect(await held(alice)).toEqual([100])
    expect(await scheduled(alice)).toHaveLength(1)
  })

  test.for([
    ['buy 10 BYND if it hits .90', 'BUY 10 BYND @ $0.90'],
    ['sell 10 BYND when it gets to 1.20', 'SELL 10 BYND @ $1.20'],
  ])('is a limit where that rests until the price is there: %j', async ([text, order], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say(text!)).toContain(`⏰ ${order} if the price gets there until you cancel it`)
    expect(await scheduled(alice)).toEqual([])
  })

  test('stands in the question about the order', async ({ alice }) => {
    expect(await alice.say('in case BYND arrives at 1.20 buy 10 until 3pm')).toContain(
      'buy 10 BYND, if the price gets to $1.2, by 15:00',
    )
    expect(await alice.say('1')).toContain('⏰ BUY 10 BYND at the market if it gets to $1.20 or above by 3:00 PM EST')
    expect(await held(alice)).toEqual([])
  })
})

describe('a limit with an end', () => {
  test('is an order that rests until then', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    const said = await alice.say('sell 1000 @ 1.10 if price hits by 3pm')
    expect(said).toContain('⏰ SELL 1,000 BYND @ $1.10 if the price gets there by 3:00 PM EST (in 5 h)')
    expect(said).toContain('✓ LIMIT SELL ORDER 1,000 BYND @ $1.10 (working)')
    const order = await desk.desk.parts.db
      .selectFrom('orders')
      .select(['expires_at', 'state', 'limit_price'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(order.expires_at).toEqual(new Date('2026-11-20T20:00:00Z'))
    expect(await scheduled(alice)).toEqual([])
  })
})

describe('what is only said with an end', () => {
  test('is asked about: now, or at the last moment', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.say('close by 3pm')).toBe(
      '⏰ CLOSE BYND: when?\n  1️⃣  Now\n  2️⃣  At the last moment: at 3:00 PM EST (in 5 h)\n  3️⃣  Nothing\n\n💡 Reply with 1, 2, or 3',
    )
    expect(await alice.say('2')).toContain('⏰ CLOSE BYND at the market at 3:00 PM EST (in 5 h)')
    await alice.say('close by 3pm')
    expect(await alice.say('1')).toContain('SOLD 3,750')
  })
})

test('everything is closed at a time: whatever is open then', async ({ alice }) => {
  await alice.say('long BYND 100 @ .63')
  await alice.say('long AAPL 10 @ 180')
  expect(await alice.say('close all at 3:55pm')).toContain('⏰ CLOSE ALL POSITIONS (2 now) at 3:55 PM EST')
  expect(await alice.say('1')).toContain('⏰ CLOSE ALL POSITIONS at 3:55 PM EST')
  await alice.say('long BTC-USD 0.01 @ 60000')
  expect((await at(alice, '2026-11-20T20:55:00Z')).filter((text) => text.startsWith('✓ SOLD'))).toHaveLength(3)
  expect(await held(alice)).toEqual([])
})

describe('an entry for later', () => {
  test('is asked about when it is five minutes late', async ({ alice }) => {
    await alice.say('buy 100 BYND at 11am')
    const texts = await at(alice, '2026-11-20T16:10:00Z')
    expect(texts).toEqual([expect.stringContaining('⏰ LATE: BUY 100 BYND at the market')])
    expect(await held(alice)).toEqual([])
  })

  test('of a halted account is refused when its time has come', async ({ alice }) => {
    await alice.say('buy 100 BYND at 11am')
    const { accountId } = await whoIs(alice)
    await desk.desk.parts.db
      .insertInto('account_risk')
      .values({ account_id: accountId, halted_at: clock.now(), halted_because: 'a test' })
      .onConflict((c) => c.column('account_id').doUpdateSet({ halted_at: clock.now(), halted_because: 'a test' }))
      .execute()
    expect((await at(alice, '2026-11-20T16:00:00Z')).at(-1)).toContain('The account is HALTED')
    expect(await held(alice)).toEqual([])
  })

  test('that would be a short sale by then is not made', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('sell 100 BYND at 11am')
    await alice.say('close now')
    const texts = await at(alice, '2026-11-20T16:00:00Z')
    expect(texts).toEqual([expect.stringContaining('🛑 ENDED: SELL 100 BYND at the market')])
    expect(await held(alice)).toEqual([])
  })
})

async function whoIs(who: Someone) {
  const row = await desk.desk.parts.db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select('a.id as accountId')
    .where('m.name', '=', who.name)
    .executeTakeFirstOrThrow()
  return row
}

test('a message that is heard twice schedules once', async ({ alice }) => {
  await alice.say('long BYND 100 @ .63')
  await alice.hear('close at 3:55pm', { id: 'the-same' })
  await alice.hear('close at 3:55pm', { id: 'the-same' })
  expect(await scheduled(alice)).toHaveLength(1)
})

test('whoever dies between the order and the word of it has ordered once', async ({ alice }) => {
  await alice.say('long BYND 100 @ .63')
  await alice.say('close at 3:55pm')
  const [first] = await scheduled(alice)
  clock.set(new Date('2026-11-20T20:55:00Z'))
  await desk.desk.runScheduled(first!.id)
  // As if the process had died before it could note that it is done.
  await desk.desk.parts.db
    .updateTable('scheduled_orders')
    .set({ state: 'running', ended_at: null, outcome: null })
    .where('id', '=', first!.id)
    .execute()
  expect((await desk.desk.runScheduled(first!.id)).again).toBeGreaterThan(0)
  clock.advance(31_000)
  await desk.desk.runScheduled(first!.id)
  expect((await told(alice)).filter((text) => text.includes('SOLD'))).toHaveLength(1)
  expect((await told(alice)).filter((text) => text.startsWith('🛑'))).toEqual([])
  expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['done'])
})
