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

describe('a time', () => {
  test.beforeEach(({ alice }) => alice.say('long BYND 3750 @ .63'))

  test.for([
    ['close at 9:45am', 'TIME_PASSED', '9:45 AM EST has passed already: it is 10:00 AM EST.'],
    [
      'close at 9:45am',
      'TIME_PASSED',
      'Say `monday 09:45` for the next session: Mon Nov 23, 9:30 AM EST to 4:00 PM EST',
    ],
    ['close at 8am tomorrow', 'EXCHANGE_CLOSED', 'The exchange is closed on Sat Nov 21. Nothing was scheduled.'],
    [
      'close at 5pm',
      'EXCHANGE_CLOSED',
      'The exchange closes at 4:00 PM EST on Fri Nov 20, and 5:00 PM EST is after that.',
    ],
    [
      'close monday 8am',
      'EXCHANGE_CLOSED',
      'The exchange opens at 9:30 AM EST on Mon Nov 23, and 8:00 AM EST is before that.',
    ],
    ['close at open', 'TIME_PASSED', 'The exchange opened at 9:30 AM EST: it is 10:00 AM EST.'],
    ['close thursday 11am', 'EXCHANGE_CLOSED', 'The exchange is closed on Thu Nov 26 (Thanksgiving).'],
    ['close tomorrow', 'TIME_MISSING', 'At what time tomorrow?'],
  ] as const)('"%s" is refused (%s): %s', async ([text, _, sentence], { alice }) => {
    expect(await alice.say(text)).toContain(sentence)
    expect(await scheduled(alice)).toEqual([])
  })

  test.for([
    ['close at close', 'at 3:59 PM EST (in 5 h 59 min)'],
    ['close 5 minutes before the close', 'at 3:55 PM EST'],
    ['close in 20 minutes', 'at 10:20 AM EST (in 20 min)'],
    ['close monday at open', 'on Mon Nov 23, 9:30 AM EST (in 2 d 23 h 30 min)'],
    ['close on tuesday 15:55', 'on Tue Nov 24, 3:55 PM EST'],
    ['close at 20:30 utc', 'at 3:30 PM EST'],
  ] as const)('"%s" is meant %s', async ([text, moment], { alice }) => {
    expect(await alice.say(text)).toContain(
      `⏰ CLOSE BYND at the market ${moment.replace('2 d 23 h 30 min', '71 h 30 min')}`,
    )
  })

  test.for([
    ['close in 5 minutes', 'at 9:05 PM EST (in 5 min)'],
    ['close at 11pm', 'at 11:00 PM EST (in 2 h)'],
    ['close tomorrow at 8am', 'on Sat Nov 21, 8:00 AM EST (in 11 h)'],
    ['close monday at close', 'on Mon Nov 23, 3:59 PM EST'],
  ] as const)('"%s" in the evening is meant %s where the market never closes', async ([text, moment], { alice }) => {
    clock.set(new Date('2026-11-21T02:00:00Z'))
    const instrument = market.instrument('BYND')!
    for (const kind of ['isAroundTheClock', 'isReplayed'] as const) {
      instrument[kind] = true
      expect(await alice.say(text)).toContain(`⏰ CLOSE BYND at the market ${moment}`)
      instrument[kind] = false
      expect(await alice.say('close in 5 minutes')).toContain('Nothing was scheduled.')
    }
  })

  test('on a Saturday says when the next session is', async ({ alice }) => {
    clock.set(new Date('2026-11-21T15:00:00Z'))
    expect(await alice.say('close at 3:55pm')).toBe(
      '⚠️ The exchange is closed on Sat Nov 21. Nothing was scheduled.\n💡 The next session is Mon Nov 23, 9:30 AM EST to 4:00 PM EST (opens in 47 h 30 min): say `monday` with the time',
    )
    expect(await alice.say('close at 3:55pm monday')).toContain('on Mon Nov 23, 3:55 PM EST')
    expect(await alice.say('close before the close')).toContain('The exchange is closed on Sat Nov 21.')
  })

  test('on a half day ends at 1 PM', async ({ alice }) => {
    clock.set(new Date('2026-11-27T15:00:00Z'))
    expect(await alice.say('close at 3:55pm')).toContain(
      'Fri Nov 27 is a half day (the day after Thanksgiving): the exchange closes at 1:00 PM EST. Nothing was scheduled.',
    )
    expect(await alice.say('close at close')).toContain('at 12:59 PM EST')
  })

  test('of what never closes is any time, and it has no close', async ({ alice }) => {
    clock.set(new Date('2026-11-21T15:00:00Z'))
    await alice.say('long BTC-USD 0.5 @ 60000')
    expect(await alice.say('close BTC-USD at 11pm')).toContain(
      '⏰ CLOSE BTC-USD at the market at 11:00 PM EST (in 13 h)?',
    )
    expect(await alice.say('1')).toContain('⏰ CLOSE BTC-USD at the market at 11:00 PM EST (in 13 h)\n')
    expect(await alice.say('close BTC-USD at close')).toContain('traded around the clock and has no close')
  })

  test('of everything that is open is any time when all of it never closes', async ({ bob }) => {
    clock.set(new Date('2026-11-21T15:00:00Z'))
    await bob.say('long BTC-USD 0.01 @ 60000')
    expect(await bob.say('close all in 30 minutes')).toContain(
      '⏰ CLOSE ALL POSITIONS (1 now) at 10:30 AM EST (in 30 min)?',
    )
    await bob.say('2')
    await bob.say('long BYND 10 @ 1')
    expect(await bob.say('close all in 30 minutes')).toContain('The exchange is closed on Sat Nov 21.')
  })

  test('is read and shown in the time zone of the member', async ({ alice }) => {
    expect(await alice.say('timezone')).toContain("America/New_York (the exchange's): it is Fri Nov 20, 10:00 AM EST")
    expect(await alice.say('timezone europe/berlin')).toBe(
      '✓ Your time zone is Europe/Berlin: it is Fri Nov 20, 4:00 PM CET.',
    )
    expect(await alice.say('close at 21:55')).toContain('at 9:55 PM CET (in 5 h 55 min)')
    expect(await alice.say('close at 3:55pm')).toContain('3:55 PM CET has passed already: it is 4:00 PM CET.')
    expect(await alice.say('close at 3:55pm ET')).toContain('at 9:55 PM CET')
    // Nine in the morning is no time at which anything is traded, there.
    expect(await alice.say('close at 9am')).toContain('Say `monday open` for the next session')
    expect(await alice.say('close at close')).toContain('at 9:59 PM CET')
    expect(await at(alice, '2026-11-20T20:55:00Z')).toContain(
      '⏰ NOW: CLOSE BYND at the market\nIt was scheduled for 9:55 PM CET',
    )
  })

  test('in a zone that nobody knows is refused with those that are near', async ({ alice }) => {
    expect(await alice.say('timezone Europe/Berln')).toContain('Did you mean Europe/Berlin')
    expect(await alice.say('timezone tokyo')).toContain('Asia/Tokyo')
    expect(await alice.say('timezone et')).toContain('America/New_York')
    expect(await alice.say('timezone Middle-Earth')).toContain('I do not know the time zone')
  })
})

