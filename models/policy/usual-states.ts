import type { PolicyCard } from '../../src/prediction/policy/card.ts'
import { stateCount } from '../../src/prediction/policy/layout.ts'
import type { Network } from '../../src/prediction/policy/network.ts'
import { policyWay } from './judge.ts'
import type { Lesson } from './market-world.ts'
import type { School } from './school.ts'

const goldenStates = 3

/** The states that a policy meets on the days that it learned from: how they usually are, and a few with their results. */
export function usualStates(
  network: Network,
  lessons: readonly Lesson[],
  school: Pick<School, 'play'>,
): Pick<PolicyCard, 'usual' | 'golden'> {
  const sums = new Float64Array(stateCount)
  const squares = new Float64Array(stateCount)
  const golden: PolicyCard['golden'] = []
  const all = lessons.reduce((sum, { rows }) => sum + rows.count, 0)
  let count = 0
  school.play(
    lessons,
    policyWay(network, (state) => {
      for (let at = 0; at < stateCount; at++) {
        sums[at]! += state[at]!
        squares[at]! += state[at]! ** 2
      }
      if (count++ === Math.floor(((2 * golden.length + 1) * all) / (2 * goldenStates))) {
        const own = Array.from(state, (value) => Math.fround(value))
        golden.push({ state: own, results: Array.from(network(own), (value) => Number(value.toPrecision(7))) })
      }
    }),
  )
  const usual = Array.from(sums, (sum, at) => {
    const mean = sum / count
    const deviation = Math.sqrt(Math.max(0, squares[at]! / count - mean ** 2))
    return { mean: Number(mean.toFixed(4)), deviation: Number(deviation.toFixed(4)) }
  })
  return { usual, golden }
}
