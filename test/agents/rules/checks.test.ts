import { describe, expect, test } from 'vitest'
import { checksBefore, standingOf } from '../../../src/agents/rules/checks.ts'
import type { AgentOrder, Facts } from '../../../src/agents/rules/facts.ts'
import { type AgentLimits, liveLimits } from '../../../src/agents/rules/limits.ts'
import { Big } from '../../../src/base/amounts.ts'
import { daily, facts, held, session, wanted, waves } from './cases.ts'

const limits = liveLimits(1)
/** Limits of which only those that are named can refuse. */
const only = (more: Partial<AgentLimits>): AgentLimits => ({
  ...{ ...limits, ...open },
  ...more,
})
const ten = new Big(10)
const open = { size: ten, heat: ten, exposure: ten, deployed: new Big(1e9), sector: ten, correlation: new Big(1) }

const short = (order: AgentOrder, of: Facts, by: AgentLimits = limits) => {
  const { passes, refusing, largest } = checksBefore(order, of, by)
  return passes ? 'passes' : `${refusing!.code} ${largest.toFixed()}`
}
const figure = (order: AgentOrder, of: Facts, code: string, by: AgentLimits = limits) =>
  checksBefore(order, of, by).checks.find((one) => one.code === code)?.figure

const minutesLater = (from: Date, minutes: number) => new Date(from.getTime() + minutes * 60_000)
const heldTech = [held('MSFT', 10)]