describe('the answer to a question about an order for later', () => {
  test.for([
    ['close in 20 minutes', '2026-11-20T15:00:00Z', '10:20 AM EST', '2026-11-20T15:20:00Z'],
    ['close tomorrow at 10:00', '2026-11-24T04:58:00Z', 'Tue Nov 24, 10:00 AM EST', '2026-11-24T15:00:00Z'],
  ] as const)(
    '%j is about the moment that was shown, whenever it comes',
    async ([text, asked, shown, planned], { alice }) => {
      clock.set(new Date(asked))
      await alice.say('long BYND 100000 @ 1')
      const question = await alice.say(text)
      expect(question).toContain(shown)
      expect(question).toContain('above which the desk asks')
      clock.advance(4 * 60_000)
      expect(await alice.say('1')).toContain('10:')
      expect((await scheduled(alice))[0]?.planned_at).toEqual(new Date(planned))
    },
  )

  test('is refused when that moment has passed', async ({ alice }) => {
    await alice.say('long BYND 100000 @ 1')
    await alice.say('close in 2 minutes')
    clock.advance(4 * 60_000)
    expect(await alice.say('1')).toContain('10:02 AM EST has passed already: it is 10:04 AM EST')
    expect(await scheduled(alice)).toEqual([])
  })
})

