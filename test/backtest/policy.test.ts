import { describe, expect, test } from 'vitest'
import { lessonsOf } from '../../models/policy/lessons.ts'
import { deciding, type Lesson, marketWorld, part, startCash } from '../../models/policy/market-world.ts'
import type { Actor } from '../../models/policy/world.ts'
import { chanceOf } from '../../models/random.ts'
import { lookahead } from '../../src/backtest/checks/lookahead.ts'
import { recursive } from '../../src/backtest/checks/recursive.ts'
import type { Gate } from '../../src/backtest/engine/gate.ts'
import type { BacktestStrategy } from '../../src/backtest/engine/port.ts'
import { type Outcome, simulate } from '../../src/backtest/engine/simulate.ts'
import { type Choose, policyDecider } from '../../src/backtest/strategies/policy/decider.ts'
import { policyStrategy } from '../../src/backtest/strategies/policy/policy.ts'
import { type Action, heads, reckonedCosts, stopShare } from '../../src/prediction/policy/action.ts'
import { placeOf, stateCount } from '../../src/prediction/policy/layout.ts'
import type { PolicyModel } from '../../src/prediction/policy/model.ts'
import { networkOf } from '../../src/prediction/policy/network.ts'
import { stateBars } from '../../src/prediction/policy/state/rows.ts'
import { walkingBars } from '../prediction/forecaster/walking-bars.ts'
import { someBaseline } from '../prediction/policy/some-baseline.ts'

const bars = walkingBars(760, 3)
const market = walkingBars(760, 4)
const chance = chanceOf(5)
const weights = Float32Array.from({ length: (stateCount + 1) * 8 }, () => 2 * chance.next() - 1)
const card = { trainedTo: bars.days[600]!, rays: true, data: { heldOut: ['KO'] } } as PolicyModel['card']
// The move of the day weighs most, so that it often changes its mind.
weights.set([9, -9], placeOf('day_move') * 8)
/** A policy with weights at random: its actions hang on every number of a state. */
const fickle: PolicyModel = { card, baseline: someBaseline, network: () => networkOf([stateCount, 8], weights) }

const [lesson] = lessonsOf(
  { bars: new Map([['A', bars]]), market },
  { symbols: ['A'], hasRays: false },
  someBaseline,
  1,
)
const passing: Gate = (_standing, _book, _side, units) => units

/** A run over some bars of the lesson with these actions. */
function play(choose: Choose, from = lesson!.rows.first, count = 60): Outcome & { closes: Float64Array } {
  const { rows } = lesson!
  const decide = policyDecider(bars, rows, choose)
  const strategy = deciding((at, trader) => decide(from + at, trader))
  const own = part(bars, from, from + count)
  const symbols = [{ symbol: 'A', bars: own }]
  const outcome = simulate({ strategy, parameters: {}, symbols, cash: startCash, costs: reckonedCosts, atEnd: 'leave' })
  return { ...outcome, closes: own.close }
}

const go = (direction: Action['direction'], size: number): Action => ({ direction, size })

