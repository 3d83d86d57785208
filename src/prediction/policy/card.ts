import { z } from 'zod'
import { stateCount } from './layout.ts'

const day = z.iso.date()
const interval = z.object({ mean: z.number(), low: z.number(), high: z.number(), blocks: z.number() })
const figures = z.object({
  /** A year's return and volatility as shares, their ratio, and trades a year and symbol. */
  ...{ returned: z.number(), volatility: z.number(), sharpe: z.number().nullable(), trades: z.number() },
})

/** A training, with what it gave in its test: all that were made are on the card. */
const trial = z.object({
  name: z.string(),
  seed: z.int(),
  steps: z.int(),
  rays: z.boolean(),
  ...{ learnedBefore: day, testFrom: day, testTo: day },
  /** The mean reward of a step along the training, in twenty parts. */
  rewards: z.array(z.number()),
  test: figures,
  heldOut: figures.optional(),
})

/** The evidence for the policy, in tests on days after those that it learned from. */
const verdict = z.object({
  isShown: z.boolean(),
  /** The median of the seeds over all tests together, and the least and the greatest. */
  sharpe: z.object({ median: z.number(), least: z.number(), most: z.number() }),
  median: figures,
  /** A day's return less that of another way at the same volatility, in shares of the equity. */
  against: z.object({ cash: interval, hold: interval, target: interval }),
  /** Random policies with as many trades: the median of their ratios, and the share of them with a lower one than the policy. */
  random: z.object({ policies: z.int(), ratio: z.number(), beaten: z.number(), trades: z.number() }),
  /** On symbols that were never learned from. */
  heldOut: figures,
  others: z.object({ hold: figures, target: figures }),
})

/** The card of the policy, as its training writes it. */
export const policyCardSchema = z.object({
  hash: z.string(),
  layout: z.object({ version: z.int(), hash: z.string() }),
  /** Are the lines of bars in its states? */
  rays: z.boolean(),
  /** The last day that it learned from, and the last on which it may be asked. */
  ...{ trainedTo: day, expires: day },
  data: z.object({
    hash: z.string(),
    symbols: z.int(),
    bars: z.int(),
    ...{ from: day, to: day },
    heldOut: z.array(z.string()),
  }),
  split: z.object({ folds: z.array(z.object({ learnedBefore: day, testFrom: day, testTo: day })).min(1) }),
  trials: z.array(trial).min(1),
  verdict,
  /** The usual values of the states that it met, and how far they spread. */
  usual: z.array(z.object({ mean: z.number(), deviation: z.number() })).length(stateCount),
  golden: z.array(z.object({ state: z.array(z.number()).length(stateCount), results: z.array(z.number()) })).min(1),
})
export type PolicyCard = z.infer<typeof policyCardSchema>
export type PolicyFigures = z.infer<typeof figures>
export type Trial = z.infer<typeof trial>
