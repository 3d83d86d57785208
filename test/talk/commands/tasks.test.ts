import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { runToTheEnd } from '../../trading/orders/by-hand.ts'
import { friday, scheduledBy } from './planned.ts'
import { someone } from './someone.ts'

const clock = handClock(friday)
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(async ({ alice }) => {
  await runToTheEnd(desk, clock)
  clock.set(new Date(friday))
  market.set('BYND', '1.01')
  await alice.say('long BYND 1000 @ 1')
})

describe('tasks', () => {
  test('are everything that runs, each with a number of its own', async ({ alice }) => {
    await alice.say('scaleout slow 100')
    await alice.say('close at 3:55pm')
    await alice.say('sell 200 @ 1.20 by 3pm')
    const [title, first, second, third] = (await alice.say('tasks')).split('\n')
    expect(title).toBe('⏱️ RUNNING TASKS')
    expect(first).toMatch(/^1\. 🔄 BYND SLOW ▱+ 0\/\d+ · 0 of 100 sold · .* left$/)
    expect(second).toBe('2. ⏰ CLOSE BYND at the market at 3:55 PM EST (in 5 h 55 min)')
    expect(third).toBe('3. 📋 SELL 200 BYND @ $1.20 (order 1) · ends in 5 h')
    await alice.say('cancel scaleout')
    await alice.say('schedule cancel 2')
    await alice.say('cancel 1')
    expect(await alice.say('tasks')).toContain('Nothing runs in the background.')
  })

  test('keep their numbers when others end', async ({ alice }) => {
    await alice.say('close at 3:50pm')
    await alice.say('close at 3:55pm')
    await alice.say('schedule cancel 1')
    expect((await alice.say('tasks')).split('\n')[1]).toMatch(/^2\. ⏰ .* 3:55 PM EST/)
    await alice.say('close at 3:40pm')
    expect((await alice.say('tasks')).split('\n')[2]).toMatch(/^3\. ⏰ .* 3:40 PM EST/)
  })
})

describe('task', () => {
  test('shows a scaleout with its chunks, its fills, their times and the shortfall', async ({ alice }) => {
    await alice.say('scaleout fast 10')
    market.set('BYND', '0.99')
    const running = await alice.say('task 1')
    expect(running).toContain('🔄 TASK 1 · SCALEOUT BYND FAST: running\n0 of 10 sold in 0/')
    expect(running).toMatch(/… 1\/\d+ · \d+ · due 2026-11-20 10:0\d:\d\d EST/)
    await runToTheEnd(desk, clock)
    const lines = (await alice.say('task 1')).split('\n')
    expect(lines[0]).toBe('🔄 TASK 1 · SCALEOUT BYND FAST: 🎉 complete')
    expect(lines[1]).toMatch(/^10 of 10 sold in (\d+)\/\1 chunks · P&L \$-0\.10$/)
    expect(lines[2]).toMatch(/^2026-11-20 10:00:\d\d EST to 2026-11-20 10:0\d:\d\d EST, /)
    expect(lines[3]).toMatch(/^✓ 1\/\d+ · 2026-11-20 10:0\d:\d\d EST · \d+ @ \$0\.99 · P&L \$-0\.0\d$/)
    expect(lines.at(-1)).toBe('📊 Average $0.99 against $1.01 at the start: $0.02 each, $0.20 worse')
  })

  test('shows an order with a limit: when it was set, until when it is good, what became of it', async ({ alice }) => {
    await alice.say('sell 200 @ 1.20 by 3pm')
    expect(await alice.say('task 1')).toBe(
      [
        '📋 TASK 1 · SELL 200 BYND @ $1.20: working',
        'Order 1 · set 2026-11-20 10:00 EST · good until 2026-11-20 15:00 EST',
        '💡 `move 1 PRICE` changes it, `cancel 1` takes it back',
      ].join('\n'),
    )
    await alice.say('cancel 1')
    expect(await alice.say('task 1')).toContain('📋 TASK 1 · SELL 200 BYND @ $1.20: 🛑 cancelled by you')
  })

  test('shows an order for later, and what carrying it out came to', async ({ alice }) => {
    await alice.say('close half at 3:55pm')
    expect(await alice.say('task 1')).toContain('⏰ TASK 1 · SELL 500 BYND at the market: waiting')
    clock.set(new Date('2026-11-20T20:55:00Z'))
    for (const { id } of await scheduledBy(desk, alice)) await desk.desk.runScheduled(id)
    const text = await alice.say('task 1')
    expect(text).toContain('⏰ TASK 1 · SELL 500 BYND at the market: ✓ done')
    expect(text).toMatch(/✓ 2026-11-20 15:55:\d\d EST · sold 500 @ \$1\.01 · P&L \$\+5\.00/)
  })

  test("that is nobody's, or somebody else's, is refused", async ({ alice }) => {
    await alice.say('close at 3:55pm')
    expect(await someone(desk).say('task 1')).toContain('You have no task 1.')
    expect(await alice.say('task 7')).toContain('You have no task 7.')
    expect(await alice.say('task 99999999999999999999')).toContain('You have no task')
  })
})

describe('history', () => {
  test('tells every kind of run with what it came to, the last one first', async ({ alice }) => {
    await alice.say('scaleout fast 10')
    await runToTheEnd(desk, clock)
    await alice.say('sell 200 @ 1.20')
    clock.advance(60_000)
    await alice.say('cancel 1')
    await alice.say('close at 3:55pm')
    clock.advance(60_000)
    await alice.say('schedule cancel 3')
    const [title, ...lines] = (await alice.say('history')).split('\n')
    expect(title).toBe('📜 HISTORY')
    expect(lines[0]).toMatch(/^3\. 2026-11-20 10:\d\d EST · ⏰ CLOSE BYND at the market 🛑 cancelled by you$/)
    expect(lines[1]).toMatch(/^2\. 2026-11-20 10:\d\d EST · 📋 SELL 200 BYND @ \$1\.20 🛑 cancelled by you$/)
    expect(lines[2]).toMatch(
      /^1\. 2026-11-20 10:0\d EST · BYND FAST 🎉 complete · 10 of 10 sold · P&L \$\+0\.10 · shortfall \$0\.00$/,
    )
  })

  test('comes in pages of ten', async ({ alice }) => {
    for (let count = 1; count <= 12; count++) {
      await alice.say('close at 3:55pm')
      clock.advance(1000)
      await alice.say(`schedule cancel ${count}`)
    }
    const first = (await alice.say('history')).split('\n')
    expect(first[0]).toBe('📜 HISTORY (page 1 of 2)')
    expect(first).toHaveLength(12)
    expect(first.at(-1)).toBe('💡 `history 2` goes on, `task 12` shows one in detail')
    const second = (await alice.say('history 2')).split('\n')
    expect(second.pop()).toBe('💡 `task 2` shows one in detail')
    expect(second.map((line) => line.split('.')[0])).toEqual(['📜 HISTORY (page 2 of 2)', '2', '1'])
    expect(await alice.say('history 3')).toContain('There is no page 3.')
    expect(await alice.say('history 0')).toContain('There is no page 0.')
  })

  test('is shown in the time zone of the member', async ({ alice }) => {
    await alice.say('timezone Europe/Berlin')
    await alice.say('close at 9:55pm')
    await alice.say('schedule cancel 1')
    expect(await alice.say('history')).toContain('1. 2026-11-20 16:00 CET · ')
  })
})
