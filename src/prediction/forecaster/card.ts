import { z } from 'zod'
import { knots } from './horizons.ts'
import { sizeSteps } from './ranges/sizes.ts'

const interval = z.object({ mean: z.number(), low: z.number(), high: z.number(), blocks: z.number() })
const byShare = z.array(z.number()).length(2)
const day = z.iso.date()

/** What was shown for one horizon, in tests on days after those learned from. */
const verdict = z.object({
  horizon: z.int(),
  isRangeShown: z.boolean(),
  isNetworkShown: z.boolean(),
  isDirectionShown: z.boolean(),
  /** Outcomes, and days that have some. */
  labels: z.int(),
  days: z.int(),
  rangeAgainstConstant: interval,
  rankCorrelation: interval.optional(),
  coverage: z.object({ adaptive: byShare, fixed: byShare, heldOut: byShare }),
})

/** The card of the forecaster, as its training writes it. */
export const cardSchema = z.object({
  hash: z.string(),
  kind: z.enum(['baseline', 'network']),
  inputs: z.array(z.string()),
  /** The hash of the layout of its features; null without a network. */
  layout: z.string().nullable(),
  horizons: z.literal(100),
  knots: z.array(z.int()).refine((own) => own.join() === knots.join(), 'other knots'),
  shares: z.tuple([z.literal(0.68), z.literal(0.9)]),
  /** The last day of the market on which it may be asked; null when only its live coverage ends it. */
  expires: day.nullable(),
  data: z.object({
    hash: z.string(),
    symbols: z.int(),
    bars: z.int(),
    ...{ from: day, to: day },
    heldOut: z.array(z.string()),
  }),
  split: z.object({ folds: z.array(z.object({ testFrom: day, testTo: day })).min(1) }),
  verdicts: z.array(verdict).length(knots.length),
  /** The usual values of the inputs, and how far they spread. */
  usual: z.array(z.object({ mean: z.number(), deviation: z.number() })),
  /** By knots: quantiles of the sizes of moves, in units of the model's standard move. */
  sizes: z.array(z.array(z.number()).length(sizeSteps + 1)).length(knots.length),
  golden: z.array(z.object({ inputs: z.array(z.number()), sigma: z.array(z.number()) })).min(1),
})
export type Card = z.infer<typeof cardSchema>
export type Verdict = z.infer<typeof verdict>
