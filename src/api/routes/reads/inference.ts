import { Refusal } from '../../../base/refusal.ts'
import type { Card, Verdict } from '../../../prediction/forecaster/card.ts'
import type { Forecast } from '../../../prediction/forecaster/forecast.ts'
import { type Coverage, coverageOf } from '../../../prediction/forecaster/live/rows.ts'
import { type ModelShown, modelsShown } from '../../../prediction/forecaster/live/shown.ts'
import { predict } from '../../../prediction/forecaster/predict.ts'
import type { PolicyCard } from '../../../prediction/policy/card.ts'
import { type PolicyShown, policyShown } from '../../../prediction/policy/live/shown.ts'
import type { InferenceModel, Prediction } from '../../contract/inference.ts'
import type { Handlers } from '../context.ts'
import { allOf } from './pages.ts'

export const inferenceReads: Pick<Handlers, 'predict' | 'models'> = {
  async predict({ parts }, { params }) {
    const { market, runs, db } = parts
    const instrument = market.instrument(params.symbol) ?? (await market.lookUp?.(params.symbol))
    if (!instrument)
      return new Refusal('UNKNOWN_SYMBOL', `The market in use (${market.name}) does not know ${params.symbol}.`)
    const forecast = await predict(parts, instrument.symbol)
    if (forecast instanceof Refusal) return forecast
    const coverage = await coverageOf(db, forecast.card.hash, runs.bars.name)
    return predictionItem(forecast, coverage, runs.isSimulated)
  },
  models: async ({ parts }) =>
    allOf([...(await modelsShown(parts)).map(modelItem), policyItem(await policyShown(parts))]),
}

function predictionItem(forecast: Forecast, coverage: readonly Coverage[], isSimulated: boolean): Prediction {
  const { symbol, day, close, returns, uncertainty, ranges, optimal, risk, direction, missing, far, card } = forecast
  return {
    ...{ symbol, as_of: day, close: rounded(close), direction, missing, far_inputs: far, model: card.hash },
    predictions_continuous: Array.from(returns, rounded),
    uncertainty_continuous: Array.from(uncertainty, rounded),
    ranges: ranges.map(({ share, lower, upper }) => ({
      ...{ share, lower: Array.from(lower, rounded), upper: Array.from(upper, rounded) },
    })),
    optimal_horizon: optimal?.horizon ?? null,
    optimal_return: optimal === undefined ? null : rounded(optimal.return),
    risk_score: risk === undefined ? null : rounded(risk),
    verdicts: verdictItems(card),
    coverage: coverage.map(coverageItem),
    is_simulated: isSimulated,
  }
}

function modelItem({ name, refused, card, off, ageDays, coverage, market }: ModelShown): InferenceModel {
  return {
    ...{ name, hash: card?.hash ?? null, kind: card?.kind ?? null },
    state: card === undefined ? 'refused' : off ? 'off' : 'on',
    because: refused ?? off?.because ?? null,
    ...{ learned_from: card?.data.from ?? null, learned_to: card?.data.to ?? null, expires: card?.expires ?? null },
    ...{ age_days: ageDays ?? null, held_out: card?.data.heldOut ?? [], market },
    verdicts: card ? verdictItems(card) : [],
    coverage: coverage.map(coverageItem),
    policy: null,
  }
}

function policyItem({ name, refused, card, off, ageDays, coverage, market }: PolicyShown): InferenceModel {
  return {
    ...{ name, hash: card?.hash ?? null, kind: 'policy' },
    state: card === undefined ? 'refused' : off ? 'off' : 'on',
    because: refused ?? off?.because ?? null,
    ...{ learned_from: card?.data.from ?? null, learned_to: card?.trainedTo ?? null, expires: card?.expires ?? null },
    ...{ age_days: ageDays ?? null, held_out: card?.data.heldOut ?? [], market, verdicts: [] },
    coverage: coverage.map(coverageItem),
    policy: card ? policyVerdict(card) : null,
  }
}

function policyVerdict({ verdict }: PolicyCard): InferenceModel['policy'] {
  const { sharpe, against, heldOut, others, random } = verdict
  const ends = ({ mean, low, high }: { mean: number; low: number; high: number }) => ({ mean, low, high })
  return {
    ...{ shown: verdict.isShown, ratio: sharpe.median, ratio_least: sharpe.least, ratio_most: sharpe.most },
    ...{ ratio_held_out: heldOut.sharpe, ratio_hold: others.hold.sharpe, ratio_target: others.target.sharpe },
    ...{ against_cash: ends(against.cash), against_hold: ends(against.hold), against_target: ends(against.target) },
    ...{ random_policies: random.policies, random_beaten: random.beaten },
  }
}

const verdictItems = ({ verdicts }: Card) => verdicts.map(verdictItem)

function verdictItem({ horizon, coverage, rankCorrelation: rank, rangeAgainstConstant: range, ...shown }: Verdict) {
  const ends = ({ mean, low, high }: { mean: number; low: number; high: number }) => ({ mean, low, high })
  return {
    horizon,
    ...{
      range_shown: shown.isRangeShown,
      network_shown: shown.isNetworkShown,
      direction_shown: shown.isDirectionShown,
    },
    range_against_constant: ends(range),
    rank_correlation: rank ? ends(rank) : null,
    coverage_90: coverage.adaptive[1]!,
  }
}

const coverageItem = ({ horizon, of, held68, held90 }: Coverage) => ({
  ...{ horizon, outcomes: of, held_68: held68, held_90: held90 },
})

/** Seven digits: a float32 of the model has no more. */
const rounded = (value: number) => Number(value.toPrecision(7))
