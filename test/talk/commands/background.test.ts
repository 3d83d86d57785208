import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { queued, runNextChunk, runToTheEnd } from '../../trading/orders/by-hand.ts'
import { someone } from './someone.ts'

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test, desk } = deskTest({ worker: false, clock })
test.beforeEach(() => runToTheEnd(desk, clock))

describe('tasks', () => {
  test('are nothing at first', async ({ alice }) => {
    expect(await alice.say('tasks')).toBe('💤 Nothing runs in the background.\n💡 `history` shows what ran before')
  })

  test('show progress and the time that is left', async ({ alice }) => {
    await alice.say('long BYND 3600 @ 1')
    const chunks = Number(/Chunks: (\d+)/.exec(await alice.say('scaleout slow'))![1])
    const empty = '▱'.repeat(Math.min(10, chunks))
    expect(await alice.say('tasks')).toMatch(
      new RegExp(
        `^⏱️ RUNNING TASKS\n1\\. 🔄 BYND SLOW ${empty} 0/${chunks} · 0 of 3,600 sold · (5\\d min( \\d+ s)?|1 h( \\d+ min)?) left$`,
      ),
    )
    await runNextChunk(desk, clock)
    await runNextChunk(desk, clock)
    const sold = 2 * Math.floor(3600 / chunks)
    expect(await alice.say('status')).toContain(` 2/${chunks} · ${sold} of 3,600 sold · `)
    await runToTheEnd(desk, clock)
    expect(await alice.say('tasks')).toContain('Nothing runs')
  })

  test('count down to the last chunk', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast')
    const { due_at } = await desk.desk.parts.db
      .selectFrom('scaleout_chunks')
      .select('due_at')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    clock.set(due_at.getTime() - 7000)
    expect(await alice.say('tasks')).toContain('· 7 s left')
  })
})

describe('history', () => {
  test('is nothing at first', async ({ alice }) => {
    expect(await alice.say('history')).toContain('Nothing has run yet.')
    expect(await alice.say('history BYND')).toBe('📜 Nothing happened in BYND yet.')
  })

  test('tells what ran and how it ended, newest first', async ({ alice }) => {
    await alice.say('long BYND 2 @ 1')
    await alice.say('scaleout fast 1')
    await runToTheEnd(desk, clock)
    await alice.say('scaleout slow')
    await alice.say('cancel scaleout')
    const [title, newest, older] = (await alice.say('history')).split('\n')
    expect(title).toBe('📜 HISTORY')
    expect(newest).toMatch(
      /^2\. 2026-11-2\d \d\d:\d\d EST · BYND SLOW 🛑 cancelled by you · 0 of 1 sold · P&L \$0\.00$/,
    )
    expect(older).toMatch(
      /^1\. 2026-11-2\d \d\d:\d\d EST · BYND FAST 🎉 complete · 1 of 1 sold · P&L \$\+0\.01 · shortfall \$0\.00$/,
    )
  })

  test('of a symbol reads back its events, the last 50 of them, oldest first', async ({ alice }) => {
    await alice.say('long BYND 60 @ 1')
    expect(await alice.say('history bynd')).toMatch(
      /^📜 HISTORY - BYND\n2026-11-2\d \d\d:\d\d EST · BYND opened LONG 60 @ \$1\.00$/,
    )
    for (let count = 0; count < 55; count++) await alice.say('trim 1')
    const [, ...lines] = (await alice.say('history BYND')).split('\n')
    expect(lines).toHaveLength(50)
    expect(lines[0]).toContain('trim: sold 1 @ $1.01, P&L $+0.01, 54 left')
    expect(lines.at(-1)).toContain('5 left')
  })

  test("of a symbol shows nobody else's events", async ({ alice }) => {
    await alice.say('long BYND 60 @ 1')
    expect(await someone(desk).say('history BYND')).toBe('📜 Nothing happened in BYND yet.')
  })
})

describe('watch', () => {
  test('in another thread shows the last events there, and follows on', async ({ alice }) => {
    await alice.say('long BYND 3 @ 1')
    await alice.say('scaleout fast 2')
    await runNextChunk(desk, clock)
    const there = alice.in(`${alice.thread}-watching`)
    const shown = (await there.say('watch BYND')).split('\n')
    expect(shown[0]).toBe('👁 WATCHING BYND')
    expect(shown.slice(1, -1).map((line) => line.replace(/^.* E[SD]T · /, ''))).toEqual([
      'BYND opened LONG 3 @ $1.00',
      'BYND scaleout started: 2 in 2 chunks, fast',
      'BYND chunk 1/2: sold 1 @ $1.01, P&L $+0.01, 1 to go',
    ])
    expect(shown.at(-1)).toBe('💡 New events will appear here; `unwatch BYND` ends that')
    await runToTheEnd(desk, clock)
    await alice.say('close now')
    expect(await queued(desk, there.thread)).toEqual([
      '👁 BYND chunk 2/2: sold 1 @ $1.01, P&L $+0.01, 0 to go',
      '👁 BYND scaleout complete: 2 in 2 chunks, P&L $+0.02',
      '👁 BYND close: sold 1 @ $1.01, P&L $+0.01, 0 left',
    ])
  })

  test('shows the last five events, or as many as were asked for up to 50', async ({ alice }) => {
    await alice.say('long BYND 60 @ 1')
    for (let count = 0; count < 8; count++) await alice.say('trim 1')
    const events = (text: string) => text.split('\n').length - 2
    expect(events(await alice.say('watch BYND'))).toBe(5)
    expect(events(await alice.say('watch BYND 7'))).toBe(7)
    expect(events(await alice.say('watch BYND 5000'))).toBe(9)
  })

  test('in the thread where it happens tells nothing twice', async ({ alice }) => {
    await alice.say('long BYND 3 @ 1')
    await alice.say('watch BYND')
    await alice.say('close now')
    expect(await queued(desk, alice.thread)).toEqual([])
  })

  test('ends with unwatch, for one symbol or for all', async ({ alice }) => {
    const there = alice.in(`${alice.thread}-watching`)
    await there.say('watch BYND')
    await there.say('watch AAPL')
    expect(await there.say('unwatch AAPL')).toBe('✓ No longer watching AAPL here.')
    expect(await there.say('unwatch AAPL')).toContain('AAPL is not watched in this thread.')
    expect(await there.say('unwatch')).toBe('✓ No longer watching BYND here.')
    expect(await there.say('unwatch')).toContain('Nothing is watched in this thread.')
    await alice.say('long BYND 3 @ 1')
    expect(await queued(desk, there.thread)).toEqual([])
  })

  test("shows and follows nothing of anybody else's", async ({ alice, bob }) => {
    expect(await bob.say('watch BYND')).toContain('Nothing happened yet.')
    await alice.say('long BYND 3 @ 1')
    expect(await queued(desk, bob.thread)).toEqual([])
  })
})
