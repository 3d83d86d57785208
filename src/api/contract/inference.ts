import { z } from 'zod'
import { row } from './row.ts'
import { page, symbol } from './shapes.ts'

// The names of these fields are those of an older description of predictions, so they have underscores.

const hundred = z.array(z.number()).length(100)
const interval = z.object({ mean: z.number(), low: z.number(), high: z.number() })
const held = z.object({
  horizon: z.int().meta({ description: 'Trading days' }),
  outcomes: z.int().meta({ description: 'The last outcomes that are counted, at most 100' }),
  held_68: z.int(),
  held_90: z.int(),
})
const verdict = z.object({
  horizon: z.int(),
  range_shown: z.boolean().meta({ description: 'Its ranges beat a constant volatility in the tests' }),
  network_shown: z.boolean(),
  direction_shown: z.boolean(),
  range_against_constant: interval.meta({ description: 'Change of CRPS, as a share; 95% interval' }),
  rank_correlation: interval
    .nullable()
    .meta({ description: 'Of directions with moves; null when no network was tried' }),
  coverage_90: z.number().meta({ description: 'Share of outcomes that the 90% range held in the tests' }),
})
const band = z.object({ share: z.number(), lower: hundred, upper: hundred })

/** A forecast: estimates as numbers, which are no money. */
export const prediction = z.object({
  symbol: z.string(),
  as_of: z.string().meta({ description: 'The day of the last bar that it knows' }),
  close: z.number(),
  predictions_continuous: hundred.meta({
    description: 'Expected returns in 1 to 100 trading days, as shares of the close; 0 where no direction is shown',
  }),
  uncertainty_continuous: hundred.meta({ description: 'Half of the 68% range, as a share of the close' }),
  ranges: z.array(band).meta({ description: 'Returns as shares of the close' }),
  optimal_horizon: z.int().nullable().meta({ description: 'Null when no horizon stands out over its error' }),
  optimal_return: z.number().nullable(),
  risk_score: z
    .number()
    .nullable()
    .meta({ description: 'Share of the days of the last year with a narrower range of 21 days' }),
  direction: z.enum(['LONG', 'SHORT', 'NEUTRAL']),
  verdicts: z.array(verdict).meta({ description: 'What was shown for each tested horizon' }),
  coverage: z.array(held).meta({ description: 'How often told ranges held on this market' }),
  missing: z.array(z.string()).meta({ description: 'Data that it did without' }),
  far_inputs: z.array(z.string()).meta({ description: 'Inputs beyond five deviations from all that it learned from' }),
  model: z.string().meta({ description: 'The hash of the model' }),
  is_simulated: z.boolean().meta({ description: 'The prices are made up: a demonstration' }),
})

const ratio = z.number().nullable().meta({ description: 'Mean and deviation of daily returns, times √252' })
const policyVerdict = z.object({
  shown: z.boolean().meta({ description: 'It beat cash, holding, volatility-targeted holding and random policies' }),
  ratio: z.number().meta({ description: 'Of the median seed in the tests' }),
  ratio_least: z.number(),
  ratio_most: z.number(),
  ratio_held_out: ratio,
  ratio_hold: ratio,
  ratio_target: ratio,
  against_cash: interval.meta({ description: 'A day’s return as a share; 95% interval' }),
  against_hold: interval.meta({ description: 'At the same volatility' }),
  against_target: interval,
  random_policies: z.int(),
  random_beaten: z.number().meta({ description: 'The share of random policies with a lower ratio' }),
})

const model = z.object({
  name: z.string(),
  hash: z.string().nullable(),
  kind: z.enum(['baseline', 'network', 'policy']).nullable(),
  state: z.enum(['on', 'off', 'refused']),
  because: z.string().nullable(),
  learned_from: z.string().nullable(),
  learned_to: z.string().nullable(),
  expires: z.string().nullable(),
  age_days: z.int().nullable().meta({ description: 'Calendar days from its last bar to the last day of the market' }),
  held_out: z.array(z.string()).meta({ description: 'Symbols that it never learned from' }),
  verdicts: z.array(verdict),
  market: z.string(),
  coverage: z.array(held),
  policy: policyVerdict.nullable().meta({ description: 'What was shown of a policy; null of a forecaster' }),
})

export const inferenceRows = {
  predict: row({
    method: 'POST',
    path: '/api/v1/inference/predict/{symbol}',
    summary: 'The forecast of a symbol for 1 to 100 trading days, with what was shown of it',
    needs: 'reads',
    params: z.strictObject({ symbol }),
    answer: prediction,
  }),
  models: row({
    method: 'GET',
    path: '/api/v1/inference/models',
    summary: 'The models of the desk: cards in short, verdicts, age, live coverage, on or off',
    needs: 'reads',
    answer: page(model),
  }),
}

export type Prediction = z.infer<typeof prediction>
export type InferenceModel = z.infer<typeof model>
