import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../models/random.ts'
import { decide, type Seen } from '../../src/agents/decisions/decide.ts'
import type { AgentWish } from '../../src/agents/rules/agent.ts'
import { planOf } from '../../src/agents/rules/plan.ts'
import type { BacktestStrategy, Prepared, Trader } from '../../src/backtest/engine/port.ts'
import { simulate } from '../../src/backtest/engine/simulate.ts'
import { breakout } from '../../src/backtest/strategies/breakout.ts'
import { policyStrategy } from '../../src/backtest/strategies/policy/policy.ts'
import { smaCross } from '../../src/backtest/strategies/sma-cross.ts'
import { placeOf, stateCount, stateNames } from '../../src/prediction/policy/layout.ts'
import type { PolicyModel } from '../../src/prediction/policy/model.ts'
import { networkOf } from '../../src/prediction/policy/network.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { walkingBars } from '../prediction/forecaster/walking-bars.ts'
import { someBaseline } from '../prediction/policy/some-baseline.ts'
import { madeBars, sessionsFrom } from '../strategies/made-bars.ts'
import { swingingBars, upTo } from './recorded.ts'

const chance = chanceOf(5)
const weights = Float32Array.from({ length: (stateCount + 1) * 8 }, () => 2 * chance.next() - 1)
weights.set([9, -9], placeOf('day_move') * 8)
const card = {
  trainedTo: '2016-01-04',
  rays: false,
  data: { heldOut: [] as string[] },
} as unknown as PolicyModel['card']
/** A policy with weights at random, which remembers its account and often changes its mind. */
const fickle = policyStrategy(() => ({
  card,
  baseline: someBaseline,
  network: () => networkOf([stateCount, 8], weights),
}))

/** What a strategy saw and wished at each close of a backtest, as an agent would keep it. */
function playedBy(strategy: BacktestStrategy, parameters: Record<string, unknown>, bars: Columns): Required<Seen>[] {
  const kept: Required<Seen>[] = []
  const watched: BacktestStrategy = {
    ...strategy,
    prepare(...given): Prepared {
      const prepared = strategy.prepare(...given)
      return {
        ...prepared,
        decide(at, trader) {
          const wishes: AgentWish[] = []
          const { quantity, equity } = trader
          kept.push({ day: bars.days[at]!, quantity, equity, close: bars.close[at]!, wishes })
          const note =
            <Given extends unknown[]>(does: AgentWish['does'], act: (...args: Given) => void) =>
            (...args: Given) => {
              wishes.push({ does, ...(args.length > 0 && { what: args[0] }) })
              act(...args)
            }
          const heard: Trader = {
            quantity,
            equity,
            order: note('order', trader.order),
            close: note('close', trader.close),
            scaleout: note('scaleout', trader.scaleout),
            protect: note('protect', trader.protect),
            cancel: note('cancel', trader.cancel),
          }
          prepared.decide(at, heard)
        },
      }
    },
  }
  simulate({
    strategy: watched,
    parameters,
    symbols: [{ symbol: 'A', bars }],
    cash: 100_000,
    share: 0.1,
    atEnd: 'leave',
  })
  return kept
}

const cases = [
  {
    name: 'sma-cross',
    strategy: smaCross as unknown as BacktestStrategy,
    parameters: { fast: 3, slow: 8, direction: 'both' },
    bars: swingingBars(160),
    least: 10,
  },
  {
    name: 'breakout',
    strategy: breakout as unknown as BacktestStrategy,
    parameters: { min_score: 40, min_volume_multiple: 0, stop: 8, target: 20, trail: 0 },
    bars: madeBars(sessionsFrom('2013-01-02', 900), 1),
    least: 1,
  },
  { name: 'a policy', strategy: fickle, parameters: {}, bars: walkingBars(560, 3), least: 10 },
]

describe.each(cases)('$name, as an agent', ({ strategy, parameters, bars, least }) => {
  const played = playedBy(strategy, parameters, bars)

  test('decides at each close what the backtest decides, from what was seen then', () => {
    const orders = played.filter(({ wishes }) => wishes.length > 0)
    expect(orders.length).toBeGreaterThanOrEqual(least)
    for (const some of [played, played.slice(0, -1), played.slice(0, Math.ceil(played.length / 2))]) {
      const { day, wishes } = some.at(-1)!
      const made = decide({ strategy, parameters, bars: upTo(bars, bars.days.indexOf(day) + 1) }, some)!
      expect(made.wishes).toEqual(wishes)
      expect(made.difference).toBeUndefined()
    }
  })

  test('names the first decision that is another one now', () => {
    const at = played.findIndex(({ wishes }) => wishes.length > 0)
    const rows = JSON.parse(JSON.stringify(played)) as Seen[]
    rows[at] = { ...rows[at]!, wishes: [{ does: 'protect', what: { stop: 1 } }] }
    const planted = decide({ strategy, parameters, bars }, rows)!
    expect(planted.difference).toEqual({ day: played[at]!.day, kept: rows[at]!.wishes, now: played[at]!.wishes })
  })

  test('sees other bars in their hash, and none of before its warm-up', () => {
    const last = played.slice(-1)
    const hash = (own: Columns) => decide({ strategy, parameters, bars: own }, last)!.featuresHash
    const whole = hash(bars)
    const other = { ...bars, close: bars.close.slice() }
    other.close[bars.days.length - 2]! += 0.01
    expect(hash(other)).not.toBe(whole)
    expect(hash({ ...bars, open: bars.open.slice() })).toBe(whole)
  })
})