describe('each check on both sides of its line', () => {
  /** A case that passes, and the same just beyond the line. */
  const cases: [string, [AgentOrder, Facts, AgentLimits?], [AgentOrder, Facts, AgentLimits?]][] = [
    ['POSITION_TOO_LARGE 10', [wanted(10), facts()], [wanted(11), facts()]],
    [
      'POSITION_TOO_LARGE 4',
      [
        wanted(4),
        facts({
          positions: [held('AAPL', 4)],
          working: [{ symbol: 'AAPL', side: 'buy', left: new Big(2), price: new Big(100) }],
        }),
        only({ size: new Big('0.1') }),
      ],
      [
        wanted(5),
        facts({
          positions: [held('AAPL', 4)],
          working: [{ symbol: 'AAPL', side: 'buy', left: new Big(2), price: new Big(100) }],
        }),
        only({ size: new Big('0.1') }),
      ],
    ],
    [
      'DEPLOYED_EXCEEDED 10',
      [wanted(10), facts({ positions: heldTech }), only({ deployed: new Big(2000) })],
      [wanted(11), facts({ positions: heldTech }), only({ deployed: new Big(2000) })],
    ],
    [
      'EXPOSURE_EXCEEDED 10',
      // What is short counts as what is long.
      [wanted(10), facts({ positions: [held('GOOGL', -20)] }), only({ exposure: new Big('0.3') })],
      [wanted(11), facts({ positions: [held('GOOGL', -20)] }), only({ exposure: new Big('0.3') })],
    ],
    [
      'SECTOR_EXCEEDED 30',
      [wanted(30), facts({ positions: [...heldTech, held('GOOGL', 40)] }), only({ sector: new Big('0.4') })],
      [wanted(31), facts({ positions: [...heldTech, held('GOOGL', 40)] }), only({ sector: new Big('0.4') })],
    ],
    [
      'HEAT_EXCEEDED 100',
      // $3 a unit: $2 to the stop, and half of a range of $2. Ten units of MSFT take $30 and these $300 and $3: $600 is allowed.
      [wanted(100), facts({ positions: [held('MSFT', 100)] }), only({ heat: new Big('0.06') })],
      [wanted(101), facts({ positions: [held('MSFT', 100)] }), only({ heat: new Big('0.06') })],
    ],
    [
      'HEAT_EXCEEDED 6',
      [wanted(6, { stop: undefined }), facts(), only({ heat: new Big('0.06') })],
      [wanted(7, { stop: undefined }), facts(), only({ heat: new Big('0.06') })],
    ],
    [
      'HEAT_EXCEEDED 6',
      [wanted(6), facts({ ranges: new Map() }), only({ heat: new Big('0.06') })],
      [wanted(7), facts({ ranges: new Map() }), only({ heat: new Big('0.06') })],
    ],
    [
      'TOO_VOLATILE 0',
      [wanted(1), facts({ volatility: { now: 0.8, median: 0.5 } })],
      [wanted(1), facts({ volatility: { now: 0.8001, median: 0.5 } })],
    ],
    [
      'TOO_VOLATILE 0',
      [wanted(1), facts({ volatility: { now: 0.4, median: 0.2 } })],
      [wanted(1), facts({ volatility: { now: 0.401, median: 0.2 } })],
    ],
    ['TOO_VOLATILE 0', [wanted(1), facts()], [wanted(1), facts({ volatility: undefined })]],
    ['DAY_LOSS 0', [wanted(1), facts({ equity: new Big('9850.01') })], [wanted(1), facts({ equity: new Big('9800') })]],
    [
      'DAY_LOSS 0',
      // Money that was put in is no profit: 10,100 with 300 put in is a loss of 200.
      [wanted(1), facts({ equity: new Big('10100'), flows: new Big(200), peak: new Big(10_100) })],
      [wanted(1), facts({ equity: new Big('10100'), flows: new Big(300), peak: new Big(10_100) })],
    ],
    ['DRAWDOWN 0', [wanted(1), facts({ peak: new Big('11267') })], [wanted(1), facts({ peak: new Big('11765') })]],
    ['API_FAILING 0', [wanted(1), facts({ failures: 1 })], [wanted(1), facts({ failures: 3 })]],
    ['AGENT_HALTED 0', [wanted(1), facts()], [wanted(1), facts({ isHalted: true })]],
    ['AGENT_REDUCING 0', [wanted(1), facts({ failures: 1 })], [wanted(1), facts({ failures: 2 })]],
    [
      'AGENT_REDUCING 0',
      [wanted(1), facts({ equity: new Big('9850.01') })],
      [wanted(1), facts({ equity: new Big('9850') })],
    ],
    ['TOO_MANY_TRADES 0', [wanted(1), facts({ trades: { today: 4 } })], [wanted(1), facts({ trades: { today: 5 } })]],
    [
      'TOO_SOON 0',
      [wanted(1), facts({ trades: { today: 1, secondsSince: 300 } })],
      [wanted(1), facts({ trades: { today: 1, secondsSince: 299.9 } })],
    ],
    [
      'OUTSIDE_HOURS 0',
      [wanted(1), facts({ at: minutesLater(session.open, 30) })],
      [wanted(1), facts({ at: minutesLater(session.open, 29.9) })],
    ],
    [
      'OUTSIDE_HOURS 0',
      [wanted(1), facts({ at: minutesLater(session.close, -30.1) })],
      [wanted(1), facts({ at: minutesLater(session.close, -30) })],
    ],
    ['OUTSIDE_HOURS 0', [wanted(1), facts({ session: 'always' })], [wanted(1), facts({ session: undefined })]],
    ['SYMBOL_NOT_ALLOWED 0', [wanted(1, { symbol: 'GOOGL' }), facts()], [wanted(1, { symbol: 'TSLA' }), facts()]],
    [
      'SHORT_NOT_ALLOWED 0',
      [wanted(1, { side: 'sell', stop: new Big(102) }), facts(), { ...limits, shorts: true }],
      [wanted(1, { side: 'sell', stop: new Big(102) }), facts()],
    ],
    [
      'STALE_DATA 0',
      [wanted(1), facts({ quote: { ageSeconds: 60, price: new Big(100) } })],
      [wanted(1), facts({ quote: { ageSeconds: 60.1, price: new Big(100) } })],
    ],
    [
      'SOURCES_DISAGREE 0',
      [wanted(1), facts({ quote: { ageSeconds: 1, price: new Big(100), second: new Big('100.5') } })],
      [wanted(1), facts({ quote: { ageSeconds: 1, price: new Big(100), second: new Big('100.51') } })],
    ],
    [
      'SOURCES_DISAGREE 0',
      [wanted(1), facts({ quote: { ageSeconds: 1, price: new Big(100), second: new Big(100) } })],
      [wanted(1), facts({ quote: { ageSeconds: 1, price: new Big(100), second: new Big(0) } })],
    ],
    ['MODEL_EXPIRED 0', [wanted(1), model({})], [wanted(1), model({ isExpired: true })]],
    ['OFF_DISTRIBUTION 0', [wanted(1), model({ far: 0.05 })], [wanted(1), model({ far: 0.051 })]],
    [
      'COVERAGE_LOST 0',
      // At most 82 of 100 within a range of 90% have a chance of 1.0007%, at most 81 one of 0.46%.
      [wanted(1), model({ coverage: { held: 82, of: 100 } })],
      [wanted(1), model({ coverage: { held: 81, of: 100 } })],
    ],
    [
      'COVERAGE_LOST 0',
      [wanted(1), model({ coverage: { held: 0, of: 0 } })],
      [wanted(1), model({ coverage: { held: 0, of: 3 } })],
    ],
  ]
  function model(more: Partial<NonNullable<Facts['model']>>) {
    return facts({ model: { isExpired: false, far: 0, coverage: { held: 90, of: 100 }, ...more } })
  }

  test.for(cases)('%s', ([refused, within, beyond]) => {
    expect(short(...within)).toBe('passes')
    expect(short(...beyond)).toBe(refused)
  })

  test('the cases leave no code out', () => {
    const tried = new Set([...cases.map(([refused]) => refused.split(' ')[0]!), 'TOO_CORRELATED'])
    const codes = checksBefore(wanted(1), facts(), limits).checks.map(({ code }) => code)
    expect(codes.filter((code) => !tried.has(code))).toEqual([])
    expect(tried.size).toBe(codes.length)
  })
})

