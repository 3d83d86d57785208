import type { Card } from '../../../prediction/forecaster/card.ts'
import type { Coverage } from '../../../prediction/forecaster/live/rows.ts'
import type { ModelShown } from '../../../prediction/forecaster/live/shown.ts'
import type { PolicyShown } from '../../../prediction/policy/live/shown.ts'
import { daysText, shareText } from './forecast.ts'
import { verdictLine } from './signal.ts'

/** The models of the desk in short. */
export function modelsText(models: readonly ModelShown[], policy: PolicyShown): string {
  return [
    '🧠 MODELS',
    ...models.map(modelText),
    policyText(policy),
    '💡 `forecast AAPL` and `signal AAPL` ask them; an owner says `model off NAME` and `model on NAME`',
  ].join('\n')
}

function modelText({ name, refused, card, off, ageDays, coverage, market }: ModelShown): string {
  if (!card) return `${name}: ⛔ refused. ${refused}`
  const state = stateText(off)
  return [
    `${name}: ${state}`,
    `  ${kindText(card)}, of ${card.data.symbols} stocks from ${card.data.from} to ${card.data.to}${ageText(ageDays)}`,
    `  Range: ${verdictText(card, 'isRangeShown')}. Direction: ${verdictText(card, 'isDirectionShown')}`,
    `  Live on ${market}: ${coverageText(coverage)}`,
  ].join('\n')
}

const stateText = (off: ModelShown['off']) => (off ? `⛔ off (${off.code}): ${off.because}` : 'on')

function policyText({ name, refused, card, off, ageDays, coverage, market }: PolicyShown): string {
  if (!card) return `${name}: ⛔ refused. ${refused}`
  const path = card.verdict.isShown ? '' : ', out of the money path'
  return [
    `${name}: ${stateText(off)}${path}`,
    `  Learned from ${card.data.symbols} stocks up to ${card.trainedTo}${ageText(ageDays)}; good until ${card.expires}`,
    `  ${verdictLine(card)}`,
    `  Live on ${market}: ${coverageText(coverage)}`,
  ].join('\n')
}

const kindText = ({ kind }: Card) =>
  kind === 'baseline' ? 'The baseline alone, since the network showed no edge' : 'Baseline and network'

function ageText(days: number | undefined): string {
  if (days === undefined) return ''
  return days < 0 ? ', later than the market is now' : `, ${daysText(days)} ago on the market`
}

function verdictText({ verdicts }: Card, shown: 'isRangeShown' | 'isDirectionShown'): string {
  const good = verdicts.filter((verdict) => verdict[shown]).map(({ horizon }) => horizon)
  return good.length === 0 ? 'no edge shown' : `better than the baselines at ${good.join(', ')} days`
}

function coverageText(coverage: readonly Coverage[]): string {
  if (coverage.length === 0) return 'no range is due yet'
  return coverage
    .map(
      ({ horizon, held90, of }) =>
        `${daysText(horizon)}: 90% range held ${held90} of ${of} (${shareText(held90 / of)})`,
    )
    .join(', ')
}
