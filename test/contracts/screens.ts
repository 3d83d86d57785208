import { expect, test } from 'vitest'
import { listStocks, stocks } from '../talk/commands/strategies/few-stocks.ts'
import type { Room } from './room.ts'

/**
 * The contract of every door for screens: the message that follows a run is edited at the platform's pace, its button is its member's, and the list of hits
 * leads on; a place where one is `alone` has lines instead.
 */
export function screensThrough(open: () => Room, { alone = false }: { alone?: boolean }): void {
  test('a screen is followed to its list, and its buttons lead on', async () => {
    const room = open()
    const { harness } = room
    const { alice, bob } = harness
    await room.ask(alice, 'long BYND 10 @ 1', /^✓ LONG/)
    const pass = holdBars(room)
    await room.ask(
      alice,
      'screen breakout',
      /^🔎 RUN 1 · Bullish breakout · all symbols of the market\n▱{10} 0% · starts now\n/,
    )
    if (!alone) {
      const refused = await room.after(() => harness.press(bob, 'Cancel run 1'), /^⚠️ /)
      expect(room.seen().find(({ text }) => text === refused)!.privateTo).toBe(bob.id)
    }
    harness.refuseEdits?.(2)
    pass()
    await seesInTime(room, /^🏁 RUN 1 · Bullish breakout: completed in /)
    const list = room.seen().find(({ text }) => text.startsWith('🏁'))!
    const columns = list.table ?? list.text.split('\n').filter((line) => /^ *\d+\. /.test(line))
    expect(columns).toHaveLength(10)
    expect(String(columns[0])).toMatch(/1\.,? *UP1,? *84\.75/)
    if (alone) {
      await seesInTime(room, /^🔎 RUN 1 ▰{10} 100% · completed in /)
      return
    }
    await seesInTime(room, /^🔎 RUN 1 · [\s\S]*\n▰{10} 100% · completed in /)
    const followed = room.seen().filter(({ text }) => text.startsWith('🔎 RUN 1 · '))
    expect(followed.map(({ edited, buttons }) => ({ edited, buttons }))).toEqual([{ edited: true, buttons: [] }])
    expect(list.buttons).toEqual([
      ...['UP1', 'UP2', 'UP3'].flatMap((symbol) => [`Chart ${symbol}`, `Watch ${symbol}`, `Buy ${symbol}`]),
      'More',
      'Run 1 again',
    ])
    await room.after(() => harness.press(alice, 'Buy UP1'), /How many UP1 do you want to buy\?/)
    await room.ask(alice, 'never mind', /Nothing was done/)
    await room.after(() => harness.press(alice, 'More'), /11\.,? *UP11 [\s\S]*12\.,? *UP12 /)
  })

  if (alone) return
  test('a run is cancelled by its button, and the message says so', async () => {
    const room = open()
    const { harness } = room
    await room.ask(harness.alice, 'long BYND 10 @ 1', /^✓ LONG/)
    const pass = holdBars(room)
    await room.after(() => harness.command(harness.alice, 'screen', { what: 'breakout min_score 60' }), /^🔎 RUN 1 · /)
    await room.after(
      () => harness.press(harness.alice, 'Cancel run 1'),
      /^🛑 RUN 1 · Bullish breakout: (is being )?cancelled/,
    )
    pass()
    await seesInTime(room, /^🔎 RUN 1 · .*\n▱{10} 0% · cancelled /)
    expect(room.seen().filter(({ text }) => text.startsWith('🏁'))).toEqual([])
  })
}

/** Waits for a message of a run, which begins with the start of threads. */
async function seesInTime(room: Room, expected: RegExp): Promise<void> {
  const found = () => room.seen().some(({ text }) => expected.test(text))
  await expect.poll(found, { timeout: 60_000, interval: 20, message: String(expected) }).toBe(true)
}

/** Lists the stocks, and lets reads of their bars wait until the returned function is called. */
function holdBars({ market }: Room): () => void {
  listStocks(market)
  const gate = Promise.withResolvers<void>()
  const { bars } = market
  market.bars = async (symbol, minutes, count) => {
    if (symbol in stocks) await gate.promise
    return bars(symbol, minutes, count)
  }
  return () => gate.resolve()
}