describe('correlation', () => {
  const by = only({ correlation: new Big('0.8') })
  /** Two symbols whose returns are the same. */
  const alike = new Map([
    ['AAPL', waves.AAPL],
    ['MSFT', waves.AAPL],
    ['GOOGL', waves.GOOGL],
  ])

  test('two symbols that move as one hold at most 20% together on the same side', () => {
    const of = facts({ positions: [held('MSFT', 10)], returns: alike })
    expect(short(wanted(10), of, by)).toBe('passes')
    expect(short(wanted(11), of, by)).toBe('TOO_CORRELATED 10')
    const against = facts({ positions: [held('MSFT', -10)], returns: alike })
    expect(short(wanted(11), against, by)).toBe('passes')
  })

  test('too few days in common count as moving as one', () => {
    const few = new Map([...alike, ['AAPL', daily([0.01, -0.01])]])
    expect(short(wanted(11), facts({ positions: [held('MSFT', 10)], returns: few }), by)).toBe('TOO_CORRELATED 10')
  })

  test('a first position passes, and so does one that spreads the risk', () => {
    expect(short(wanted(30), facts(), by)).toBe('passes')
    expect(short(wanted(10), facts({ positions: [held('MSFT', 25)] }), by)).toBe('passes')
  })

  test('a book may not get more of one thing than the line, or than it is', () => {
    // The three do not correlate: the ratio of three equal ones is 1/√3, and of weights 1, 1 and n √(2 + n²)/(2 + n).
    const of = facts({ positions: [held('MSFT', 10), held('GOOGL', 10)] })
    expect(figure(wanted(10), of, 'TOO_CORRELATED', by)?.toNumber()).toBeCloseTo(1 / Math.sqrt(3), 12)
    // √(2 + n²) = 0.8·(2 + n): 0.36·n² − 2.56·n − 0.56 = 0, n = 7.3236…
    expect(short(wanted(73), of, by)).toBe('passes')
    expect(short(wanted(74), of, by)).toBe('TOO_CORRELATED 73')
    // A book of one symbol is as much of one thing as can be, and adding to it makes it no worse.
    expect(short(wanted(10), facts({ positions: [held('AAPL', 15)] }), by)).toBe('passes')
  })

  test('correlations are shrunk by the number of days', () => {
    const of = facts({ positions: [held('MSFT', 10)], returns: alike })
    // ρ = 1 over 56 days counts as 56/116: √(2 + 2·56/116)/2.
    expect(figure(wanted(10), of, 'TOO_CORRELATED', by)?.toNumber()).toBeCloseTo(Math.sqrt(2 + 112 / 116) / 2, 12)
  })
})

