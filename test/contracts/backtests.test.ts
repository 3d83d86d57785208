import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pictureOf } from '../../src/strategies/runs/rows/reports.ts'
import { decoded } from '../charts/pixels.ts'
import { marketBars } from '../prediction/forecaster/market-bars.ts'
import { walkingBars } from '../prediction/forecaster/walking-bars.ts'
import { listStocks, stocks } from '../talk/commands/strategies/few-stocks.ts'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'
import { createTerminalHarness } from './terminal-harness.ts'

const doors: [string, () => DoorHarness | Promise<DoorHarness>, alone: boolean][] = [
  ['Discord in a thread', () => createDiscordHarness('thread'), false],
  ['Slack by Socket Mode', () => createSlackHarness('socket'), false],
  ['a terminal', createTerminalHarness, true],
]

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())

describe.each(doors)('models and backtests through %s', (_, createHarness, alone) => {
  let room: Room
  beforeEach(async () => {
    room = await openRoom(await createHarness(), ground)
    await room.ask(room.harness.alice, 'long BYND 10 @ 1', /^✓ LONG/)
  })
  afterEach(() => room.close())

  const begins = /^🧪 RUN 1 · Backtest Buy and hold · UP1 · all days\n▱{10} 0% · starts now\n/

  test('a forecast comes with its picture, typed and by the command of the platform; a signal and the models come in words', {
    timeout: 120_000,
  }, async () => {
    const { harness, market } = room
    listYear(market)
    const text = await room.ask(
      harness.alice,
      'forecast AAPL',
      /^🔮 FORECAST — AAPL, from \$[\d.]+ at the close of 2017-/,
    )
    expect(text).toMatch(/\nRange: ±[\d.]+% in 21 days \(68%\)[\s\S]*\nDirection: no edge shown \(IC /)
    const pictures = () => room.seen().flatMap(({ files = [] }) => files)
    await expect.poll(() => pictures().length, { timeout: 60_000 }).toBe(1)
    await room.after(() => harness.command(harness.alice, 'forecast', { symbol: 'AAPL' }), /^🔮 FORECAST — AAPL/)
    await expect.poll(() => pictures().length, { timeout: 60_000 }).toBe(2)
    const [typed, commanded] = pictures()
    expect(await decoded(typed!.bytes)).toMatchObject({ width: 1040 })
    expect(commanded!.bytes.equals(typed!.bytes)).toBe(true)
    if (alone) expect(text).toMatch(/\n[▁▂▃▄▅▆▇█]{2,60}\n🖼️ .+\.png$/)
    else
      expect(typed).toMatchObject({
        name: 'aapl-forecast.png',
        alt: expect.stringMatching(/^Closes of AAPL and its ranges of the next 100 trading days\. Range: ±/),
      })
    const signal = await room.ask(
      harness.alice,
      'signal AAPL',
      /^🧭 SIGNAL — AAPL, from \$[\d.]+ at the close of 2017-/,
    )
    expect(signal).toMatch(/\nThe policy would [\s\S]*\n✗ No edge is shown in its tests\n✓ It is good until 2019-01-10/)
    const models = await room.after(() => harness.command(harness.alice, 'models', {}), /^🧠 MODELS\nforecaster: on\n/)
    expect(models).toMatch(/\npolicy: on, out of the money path\n/)
  })

  test('a backtest is followed to its figures, which come once, with its picture as it was drawn', async () => {
    const { harness, desk } = room
    const pass = holdBars(room)
    await room.ask(harness.alice, 'backtest buy-and-hold UP1', begins)
    pass()
    const done = /^🏁 RUN 1 · Backtest Buy and hold: completed in /
    await seesInTime(room, done)
    await expect.poll(() => room.seen().flatMap(({ files = [] }) => files).length, { timeout: 60_000 }).toBe(1)
    const [shown] = room.seen().flatMap(({ files = [] }) => files)
    const kept = await pictureOf(desk.parts.db, 1)
    expect(shown!.bytes.equals(kept!)).toBe(true)
    expect(await decoded(shown!.bytes)).toMatchObject({ width: 1040, height: 780 })
    const told = room.seen().filter(({ text }) => done.test(text))
    expect(told).toHaveLength(1)
    if (alone) {
      expect(told[0]!.text).toMatch(/\n[▁▂▃▄▅▆▇█]{2,60}\n🖼️ .+\.png$/)
      return
    }
    expect(shown!.name).toBe('run-1-backtest.png')
    expect(shown!.alt).toMatch(
      /^Equity of run 1, buy-and-hold over UP1, beside buy-and-hold, .* return \+[\d.]+% against /,
    )
    expect(told[0]!.buttons).toEqual(['Trades', 'Run 1 again'])
    await seesInTime(room, /^🧪 RUN 1 · [\s\S]*\n▰{10} 100% · completed in /)
    const followed = room.seen().filter(({ text }) => text.startsWith('🧪 RUN 1 · '))
    expect(followed.map(({ edited, buttons }) => ({ edited, buttons }))).toEqual([{ edited: true, buttons: [] }])
    await room.after(() => harness.press(harness.alice, 'Trades'), /^🧪 RUN 1 · .* · trades 1 to 1/)
  })

  if (alone) return
  test('a backtest is cancelled by its button, while another goes on', async () => {
    const { harness } = room
    const pass = holdBars(room)
    await room.after(() => harness.command(harness.alice, 'backtest', { what: 'buy-and-hold UP1' }), begins)
    await room.ask(
      harness.alice,
      'backtest bracket UP2 stop 5% target 10%',
      /^🧪 RUN 2 · Backtest Bracket · UP2 · all days\n/,
    )
    await room.after(
      () => harness.press(harness.alice, 'Cancel run 1'),
      /^🛑 RUN 1 · Backtest Buy and hold: (is being )?cancelled/,
    )
    pass()
    await seesInTime(room, /^🧪 RUN 1 · .*\n▱{10} 0% · cancelled before it /)
    await seesInTime(room, /^🏁 RUN 2 · Backtest Bracket: completed in /)
    expect(room.seen().filter(({ text }) => text.startsWith('🏁 RUN 1 '))).toEqual([])
  })
})

/** Lists two shares with daily bars up to 2017, when the shipped models are as good as new. */
function listYear(market: Room['market']): void {
  market.list('SPY', '100')
  for (const [seed, symbol] of ['AAPL', 'SPY'].entries()) {
    const { days, ...bars } = walkingBars(400, seed + 1)
    const earlier = days.map((day) => `${Number(day.slice(0, 4)) - 4}${day.slice(4)}`)
    market.give(symbol, 1440, marketBars({ ...bars, days: earlier }))
  }
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
