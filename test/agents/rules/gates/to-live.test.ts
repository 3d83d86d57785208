import { describe, expect, test } from 'vitest'
import { gateToLive, type PaperEvidence, type ToLiveLine } from '../../../../src/agents/rules/gates/to-live.ts'
import fc from '../../../support/fast-check.ts'
import { noiseFrom, returnsOf } from './noise.ts'

/** Returns that rise and fall in turn around a mean. */
const steady = (days: number, mean: number, swing: number) =>
  Array.from({ length: days }, (_, day) => mean + (day % 2 ? -swing : swing))
/** Trials of which the one that was chosen is the best everywhere. */
const trialReturns = [0.004, 0, 0].map((mean, trial) => steady(64, mean, 0.01 + trial / 1000))
const evidence = (more: Partial<PaperEvidence> = {}): PaperEvidence => ({
  days: 120,
  returns: steady(80, 0.004, 0.01),
  trades: { count: 60, won: 33, notLogged: 0 },
  trials: { count: 3, sharpes: [0.1, 0, -0.1], returns: trialReturns },
  parity: { nights: 80 },
  ...more,
})
const trades = (more: Partial<PaperEvidence['trades']>) => evidence({ trades: { ...evidence().trades, ...more } })
const lineOf = (of: PaperEvidence, name: ToLiveLine) => gateToLive(of).lines.find((line) => line.name === name)!
const short = (of: PaperEvidence, name: ToLiveLine) => {
  const { verdict, daysToGo } = lineOf(of, name)
  return daysToGo === undefined ? verdict : `${verdict} ${daysToGo}`
}
const of = (returns: number[], more: Partial<PaperEvidence> = {}) =>
  evidence({ returns, parity: { nights: returns.length }, ...more })

test('passes with everything shown', () => {
  const { verdict, lines, daysToGo } = gateToLive(evidence())
  expect(lines.filter((line) => line.verdict !== 'PASS')).toEqual([])
  expect([verdict, daysToGo, lines.length]).toEqual(['PASS', undefined, 14])
})