describe('the state', () => {
  const stateOf = (more: Partial<Facts>) => standingOf(facts(more), limits).state

  test('is REDUCING before it is HALTED', () => {
    const losses = ['10000', '9850.01', '9850', '9800.01', '9800', '5000']
    expect(losses.map((equity) => stateOf({ equity: new Big(equity) }))).toEqual([
      'ACTIVE',
      'ACTIVE',
      'REDUCING',
      'REDUCING',
      'HALTED',
      'HALTED',
    ])
    expect([0, 1, 2, 3, 4].map((failures) => stateOf({ failures }))).toEqual([
      'ACTIVE',
      'ACTIVE',
      'REDUCING',
      'HALTED',
      'HALTED',
    ])
    expect(['10000', '11267', '11268', '11764', '11765'].map((peak) => stateOf({ peak: new Big(peak) }))).toEqual([
      'ACTIVE',
      'ACTIVE',
      'REDUCING',
      'REDUCING',
      'HALTED',
    ])
  })

  test('names everything that halts, and a kept halt stays', () => {
    const { state, halts } = standingOf(facts({ equity: new Big(9000), peak: new Big(12_000), failures: 3 }), limits)
    expect([state, ...halts.map(({ code }) => code)]).toEqual(['HALTED', 'DAY_LOSS', 'DRAWDOWN', 'API_FAILING'])
    expect(standingOf(facts({ isHalted: true }), limits)).toMatchObject({ state: 'HALTED', halts: [] })
  })

  test('a position a quarter larger than allowed is to be closed, and until then nothing opens', () => {
    const just = facts({ positions: [held('AAPL', 12.5)] })
    expect(standingOf(just, limits)).toMatchObject({ state: 'ACTIVE', closes: [] })
    expect(short(wanted(1), just)).toBe('POSITION_TOO_LARGE 0')
    const more = facts({ positions: [held('AAPL', 12.6)] })
    expect(standingOf(more, limits)).toMatchObject({ state: 'REDUCING', closes: ['AAPL'] })
    expect(short(wanted(1, { symbol: 'GOOGL' }), more)).toBe('AGENT_REDUCING 0')
  })

  test('a book beyond the limits reduces, and closes no position by itself', () => {
    const positions = ['AAPL', 'MSFT', 'GOOGL'].map((symbol) => held(symbol, 12))
    const standing = standingOf(facts({ positions }), { ...limits, exposure: new Big('0.28') })
    expect(standing).toMatchObject({ state: 'REDUCING', closes: [] })
    expect(standing.reductions.map(({ code }) => code)).toEqual(['DEPLOYED_EXCEEDED', 'EXPOSURE_EXCEEDED'])
  })

  test('a model that is not fit reduces', () => {
    const model = { isExpired: true, far: 0, coverage: { held: 9, of: 10 } }
    expect(stateOf({ model })).toBe('REDUCING')
  })

  test('equity of nothing halts', () => {
    expect(stateOf({ equity: new Big(0), openingEquity: new Big(0), peak: new Big(0) })).toBe('HALTED')
  })
})
