import { describe, expect } from 'vitest'
import { madeBars } from '../../../strategies/runs/made-bars.ts'
import { deskTest } from '../../../support/desk-test.ts'
import { listOf, posted, storedReply } from './listed.ts'

/** Reads of bars wait while this is closed. */
let gate = Promise.withResolvers<void>()
gate.resolve()
const bars = madeBars(30)
bars.before = () => gate.promise
const { test, desk } = deskTest({ runs: { bars } })
const close = () => {
  gate = Promise.withResolvers<void>()
}
test.afterEach(() => gate.resolve())

describe('a backtest', () => {
  test('is one message that follows it, and one with its figures beside buy-and-hold, its picture and its buttons', async ({
    alice,
  }) => {
    await alice.say('long BYND 10 @ 1')
    expect(await alice.say('backtest sma-cross S001 2025-10-01..2026 fast 5 slow 20 cash 20,000 commission 0.1%')).toBe(
      [
        '🧪 RUN 1 · Backtest SMA cross · S001 · 2025-10-01 to 2026-12-31 · fast 5 · slow 20 · cash 20000 · commission 0.1',
        '▱▱▱▱▱▱▱▱▱▱ 0% · starts now',
        '💡 `cancel run 1` ends it',
      ].join('\n'),
    )
    const said = await listOf(desk, alice, 1)
    expect(said).toMatch(
      /^🏁 RUN 1 · Backtest SMA cross: completed in [\d.]+ s\nS001 · .* · 2025-10-01 to 2026-11-27, \d+ days · made\n/,
    )
    for (const line of [
      /\nReturn [+-][\d.,]+% · buy and hold [+-][\d.,]+%\n/,
      /\nMax drawdown (-[\d.]+|0\.00)% · buy and hold (-[\d.]+|0\.00)%\n/,
      /\nSharpe (-?[\d.]+|none) · buy and hold (-?[\d.]+|none)\n/,
      /\n\$20,000\.00 → \$[\d,.]+\n/,
      /\n\d+ trades · [\d.]+% won · /,
      /\nExposure [\d.]+% · /,
      /\nCosts: commission 0\.1% · \$[\d.,]+ of fees\n/,
      /📐 A decision after a close is carried out at the next open; /,
    ])
      expect(said).toMatch(line)
    const stored = await storedReply(desk, /^🏁 RUN 1 · Backtest SMA cross/)
    expect(stored.columns!.columns.map(({ head }) => head)).toEqual(['Figure', 'Strategy', 'Buy and hold'])
    expect(stored.actions!.flat().map(({ label }) => label)).toEqual(['Trades', 'Run 1 again'])
    expect(stored.kept).toMatchObject({
      name: 'run-1-backtest.png',
      alt: expect.stringContaining('beside buy-and-hold'),
    })
    const [shown] = await alice.hear('run 1')
    expect(`${shown!.text}\n· ${alice.name}`).toBe(said)
    const [picture] = shown!.pictures!
    expect([...picture!.png.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG')
    const [trades] = await alice.act(stored, 'Trades')
    expect(trades!.text).toMatch(/^🧪 RUN 1 · .* · trades 1 to \d+\n1\. S001 (long|short) [\d,]+ · 20\d\d-/)
  })

  test('waits its turn beside another, is cancelled once by its member alone, and goes on as `rerun`', async ({
    alice,
    bob,
  }) => {
    for (const one of [alice, bob]) await one.say('long BYND 10 @ 1')
    close()
    const [first] = await alice.hear('backtest hold S001 S002')
    await bob.say('backtest bracket S003 stop 5% target 10%')
    expect(await alice.say('backtest bracket S004')).toMatch(/\n▱+ 0% · (1 run is|2 runs are) before it, /)
    expect(await alice.say('run 1')).toMatch(/^🧪 RUN 1 · Backtest Buy and hold · S001, S002 · all days\n▱+ 0% · /)
    await expect
      .poll(() => alice.say('screen queue'))
      .toMatch(
        /^🔎 QUEUE \(2 at once\)\nBacktest Buy and hold \(run 1\) · .*\nBacktest Bracket \(somebody else’s\) · .*\nBacktest Bracket \(run 2\) · place 1/,
      )
    expect((await bob.act(first!, 'Cancel run 1'))[0]!.text).toMatch(/^⚠️ /)
    expect((await alice.act(first!, 'Cancel run 1'))[0]!.text).toMatch(
      /^🛑 RUN 1 · Backtest Buy and hold: (is being )?cancelled/,
    )
    gate.resolve()
    expect(await listOf(desk, alice, 1)).toBe(
      `🛑 RUN 1 · Backtest Buy and hold: cancelled before it was done\n💡 \`rerun 1\` runs it again\n· ${alice.name}`,
    )
    expect(await alice.say('cancel run 1')).toContain('was cancelled already.')
    expect(await listOf(desk, bob, 1)).toMatch(/^🏁 RUN 1 · Backtest Bracket: completed in /)
    expect(await listOf(desk, alice, 2)).toMatch(/^🏁 RUN 2 · Backtest Bracket: completed in /)
    expect(await alice.say('results 1')).toContain('Run 1 made no trades.')
    expect(await alice.say('compare run 1 2')).toContain('Run 1 has no figures: cancelled before it was done.')
    expect(await alice.say('rerun 1')).toMatch(/^🧪 RUN 3 · Backtest Buy and hold · S001, S002 · all days\n/)
    expect(await listOf(desk, alice, 3)).toMatch(/^🏁 RUN 3 /)
    expect(await alice.say('runs')).toMatch(
      /\n3\. Backtest Buy and hold · .* · completed · .*\n2\. Backtest Bracket · .*\n1\. Backtest Buy and hold · .* · cancelled · /,
    )
    for (const text of ['results 3', 'run 3', 'rerun 3']) expect(await bob.say(text)).toContain('You have no run 3.')
    expect(await alice.say('template save mine 3')).toContain('a template keeps a screen')
  })

  test('is compared with another in one picture, and the settings that differ are named', async ({ alice }) => {
    await alice.say('long BYND 10 @ 1')
    await alice.say('backtest sma-cross S002 fast 5 slow 20')
    await listOf(desk, alice, 1)
    await alice.say('backtest sma-cross S002 fast 10 slow 40')
    expect(await listOf(desk, alice, 2)).toContain('`compare run 1 2` puts it beside the one before')
    const [compared] = await alice.hear('compare run 1 2')
    expect(compared!.text).toMatch(
      /^🧪 RUNS 1 AND 2\nRUN 1 · .*\nRUN 2 · .*\nDiffer in: fast 5 → 10 · slow 20 → 40\nReturn [+-][\d.]+% · [+-][\d.]+%\n/,
    )
    expect(compared!.columns!.columns.map(({ head }) => head)).toEqual(['Figure', 'Run 1', 'Run 2'])
    expect(compared!.pictures![0]!.name).toBe('runs-1-2.png')
    expect(await alice.say('compare run 2')).toMatch(/^🧪 RUNS 1 AND 2\n/)
    await alice.say('screen breakout')
    await posted(desk, alice, /^🏁 RUN 3 · Bullish breakout/)
    expect(await alice.say('compare run 1 3')).toContain('Run 3 is a screen and run 1 a backtest')
  })

  test('that fails says why in a sentence, and what may be done', async ({ alice }) => {
    await alice.say('backtest sma-cross S001 fast 200 slow 400')
    expect(await listOf(desk, alice, 1)).toBe(
      [
        '⚠️ RUN 1 · Backtest SMA cross: failed before it was done',
        'S001 has 300 bars, 2025-09-19 to 2026-11-27 up to the last day; sma-cross needs 403 of which 3 are in the run.',
        '💡 `rerun 1` runs it again',
      ].join('\n'),
    )
  })
})

describe('the words of a backtest', () => {
  test('alone explain it and ask for the strategy, and then for symbols', async ({ alice }) => {
    const [which] = await alice.hear('backtest')
    expect(which!.text).toMatch(
      /^🧪 BACKTESTS play a strategy over recorded days, .*\n {2}1️⃣ {2}SMA cross \(`sma-cross`\) - Long when/,
    )
    const asked = await alice.say('1')
    expect(asked).toMatch(/^❓ SMA cross: over which symbols\?\n/)
    expect(await alice.say('S005 last 3 months')).toMatch(/^🧪 RUN 1 · Backtest SMA cross · S005 · the last 3 months\n/)
    expect(await listOf(desk, alice, 1)).toContain(' · 2026-08-27 to 2026-11-27, ')
  })

  test('ask for a wrong value in words with its range, and go on with the answer', async ({ alice }) => {
    expect(await alice.say('backtest bracket S001 stop 120%')).toBe(
      '⚠️ `stop` takes a number from 0 to 95. `120` is not that.\n❓ Which `stop`? It takes a number from 0 to 95.\n💡 Reply with a value, or `never mind`',
    )
    expect(await alice.say('7')).toMatch(/^🧪 RUN 1 · Backtest Bracket · S001 · all days · stop 7\n/)
    expect(await alice.say('backtest sma-cross S001 fast 50 slow 20')).toBe(
      '⚠️ fast 50 must be shorter than slow 20. Nothing was started.',
    )
    expect(await alice.say('backtest bracket S001 2026..2025')).toContain(
      'The last day, 2025-12-31, is before the first, 2026-01-01.',
    )
    expect(await alice.say('backtest sma-cross S001 from 2024-13')).toMatch(/`from` takes a day such as 2005-01-03, /)
    await alice.say('never mind')
    expect(await alice.say('backtest bracket ZZZZ')).toMatch(
      /^⚠️ I did not understand "zzzz": it is no symbol of this market, and no parameter of bracket\. Nothing was started\.\n/,
    )
    await alice.say('backtest bracket S001')
    const [slip] = await alice.hear('backtest sma-cross S001 comission 1')
    expect(slip!.text).toMatch(/^🤔 Did you mean `backtest sma-cross s001 commission 1`\?/)
    expect((await alice.press(slip!, 'yes'))[0]!.text).toMatch(
      /^🧪 RUN 3 · Backtest SMA cross · S001 · all days · commission 1\n/,
    )
    expect(await alice.say('backtest sma-cross S001 wobble')).toMatch(
      /^⚠️ I did not understand "wobble": it is no symbol of this market, and no parameter of sma-cross\. Nothing was started\./,
    )
  })

  test('that are said to others are talk', async ({ alice }) => {
    for (const text of ['backtest that idea first', 'backtest results look great'])
      expect(await alice.hear(text, { addressed: false })).toEqual([])
  })
})
