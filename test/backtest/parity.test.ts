import { beforeAll, describe, expect, test } from 'vitest'
import { heldCurve } from '../../src/backtest/engine/held.ts'
import { type Outcome, simulate, type Traded } from '../../src/backtest/engine/simulate.ts'
import { figuresOf } from '../../src/backtest/figures/figures.ts'
import { smaCross } from '../../src/backtest/strategies/sma-cross.ts'
import { missing } from '../strategies/recorded.ts'
import { googBars } from './goog.ts'

/** The figures of `test_compute_stats` in the tests of backtesting.py at 9c2b8e1: crosses of SMA 10 and 30, $10,000, no costs. */
const published = {
  finalEquity: 51_422.99,
  equityPeak: 75_787.44,
  returnPct: 414.2299,
  buyAndHoldReturnPct: 522.0601851851853,
  annualReturnPct: 21.1910992,
  annualVolatilityPct: 36.4971609,
  cagrPct: 21.1602457,
  sharpe: 0.5806232,
  sortino: 1.0853434,
  calmar: 0.4416641,
  maxDrawdownPct: -47.98012705007589,
  avgDrawdownPct: -5.9258516,
  winRatePct: 46.96969696969697,
  bestTradePct: 53.5959525,
  worstTradePct: -18.39887353835481,
  avgTradePct: 2.531716,
  profitFactor: 2.167945974262033,
  expectancyPct: 3.2748078,
  sqn: 1.0766187356697705,
  kelly: 0.1518705127029717,
  exposurePct: 96.74115456238361,
  alphaPct: 394.37391142027462,
  beta: 0.03803390709192,
}

describe.skipIf(missing)(`the run of backtesting.py’s own test${missing}`, () => {
  let symbols: Traded[]
  let outcome: Outcome

  beforeAll(async () => {
    symbols = [{ symbol: 'GOOG', bars: await googBars() }]
    outcome = simulate({
      strategy: smaCross,
      parameters: { fast: 10, slow: 30, direction: 'both' },
      symbols,
      cash: 10_000,
    })
  })

  test('has every one of its figures', () => {
    const figures = figuresOf(outcome, heldCurve(symbols))
    for (const [name, value] of Object.entries(published)) {
      expect(Math.abs((figures[name as keyof typeof published] as number) - value), name).toBeLessThan(1e-6)
    }
    expect(figures).toMatchObject({ trades: 66, maxDrawdownDays: 584, avgDrawdownDays: 41 })
    expect(figures).toMatchObject({ maxTradeDays: 183, avgTradeDays: 46 })
  })

  test('decides first after the bar of index 30, and the profit of its trades is the whole change', () => {
    expect(outcome.firstDecision).toBe(30)
    const profit = outcome.trades.reduce((sum, trade) => sum + trade.profit, 0)
    expect(profit).toBeCloseTo(outcome.equity.at(-1)! - 10_000, 6)
    expect(outcome.trades.at(-1)).toMatchObject({ reason: 'end', exitDay: outcome.days.at(-1) })
  })

  test('is the same, bit for bit, when it comes twice', () => {
    const again = simulate({
      strategy: smaCross,
      parameters: { fast: 10, slow: 30, direction: 'both' },
      symbols,
      cash: 10_000,
    })
    expect(again.trades).toEqual(outcome.trades)
    expect(Buffer.from(again.equity.buffer).equals(Buffer.from(outcome.equity.buffer))).toBe(true)
  })
})
