import { expect, test } from 'vitest'
import { gateToLive } from '../../../src/agents/rules/gates/to-live.ts'
import { gateToPaper } from '../../../src/agents/rules/gates/to-paper.ts'
import { gateText, lineText } from '../../../src/talk/wording/gate-lines.ts'

const steady = (days: number) => Array.from({ length: days }, (_, day) => 0.003 + (day % 2 ? -0.01 : 0.01))
const reading = gateToLive({
  ...{ days: 28, returns: steady(20), trades: { count: 40, won: 17, notLogged: 0 } },
  ...{
    trials: { count: 1, sharpes: [], returns: [] },
    parity: { nights: 20, firstDifference: '2026-12-01 AAPL: BUY 10' },
  },
})

test('every line has its verdict, its figure, its line, and days to go', () => {
  expect(gateText(reading, 'real money')).toBe(
    [
      '🚦 GATE TO REAL MONEY: FAIL',
      '✅ Time on paper: 28 days, needs at least 14 days · PASS',
      '⏳ Trades: 40, needs at least 50 · NOT YET SHOWN, 7 days to go at the present pace',
      '✅ Return: 6.1%, needs more than 0% · PASS',
      '✅ Sharpe ratio: 4.64, needs more than 0.50 · PASS',
      '✅ Deepest fall: 0.7%, needs less than 15% · PASS',
      '❌ Trades won: 42.5%, needs more than 45% · FAIL',
      '⏳ Chance that the true Sharpe ratio is above zero (PSR): 89.4%, needs at least 95% · NOT YET SHOWN, 20 days to go at the present pace',
      '⏳ The same after all that was tried (DSR): 89.4%, needs at least 95% · NOT YET SHOWN, 20 days to go at the present pace',
      '⏳ Deviations above zero, with a look every day: 1.25, needs at least 3.26 · NOT YET SHOWN, 105 days to go at the present pace',
      '✅ Chance that the choice was overfitted (PBO): needs at most 50%, nothing was chosen · PASS',
      '❌ Nights on which the backtest decided the same: 20, needs all of 20, 2026-12-01 AAPL: BUY 10 · FAIL',
      '✅ Time since a crash: needs at least 14 days · PASS',
      '✅ Time since a provider failed: needs at least 14 days · PASS',
      '✅ Trades that are not in the log: 0, needs at most 0 · PASS',
    ].join('\n'),
  )
})

test('a figure is not said to be its line when it is not', () => {
  const line = { name: 'WIN_RATE', verdict: 'FAIL', figure: 0.45001, needs: 0.45, unit: 'share' } as const
  expect(lineText(line)).toContain('45.001%, needs more than 45%')
  expect(lineText({ ...line, figure: 0.45 })).toContain('45%, needs more than 45%')
})

test('the way to paper has words, too', () => {
  const hash = 'a'.repeat(64)
  const none = gateToPaper({ training: { episodes: [], cardHash: hash, fileHash: 'b' }, baselines: [] })
  expect(gateText(none, 'paper').split('\n').slice(0, 4)).toEqual([
    '🚦 GATE TO PAPER: FAIL',
    '⏳ Episodes of training: 0, needs at least 100 · NOT YET SHOWN',
    '⏳ Chance that the last quarter of them is better than the first: needs at least 95% · NOT YET SHOWN',
    '❌ The model is the one on its card: the file is not the one on its card · FAIL',
  ])
})