test('a split since then changes no decision: bars are made anew, and units of before count in those of now', () => {
  const [strategy, parameters] = [fickle, {}]
  const bars = walkingBars(560, 3)
  const played = playedBy(strategy, parameters, bars)
  const half = (column: Float64Array) => column.map((price) => price / 2)
  const split = { ...bars, open: half(bars.open), high: half(bars.high), low: half(bars.low), close: half(bars.close) }
  const { quantity, wishes, ...last } = played.at(-1)!
  const seen = [
    ...played.slice(0, -1).map(({ wishes: _, ...one }) => one),
    { ...last, quantity: 2 * quantity, close: last.close / 2 },
  ]
  const directions = (all: readonly AgentWish[]) =>
    all.map(({ does, what }) => [does, (what as { side?: string })?.side])
  expect(played.some(({ quantity: held }) => held !== 0)).toBe(true)
  expect(directions(decide({ strategy, parameters, bars: split }, seen)!.wishes)).toEqual(directions(wishes))
})

test('the state of a policy is kept as numbers by name, and that of an average as its series', () => {
  const bars = walkingBars(560, 3)
  const seen = [{ day: bars.days.at(-1)!, quantity: 0, equity: 100_000 }]
  const { numbers } = decide({ strategy: fickle, parameters: {}, bars }, seen)!
  expect(Object.keys(numbers)).toEqual(expect.arrayContaining([...stateNames]))
  const average = decide(
    { strategy: smaCross as unknown as BacktestStrategy, parameters: { fast: 3, slow: 8, direction: 'both' }, bars },
    seen,
  )!
  expect(Object.keys(average.numbers)).toEqual(['fast', 'slow'])
})

test('nothing is decided on too few bars, or on bars of another day', () => {
  const bars = swingingBars(160)
  const rule = {
    strategy: smaCross as unknown as BacktestStrategy,
    parameters: { fast: 3, slow: 8, direction: 'both' },
  }
  const seen = (day: string) => [{ day, quantity: 0, equity: 1 }]
  expect(decide({ ...rule, bars: upTo(bars, 8) }, seen(bars.days[7]!))).toBeUndefined()
  expect(decide({ ...rule, bars: upTo(bars, 9) }, seen(bars.days[8]!))).toBeDefined()
  expect(decide({ ...rule, bars }, seen(bars.days[100]!))).toBeUndefined()
})

describe('the orders of wishes', () => {
  const standing = { quantity: 0, equity: 100_000, close: 50, size: 0.1 }

  test('are an exit first, and an entry for the size', () => {
    const turn: AgentWish[] = [{ does: 'close' }, { does: 'order', what: { side: 'sell' } }]
    expect(planOf(turn, { ...standing, quantity: 30 })).toEqual({
      exit: { side: 'sell', units: 30 },
      enter: { side: 'sell' },
    })
    expect(planOf([{ does: 'close' }], standing)).toBeUndefined()
    expect(planOf([], { ...standing, quantity: 30 })).toBeUndefined()
    expect(planOf([{ does: 'close' }], { ...standing, quantity: -30 })).toEqual({ exit: { side: 'buy', units: 30 } })
  })

  test('take from the other side before they open, and open no more than the size', () => {
    const order = (side: 'buy' | 'sell', quantity: number): AgentWish[] => [
      { does: 'order', what: { side, quantity, levels: { stopShare: 0.05 } } },
    ]
    expect(planOf(order('sell', 10), { ...standing, quantity: 30 })).toEqual({ exit: { side: 'sell', units: 10 } })
    expect(planOf(order('sell', 50), { ...standing, quantity: 30 })).toEqual({
      exit: { side: 'sell', units: 30 },
      enter: { side: 'sell', units: 20, stopShare: 0.05 },
    })
    expect(planOf(order('buy', 500), standing)).toEqual({ enter: { side: 'buy', units: 200, stopShare: 0.05 } })
    expect(planOf(order('buy', 500), { ...standing, quantity: 150 })).toEqual({
      enter: { side: 'buy', units: 50, stopShare: 0.05 },
    })
    expect(planOf(order('buy', 500), { ...standing, quantity: 200 })).toBeUndefined()
  })

  test('are none for a wish that agents cannot carry out', () => {
    for (const wish of [
      { does: 'scaleout', what: 3 },
      { does: 'protect', what: { stop: 1 } },
      { does: 'order', what: { side: 'buy', limit: 3 } },
      { does: 'order', what: { side: 'buy', levels: { trailShare: 0.1 } } },
      { does: 'order', what: { side: 'buy', share: 0.5 } },
    ] as AgentWish[])
      expect(planOf([wish], standing)).toMatch(/^An agent /)
  })
})
