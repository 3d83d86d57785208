import { z } from 'zod'
import { likeliest } from '../../../prediction/policy/action.ts'
import { policyFolder } from '../../../prediction/policy/folder.ts'
import { stateNames } from '../../../prediction/policy/layout.ts'
import { type PolicyModel, readPolicy } from '../../../prediction/policy/model.ts'
import { type StateRows, stateBars, stateRows } from '../../../prediction/policy/state/rows.ts'
import type { BacktestStrategy } from '../../engine/port.ts'
import { policyDecider } from './decider.ts'

/** A strategy that goes by a policy; the shipped one is `policy`. */
export function policyStrategy(model: () => PolicyModel): BacktestStrategy {
  return {
    name: 'policy',
    aliases: [],
    title: 'Policy',
    summary: 'Goes by the trained policy, of which docs/policy.md says what was shown',
    parameters: z.object({}),
    readsMarket: true,
    refuses() {
      try {
        model()
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    },
    caution(symbols, from) {
      const { card } = model()
      const learned = symbols.filter((symbol) => !card.data.heldOut.includes(symbol))
      if (from > card.trainedTo || learned.length === 0) return undefined
      return `No test of the policy: it learned from the days up to ${card.trainedTo}, and may know ${learned.join(', ')}.`
    },
    prepare(bars, _parameters, market) {
      const { baseline, card, network } = model()
      const { trainedTo, rays: hasRays } = card
      const rows = stateRows({ bars, ...(market && { market }), trainedTo, hasRays }, baseline, { from: stateBars - 1 })
      const results = network()
      let last: Float64Array | undefined
      const decide = policyDecider(bars, rows, (state) => {
        last = state
        return likeliest(results(state)).action
      })
      return {
        warmup: stateBars - 1,
        indicators: {
          sigma: seriesOf(rows, 'sigma', bars.days.length),
          reach: seriesOf(rows, 'reach', bars.days.length),
        },
        decide,
        seen: () => (last ? Object.fromEntries(stateNames.map((name, at) => [name, last![at]!])) : {}),
      }
    },
  }
}

let shipped: PolicyModel | undefined

/** The shipped policy as a strategy. It is read when it is first used. */
export const policy: BacktestStrategy = policyStrategy(() => (shipped ??= readPolicy(policyFolder)))

function seriesOf(rows: StateRows, name: 'sigma' | 'reach', count: number): Float64Array {
  const series = new Float64Array(count).fill(Number.NaN)
  if (rows.count > 0) series.set(rows[name], rows.first)
  return series
}