describe('a policy in the engine', () => {
  test('reads no later bar, and no longer history changes it', () => {
    const strategy = policyStrategy(() => fickle)
    const test = { strategy, parameters: {}, symbols: [{ symbol: 'A', bars }], market, cash: 100_000 }
    const wishes: string[] = []
    simulate({ ...test, hear: ({ does }) => wishes.push(does) })
    expect(wishes.length).toBeGreaterThan(20)
    expect(lookahead(test)).toBeUndefined()
    expect(recursive(test)).toBeUndefined()
  })

  test('that knows the market of tomorrow is caught', () => {
    const honest = policyStrategy(() => fickle)
    const cheat: BacktestStrategy = {
      ...honest,
      prepare(own, parameters, theirs) {
        // The bars of SPY a day too early.
        const early = theirs && { ...theirs, days: theirs.days.slice(0, -1), close: theirs.close.subarray(1) }
        return honest.prepare(own, parameters, early)
      },
    }
    const test = { strategy: cheat, parameters: {}, symbols: [{ symbol: 'A', bars }], market, cash: 100_000 }
    expect(lookahead(test)).toMatchObject({ symbol: 'A' })
  })

  test('needs 504 bars, and says of what it learned from', () => {
    const strategy = policyStrategy(() => fickle)
    expect(strategy.prepare(bars, {}, market).warmup).toBe(stateBars - 1)
    expect(stateBars).toBe(504)
    expect(strategy.caution!(['KO'], '')).toBeUndefined()
    expect(strategy.caution!(['KO', 'A'], '')).toMatch(/^No test of the policy: .* may know A\.$/)
    expect(strategy.caution!(['A'], bars.days[700]!)).toBeUndefined()
    const refused = policyStrategy(() => {
      throw new Error('The policy is refused.')
    })
    expect(refused.refuses!({})).toBe('The policy is refused.')
  })

  test('buys at the next open for its share of the equity, and closes after a month whatever is chosen', () => {
    const actions = [go('LONG', 0.2)]
    const { trades, closes } = play((_, held) => (held === 0 ? actions.shift() : go('HOLD', 0)))
    const { rows } = lesson!
    const [trade] = trades
    expect(trade!.quantity).toBe(Math.floor((0.2 * startCash) / closes[0]!))
    expect(trade!.entryPrice).toBeCloseTo(
      bars.open[rows.first + 1]! * (1 + reckonedCosts.halfSpread + reckonedCosts.slippage),
      9,
    )
    const stop = trade!.entryPrice * (1 - stopShare({ reach: rows.reach[0]!, risk: rows.risk[0]! }))
    const touched = trade!.reason === 'stop'
    expect(touched).toBe(Math.min(...bars.low.subarray(rows.first + 1, rows.first + 22)) <= stop)
    if (!touched) expect(trade!.exitAt - trade!.entryAt).toBe(21)
    expect(trades).toHaveLength(1)
  })

  test('turns a position around, leaves small changes alone, and is out with a size of zero', () => {
    const actions = [go('LONG', 0.1), go('LONG', 0.1), go('SHORT', 0.2), go('LONG', 0), go('SHORT', 0)]
    const heard: number[] = []
    const weightAt = placeOf('weight')
    const { trades } = play((state) => {
      heard.push(Math.round(4 * state[weightAt]!))
      return actions.shift() ?? go('HOLD', 0)
    })
    expect(heard.slice(0, 6)).toEqual([0, 2, 2, -4, 0, 0])
    expect(trades.map(({ side }) => side)).toEqual(['long', 'short'])
  })
})

describe('the world that a policy learns in', () => {
  test('is the engine: rewards add up to the growth of the same run, less the risk and the exposure to SPY', () => {
    const steps = 40
    const short: Lesson = { ...lesson!, rows: { ...lesson!.rows, count: steps + 1 } }
    const { first, sigma } = short.rows
    // Long by a fifth at first, and then kept.
    const choices = (nth: number) => (nth === 0 ? [0, 4] : [2, 0])
    const rewards: number[] = []
    const ends: (string | undefined)[] = []
    let acted = 0
    const actor: Actor = {
      act: () => Int32Array.from(choices(acted++)),
      earn(reward, _next, end) {
        rewards.push(reward)
        ends.push(end)
      },
    }
    const world = marketWorld([short], market, passing)
    expect([world.inputs, world.heads]).toEqual([stateCount, heads])
    world.lane(0).play(steps, actor, chanceOf(1))
    expect([acted, rewards.length, ends.filter(Boolean), ends.at(-1)]).toEqual([steps, steps, ['cut'], 'cut'])

    let nth = 0
    const held: number[] = []
    const quantityAt: number[] = []
    const outcome = play(
      (state) => {
        held.push(state[placeOf('weight')]! * 0.2)
        return nth++ < steps ? (nth === 1 ? go('LONG', 0.2) : go('HOLD', 0)) : undefined
      },
      first,
      steps + 1,
    )
    for (let day = 0; day <= steps; day++)
      quantityAt.push((held[day]! * outcome.equity[day]!) / bars.close[first + day]!)
    for (let day = 1; day <= steps; day++) {
      const before = outcome.equity[day - 1]!
      const [weight, after] = [held[day - 1]!, (quantityAt[day]! * bars.open[first + day]!) / before]
      const gap = Math.log(market.open[first + day]! / market.close[first + day - 1]!)
      const session = Math.log(market.close[first + day]! / market.open[first + day]!)
      const deviation = sigma[day - 1]!
      const expected =
        Math.log(outcome.equity[day]! / before) - 1.5 * (after * deviation) ** 2 - weight * gap - after * session
      expect(rewards[day - 1]).toBeCloseTo(expected / (0.2 * deviation), 6)
    }
  })

  test('asks the gate before an order that opens', () => {
    const refusing: Gate = () => ({ code: 'ACCOUNT_HALTED' })
    const rewards: number[] = []
    const actor: Actor = { act: () => Int32Array.of(0, 4), earn: (reward) => rewards.push(reward) }
    marketWorld([lesson!], undefined, refusing).lane(0).play(30, actor, chanceOf(2))
    expect(rewards).toEqual(Array.from({ length: 30 }, () => 0))
    marketWorld([lesson!], undefined, passing).lane(0).play(30, actor, chanceOf(2))
    expect(rewards.slice(30).some((reward) => reward !== 0)).toBe(true)
  })
})
