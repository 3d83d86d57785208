import { deskGate } from '../../src/backtest/engine/gate.ts'
import type { PolicyCard, PolicyFigures } from '../../src/prediction/policy/card.ts'
import type { PolicyModel } from '../../src/prediction/policy/model.ts'
import { defaultLimits } from '../../src/trading/accounts/rules/limits.ts'
import type { BarsFound } from '../forecaster/recording.ts'
import { chanceOf, numberOf } from '../random.ts'
import { courseOf, joined, policyWay } from './judge.ts'
import { lessonsOf } from './lessons.ts'
import { habits, hold, targetHold } from './rivals.ts'
import { verdictOf } from './verdict.ts'

/** How the shipped policy did on some bars. */
export interface PolicyTest {
  /** Did the policy learn from these days and symbols? */
  part: 'learned' | 'other symbols' | 'later days'
  symbols: number
  days: number
  verdict: Pick<PolicyCard['verdict'], 'isShown' | 'against' | 'random' | 'others'> & { policy: PolicyFigures }
}

/** The fewest days of a symbol that is judged, and the random policies that it is compared with. */
const [leastDays, randomPolicies] = [63, 100]

/**
 * Tests the shipped policy on bars by the rule of its card: on what it learned from, on symbols that it never saw, and on days after its
 * training. Parts without bars are left out.
 */
export function testPolicy({ card, baseline, network }: PolicyModel, found: BarsFound): PolicyTest[] {
  const symbols = [...found.bars.keys()].sort()
  const isHeld = (symbol: string) => card.data.heldOut.includes(symbol)
  const after = new Date(Date.parse(card.trainedTo) + 24 * 60 * 60_000).toISOString().slice(0, 10)
  const days = [...new Set([...found.bars.values()].flatMap((bars) => bars.days))].sort()
  const calendar = new Map(days.map((day, at) => [day, at]))
  const gate = deskGate(defaultLimits)
  const parts = [
    { part: 'learned', symbols: symbols.filter((symbol) => !isHeld(symbol)), from: card.data.from, before: after },
    { part: 'other symbols', symbols: symbols.filter(isHeld), before: after },
    { part: 'later days', symbols, from: after },
  ] as const
  return parts.flatMap(({ part, ...own }): PolicyTest[] => {
    const lessons = lessonsOf(found, { ...own, trainedTo: card.trainedTo, hasRays: card.rays }, baseline, leastDays)
    if (lessons.length === 0) return []
    const play = (way: Parameters<typeof courseOf>[1]) => joined([courseOf(lessons, way, gate, calendar)])
    const its = habits()
    const policy = play(policyWay(network(), its.hear))
    const random = Array.from({ length: randomPolicies }, (_, nth) =>
      play(its.way(chanceOf(numberOf(`random ${nth}`)))),
    )
    const tests = { seeds: [policy], heldOut: [policy], hold: play(hold), target: play(targetHold), random }
    const { isShown, against, others, median, ...rest } = verdictOf(tests)
    return [
      {
        ...{ part, symbols: lessons.length, days: policy.series.length },
        verdict: { isShown, against, others, random: rest.random, policy: median },
      },
    ]
  })
}
