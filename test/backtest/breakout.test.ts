import { expect, test } from 'vitest'
import { lookahead } from '../../src/backtest/checks/lookahead.ts'
import { recursive } from '../../src/backtest/checks/recursive.ts'
import { simulate } from '../../src/backtest/engine/simulate.ts'
import { breakout } from '../../src/backtest/strategies/breakout.ts'
import { lastBars } from '../../src/strategies/engine/bars/slice.ts'
import { breakout as screener } from '../../src/strategies/screeners/breakout.ts'
import { madeBars, sessionsFrom } from '../strategies/made-bars.ts'

const days = sessionsFrom('2013-01-02', 900)
const symbols = ['AAA', 'BBB', 'CCC'].map((symbol, at) => ({ symbol, bars: madeBars(days, at + 1) }))
const asked = (given: object) => ({
  strategy: breakout,
  parameters: breakout.parameters.parse(given) as Parameters<typeof breakout.prepare>[1],
  ...{ symbols, cash: 100_000 },
})

test('a breakout is bought at the open after the screener passes, on the bars that were known, and left by its bracket', () => {
  const given = { min_score: 40, min_volume_multiple: 0 }
  const { trades } = simulate(asked(given))
  expect(trades.length).toBeGreaterThan(5)
  const parameters = screener.parameters.parse(given) as Parameters<typeof screener.score>[1]
  for (const { symbol, entryDay, entryPrice, exitPrice, reason } of trades) {
    const { bars } = symbols.find((one) => one.symbol === symbol)!
    const at = bars.days.indexOf(entryDay)
    expect(screener.score(lastBars(bars, screener.barsUsed, bars.days[at - 1]!), parameters, {}).passed).toBe(true)
    expect(entryPrice).toBe(bars.open[at])
    expect(['stop', 'target', 'end']).toContain(reason)
    if (reason === 'stop') expect(exitPrice).toBeLessThanOrEqual(0.92 * entryPrice + 1e-9)
    if (reason === 'target') expect(exitPrice).toBeGreaterThanOrEqual(1.2 * entryPrice - 1e-9)
  }
})

test('a breakout reads no later bar, and does the same with less history', () => {
  const test = asked({ min_score: 40, min_volume_multiple: 0, trail: 5 })
  expect(lookahead(test)).toBeUndefined()
  expect(recursive(test)).toBeUndefined()
})