describe('a close at a time', () => {
  test('that is later is asked about, once, and nothing trades without the answer', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 10:30')
    const question =
      '⏰ LATE: CLOSE BYND at the market\nIt was due at 10:30 AM EST, but the desk was down until 25 min later. Nothing was ordered. BYND is at $1.01 now.\nDo it now?\n  1️⃣  YES - Do it now\n  2️⃣  NO - Leave it\n\n💡 Reply with 1 or 2 by 11:55 AM EST; without an answer nothing is done'
    expect(await at(alice, '2026-11-20T15:55:00Z')).toEqual([question])
    expect(await at(alice, '2026-11-20T15:57:00Z')).toEqual([question])
    expect(await held(alice)).toEqual([3750])
    expect(await alice.say('schedule')).toContain('1. ⏰ CLOSE BYND at the market: late, and waits for your answer')
    expect(await alice.say('1')).toBe('✓ OK, now: CLOSE BYND at the market')
    expect((await at(alice, '2026-11-20T15:58:00Z')).at(-1)).toMatch(/^✓ SOLD 3,750/)
    expect(await held(alice)).toEqual([])
  })

  test('that is late is left after a no, and a second answer changes nothing', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 10:30')
    await at(alice, '2026-11-20T15:55:00Z')
    expect(await alice.say('2')).toBe('OK, it was left: CLOSE BYND at the market. Nothing was ordered.')
    await alice.say('1')
    await at(alice, '2026-11-20T15:58:00Z')
    expect(await held(alice)).toEqual([3750])
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['cancelled'])
  })

  test('that nobody answers about is not done, and says so', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 10:30')
    await at(alice, '2026-11-20T15:55:00Z')
    const texts = await at(alice, '2026-11-20T16:55:00Z')
    expect(texts.at(-1)).toMatch(
      /^🛑 NOT DONE: CLOSE BYND at the market\n.*Nobody answered in time\. Nothing was ordered\./,
    )
    expect(await held(alice)).toEqual([3750])
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['missed'])
  })

  test('that is late is asked about again when Redis forgot the question', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 10:30')
    await at(alice, '2026-11-20T15:55:00Z')
    await desk.desk.parts.redis.del(...(await desk.desk.parts.redis.keys('deskhand:questions:*')))
    await at(alice, '2026-11-20T15:56:00Z')
    expect(await alice.say('1')).toBe('✓ OK, now: CLOSE BYND at the market')
  })

  test('ends with its position, says so once, and leaves a later position alone', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('close at 3:55pm')
    await alice.say('close now')
    expect(await told(alice)).toEqual([
      '🛑 ENDED: CLOSE BYND at the market (number 1 of `schedule`)\nIt was to close a position, and the position is closed. Nothing is ordered later.',
    ])
    await alice.say('long BYND 100 @ 1')
    await at(alice, '2026-11-20T20:55:00Z')
    expect(await held(alice)).toEqual([100])
    expect(await told(alice)).toHaveLength(1)
    expect(await alice.say('schedule')).toContain('Nothing is scheduled')
  })

  test('ends when its position turns into a short one', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('close if it drops under .50')
    await alice.say('sell 300 BYND')
    await alice.say('2')
    expect(await held(alice)).toEqual([-200])
    expect((await told(alice))[0]).toContain('🛑 ENDED: CLOSE BYND')
  })

  test('ends when its position is replaced by a recorded one, and says so once', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('close at 3:55pm')
    expect(await alice.say('long BYND 50 @ .70')).toContain('REPLACE')
    await alice.say('3')
    await alice.say('1')
    expect(await held(alice)).toEqual([50])
    await desk.desk.sweep()
    await desk.desk.sweep()
    expect(await told(alice)).toEqual([expect.stringContaining('🛑 ENDED: CLOSE BYND')])
  })
})

describe('a condition', () => {
  test('that was met while the desk was down is asked about after five minutes', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('sell 50 BYND if it breaks 1.20')
    const [order] = await scheduled(alice)
    const met = { touched_at: clock.now(), touched_price: '1.20' }
    await desk.desk.parts.db.updateTable('scheduled_orders').set(met).where('id', '=', order!.id).execute()
    const texts = await at(alice, '2026-11-20T15:06:00Z')
    expect(texts).toEqual([
      expect.stringContaining('⏰ LATE: SELL 50 BYND at the market\nIt was due when the price was there'),
    ])
    expect(await alice.say('1')).toContain('✓ OK, now: SELL 50 BYND')
    await at(alice, '2026-11-20T15:06:30Z')
    expect(await held(alice)).toEqual([50])
  })
})
