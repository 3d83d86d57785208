import { Big } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import { atMost } from '../../../prediction/forecaster/live/coverage.ts'
import type { Facts } from '../facts.ts'
import { compared, type Look } from './check.ts'

/** The share of inputs further than five deviations from all that the model met, from which its results are no results. */
export const mostFar = new Big('0.05')

/** Below this chance that so many misses of the 90% range are luck, the coverage counts as lost. */
export const leastChance = new Big('0.01')

/** The fitness of the model that decides. A strategy without a model passes. */
export const modelRules: readonly { code: RefusalCode; look(facts: Facts): Look }[] = [
  { code: 'MODEL_EXPIRED', look: ({ model }) => ({ passes: !model?.isExpired }) },
  {
    code: 'OFF_DISTRIBUTION',
    look: ({ model }) =>
      model ? compared(model.far, mostFar, 'share', (figure) => figure.lte(mostFar)) : { passes: true },
  },
  {
    code: 'COVERAGE_LOST',
    look: ({ model }) => {
      if (!model) return { passes: true }
      const chance = atMost(model.coverage.held, model.coverage.of, 0.9)
      return compared(chance, leastChance, 'share', (figure) => figure.gte(leastChance))
    },
  },
]