describe('each line on both sides', () => {
  test.for<[ToLiveLine, string, PaperEvidence, PaperEvidence]>([
    ['TIME', 'NOT_YET_SHOWN 1', evidence({ days: 14 }), evidence({ days: 13 })],
    ['TIME', 'NOT_YET_SHOWN 2', of(steady(10, 0.01, 0.001)), of(steady(9, 0.01, 0.001))],
    // 49 trades in 80 sessions: one more in two sessions, and three days of the calendar.
    ['TRADES', 'NOT_YET_SHOWN 3', trades({ count: 50 }), trades({ count: 49 })],
    ['TRADES', 'NOT_YET_SHOWN', trades({ count: 50 }), trades({ count: 0, won: 0 })],
    ['RETURN', 'FAIL', of([...Array(79).fill(0), 0.001]), of(Array(80).fill(0))],
    ['RETURN', 'NOT_YET_SHOWN 4', evidence(), evidence({ days: 10 })],
    // A Sharpe ratio of a year of 0.5 is one of a day of 0.0315, and the deviation of returns of ±1% is 1.006%.
    ['SHARPE', 'FAIL', of(steady(80, 0.00032, 0.01)), of(steady(80, 0.00031, 0.01))],
    ['SHARPE', 'NOT_YET_SHOWN', evidence(), of(Array(80).fill(0))],
    [
      'DRAWDOWN',
      'FAIL',
      of([0.2, -0.1499, ...steady(78, 0.004, 0.01)]),
      of([0.2, -0.1501, ...steady(78, 0.004, 0.01)]),
    ],
    ['WIN_RATE', 'FAIL', trades({ count: 100, won: 46 }), trades({ count: 100, won: 45 })],
    ['WIN_RATE', 'NOT_YET_SHOWN', evidence(), trades({ count: 0, won: 0 })],
    // A line at 1.645 deviations over 80 sessions is a Sharpe ratio of a day of 0.18666; one more session is two days.
    ['PSR', 'NOT_YET_SHOWN 2', of(steady(80, 0.0018785, 0.01)), of(steady(80, 0.0018775, 0.01))],
    ['PSR', 'FAIL', evidence(), of(steady(80, -0.001, 0.01))],
    ['DSR', 'FAIL', evidence(), evidence({ trials: { ...evidence().trials, sharpes: [1, 0, -1] } })],
    ['DSR', 'NOT_YET_SHOWN', evidence(), evidence({ trials: { ...evidence().trials, sharpes: [1, Number.NaN] } })],
    ['ANYTIME', 'FAIL', evidence(), of(steady(80, 0, 0.01))],
    [
      'PBO',
      'FAIL',
      evidence(),
      evidence({ trials: { ...evidence().trials, returns: Array(2).fill(Array(64).fill(0)) } }),
    ],
    [
      'PBO',
      'NOT_YET_SHOWN',
      evidence({ trials: { count: 1, sharpes: [], returns: [] } }),
      evidence({ trials: { ...evidence().trials, returns: [] } }),
    ],
    ['PARITY', 'NOT_YET_SHOWN 1', evidence(), evidence({ parity: { nights: 79 } })],
    ['PARITY', 'FAIL', evidence(), evidence({ parity: { nights: 80, firstDifference: '2026-12-01 AAPL' } })],
    [
      'PARITY',
      'NOT_YET_SHOWN 1',
      evidence({ parity: { nights: 80, daysSinceBreak: 14 } }),
      evidence({ parity: { nights: 80, daysSinceBreak: 13 } }),
    ],
    ['CRASHES', 'NOT_YET_SHOWN 14', evidence({ daysSinceCrash: 14 }), evidence({ daysSinceCrash: 0 })],
    ['PROVIDERS', 'NOT_YET_SHOWN 1', evidence({ daysSinceFailure: 14 }), evidence({ daysSinceFailure: 13 })],
    ['LOGGED', 'FAIL', evidence(), trades({ notLogged: 1 })],
  ])('%s is %s beyond it', ([name, refused, within, beyond]) => {
    expect(short(within, name)).toBe('PASS')
    expect(short(beyond, name)).toBe(refused)
    expect(gateToLive(beyond).verdict).toBe(
      gateToLive(beyond).lines.some(({ verdict }) => verdict === 'FAIL') ? 'FAIL' : 'NOT_YET_SHOWN',
    )
  })

  test('a difference is named', () => {
    const parity = { nights: 80, firstDifference: '2026-12-01 AAPL: BUY 10, recorded HOLD' }
    expect(lineOf(evidence({ parity }), 'PARITY').because).toBe('2026-12-01 AAPL: BUY 10, recorded HOLD')
  })

  test('a fall that is too deep fails before the time is over', () => {
    expect(short(of([-0.16], { days: 1 }), 'DRAWDOWN')).toBe('FAIL')
    expect(short(of([-0.14], { days: 1 }), 'DRAWDOWN')).toMatch('NOT_YET_SHOWN')
  })

  test('nothing at all is not shown, and has no days to go that anybody knows', () => {
    const none = evidence({ days: 0, returns: [], trades: { count: 0, won: 0, notLogged: 0 }, parity: { nights: 0 } })
    const { verdict, daysToGo } = gateToLive(none)
    expect([verdict, daysToGo]).toEqual(['NOT_YET_SHOWN', undefined])
  })
})

describe('days to go', () => {
  test('are those of the slowest line, and after as many at the present pace the gate passes', () => {
    const young = of(steady(20, 0.0025, 0.01), { days: 28, trades: { count: 20, won: 11, notLogged: 0 } })
    const { verdict, daysToGo } = gateToLive(young)
    expect(verdict).toBe('NOT_YET_SHOWN')
    expect(daysToGo).toBeGreaterThan(60)
    const sessions = 20 + Math.ceil((daysToGo! * 5) / 7)
    const count = sessions
    const grown = of(steady(sessions + (sessions % 2), 0.0025, 0.01), {
      days: 28 + daysToGo!,
      trades: { count, won: Math.ceil(count * 0.55), notLogged: 0 },
    })
    expect(gateToLive(grown).verdict).toBe('PASS')
  })
})

test('more of the same evidence takes no line that passes away, and more trials give none', () => {
  const statistics = ['TIME', 'TRADES', 'RETURN', 'SHARPE', 'PSR', 'ANYTIME', 'DSR'] as const
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 10, max: 40 }),
      fc.integer({ min: -2, max: 12 }),
      (seed, days, sharpe) => {
        const { heavy } = noiseFrom(seed)
        const returns = returnsOf(days, sharpe, heavy)
        const trials = { ...evidence().trials, returns: [] }
        const once = of(returns, { trials, days: days * 2, trades: { count: 60, won: 33, notLogged: 0 } })
        const twice = of([...returns, ...returns], {
          trials,
          days: days * 4,
          trades: { count: 120, won: 66, notLogged: 0 },
        })
        for (const name of statistics)
          if (short(once, name) === 'PASS') expect([name, short(twice, name)]).toEqual([name, 'PASS'])
        const more = { ...once, trials: { ...trials, count: 1000 } }
        expect(lineOf(more, 'DSR').figure!).toBeLessThanOrEqual(lineOf(once, 'DSR').figure!)
      },
    ),
  )
})
