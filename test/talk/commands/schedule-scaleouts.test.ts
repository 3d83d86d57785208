import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { steadyBars } from '../../support/bars.ts'
import { deskTest } from '../../support/desk-test.ts'
import { friday, lookAt, scheduledBy, toldTo } from './planned.ts'
import type { Someone } from './someone.ts'

const clock = handClock(friday)
const { test, desk } = deskTest({ worker: false, clock })
test.beforeEach(() => {
  clock.set(new Date(friday))
  desk.market.set('BYND', '1.01')
  for (const symbol of ['BYND', 'AAPL']) desk.market.give(symbol, 5, [])
})

const scheduled = (alice: Someone) => scheduledBy(desk, alice)
const at = (alice: Someone, moment: string) => lookAt(desk, clock, alice, moment)

describe('a scaleout for later', () => {
  test('asks for the speed at once, and not when its time has come', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    expect(await alice.say('scaleout at 10:30')).toContain(
      '📉 INTERACTIVE SCALEOUT\nLONG 100 BYND @ $0.63, at 10:30 AM EST (in 30 min)\n\nHow fast should I scale out?',
    )
    expect(await alice.say('2')).toContain('⏰ SCALE OUT of BYND, MEDIUM at 10:30 AM EST (in 30 min)')
    const texts = await at(alice, '2026-11-20T15:30:00Z')
    expect(texts[0]).toContain('⏰ NOW: SCALE OUT of BYND, MEDIUM')
    expect(texts[1]).toContain('🔄 SCALEOUT INITIATED - BYND\nMode: MEDIUM')
    await alice.say('cancel scaleout')
  })

  test('of several is one order, asked about with all of them, and leaves out what is closed by then', async ({
    alice,
  }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 180')
    expect(await alice.say('scaleout all at 10:30 fast')).toContain(
      '⏰ SCALE OUT of AAPL, BYND, FAST at 10:30 AM EST (in 30 min)?',
    )
    expect(await alice.say('1')).toContain('⏰ SCALE OUT of AAPL, BYND, FAST at 10:30 AM EST')
    await alice.say('close AAPL now')
    const texts = await at(alice, '2026-11-20T15:30:00Z')
    expect(texts[0]).toContain('⏰ NOW: SCALE OUT of AAPL, BYND, FAST')
    expect(texts[1]).toContain('🔄 SCALEOUT INITIATED - BYND\nMode: FAST')
    expect(texts[2]).toBe('⚠️ Without AAPL: no open position')
    await alice.say('cancel scaleout')
    expect(await alice.say('close BYND AAPL at 3:55pm')).toContain('one symbol at a time')
  })

  test('of several begins without a question when its time has come, and says what it leaves out', async ({
    alice,
  }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 180')
    await alice.say('long BTC-USD 0.01 @ 60000')
    await alice.say('scaleout all at 10:30 fast')
    await alice.say('yes')
    await alice.say('scaleout AAPL slow')
    const texts = await at(alice, '2026-11-20T15:30:00Z')
    expect(texts.slice(-3)).toEqual([
      expect.stringContaining('⏰ NOW: SCALE OUT of '),
      expect.stringContaining('🔄 SCALEOUT INITIATED - 2 positions\nMode: FAST'),
      '⚠️ Without AAPL: a scaleout runs already',
    ])
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['done'])
    await alice.say('cancel scaleout all')
  })

  test('of several ends when the last of them is closed, and says why', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 180')
    await alice.say('scaleout all at 10:30 fast')
    await alice.say('yes')
    await alice.say('close BYND now')
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['waiting'])
    await alice.say('close AAPL now')
    const texts = await at(alice, '2026-11-20T15:30:00Z')
    expect(texts).toEqual([expect.stringContaining('🛑 ENDED: SCALE OUT of AAPL, BYND, FAST')])
  })

  test('of several leaves a position alone that was opened later', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 180')
    await alice.say('scaleout all at 10:30 fast')
    await alice.say('yes')
    await alice.say('close AAPL now')
    await alice.say('long AAPL 7 @ 190')
    const texts = await at(alice, '2026-11-20T15:30:00Z')
    expect(texts).toContain('⚠️ Without AAPL: that position was opened later')
    expect(texts.join('\n')).toContain('🔄 SCALEOUT INITIATED - BYND\nMode: FAST')
    await alice.say('cancel scaleout BYND')
  })

  test.for([
    ['scaleout BYND at 10:30', 'BYND'],
    ['scaleout all at 10:30', 'AAPL, BYND'],
  ] as const)('is offered terms of its own: %j', async ([text, what], { alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 180')
    expect(await alice.say(text)).toContain('CUSTOM - Your own length')
    expect(await alice.say('custom')).toContain('How long should it take?')
    expect(await alice.say('soon')).toContain('has something else than a length')
    const planned = await alice.say('45m, 6 chunks')
    expect(planned).toContain(`SCALE OUT of ${what}, CUSTOM (45 min), 6 chunks`)
    await alice.say('yes')
    expect(await scheduled(alice)).toMatchObject([{ state: 'waiting' }])
    await alice.say('schedule cancel all')
  })

  test.for(['scaleout BYND smart at 10:30', 'scaleout BYND AAPL smart at 10:30'])(
    'is offered the plain speeds at once where nothing can be planned by volume: "%s"',
    async (text, { alice }) => {
      await alice.say('long BYND 100 @ .63')
      await alice.say('long AAPL 10 @ 180')
      const asked = await alice.say(text)
      expect(asked).toContain('so a smart scaleout cannot be planned.')
      expect(asked).not.toContain('SMART')
      expect(await alice.say('1')).toMatch(/⏰ SCALE OUT of .*BYND.*, FAST at 10:30 AM EST/)
    },
  )

  test('that is smart is begun when its time has come, alone and with others', async ({ alice }) => {
    for (const symbol of ['BYND', 'AAPL'])
      desk.market.give(symbol, 5, steadyBars({ count: 60, first: 1, step: 0, volume: 100_000 }, new Date(friday)))
    await alice.say('long BYND 100 @ .63')
    expect(await alice.say('scaleout smart at 10:30')).toContain('⏰ SCALE OUT of BYND, SMART at 10:30 AM EST')
    expect((await at(alice, '2026-11-20T15:30:00Z')).at(-1)).toContain('🔄 SCALEOUT INITIATED - BYND\nMode: SMART')
    await alice.say('cancel scaleout')
    await alice.say('long AAPL 10 @ 180')
    await alice.say('scaleout all at 11:00 smart')
    await alice.say('yes')
    expect((await at(alice, '2026-11-20T16:00:00Z')).at(-1)).toContain(
      '🔄 SCALEOUT INITIATED - 2 positions\nMode: SMART',
    )
    await alice.say('cancel scaleout all')
  })

  test('that is smart and cannot be planned any more is not done, and says why', async ({ alice }) => {
    desk.market.give('BYND', 5, steadyBars({ count: 60, first: 1, step: 0 }, new Date(friday)))
    await alice.say('long BYND 100 @ .63')
    await alice.say('scaleout smart at 10:30')
    desk.market.give('BYND', 5, [])
    expect((await at(alice, '2026-11-20T15:30:00Z')).at(-1)).toMatch(
      /^🛑 NOT DONE: SCALE OUT of BYND, SMART\n⚠️ .* so a smart scaleout cannot be planned\./,
    )
    expect((await scheduled(alice)).map(({ state }) => state)).toEqual(['refused'])
  })

  test('is understood whole with the speed', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    expect(await alice.say('scaleout at 10:30 fast')).toContain('⏰ SCALE OUT of BYND, FAST at 10:30 AM EST')
  })

  test('is said to be begun, and nothing else, when two begin it since one of them was away for long', async ({
    alice,
  }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('scaleout at 10:30 medium')
    const { id } = (await scheduled(alice))[0]!
    const { market, queues } = desk.desk.parts
    const { quote } = market
    const [isBack, isWoken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let looks = 0
    // The first is away before it begins the scaleout, the second after that.
    market.quote = async (symbol) => {
      looks += 1
      if (looks === 1) await isBack.promise
      return quote(symbol)
    }
    const { chunk } = queues
    queues.chunk = () => isWoken.promise
    try {
      clock.set(new Date('2026-11-20T15:30:00Z'))
      const first = desk.desk.runScheduled(id)
      await expect.poll(() => looks).toBe(1)
      clock.advance(31_000)
      const second = desk.desk.runScheduled(id)
      await expect.poll(async () => (await alice.say('tasks')).includes('BYND MEDIUM')).toBe(true)
      isBack.resolve()
      await first
      isWoken.resolve()
      await second
    } finally {
      market.quote = quote
      queues.chunk = chunk
    }
    const texts = await toldTo(desk, alice)
    expect(texts.filter((text) => text.includes('SCALEOUT INITIATED'))).toHaveLength(1)
    expect(texts.filter((text) => text.includes('NOT DONE'))).toEqual([])
    expect((await scheduled(alice))[0]?.state).toBe('done')
    await alice.say('cancel scaleout')
  })
})
