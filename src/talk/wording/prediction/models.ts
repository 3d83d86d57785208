import type { Card } from '../../../prediction/forecaster/card.ts'
import type { Coverage } from '../../../prediction/forecaster/live/rows.ts'
import type { ModelShown } from '../../../prediction/forecaster/live/shown.ts'
import { daysText, shareText } from './forecast.ts'

/** The models of the desk in short. */
export function modelsText(models: readonly ModelShown[]): string {
  return [
    '🧠 MODELS',
    ...models.map(modelText),
    '💡 `forecast AAPL` asks it; an owner says `model off NAME` and `model on NAME`',
  ].join('\n')
}

function modelText({ name, refused, card, off, ageDays, coverage, market }: ModelShown): string {
  if (!card) return `${name}: ⛔ refused. ${refused}`
  const state = off ? `⛔ off (${off.code}): ${off.because}` : 'on'
  return [
    `${name}: ${state}`,
    `  ${kindText(card)}, of ${card.data.symbols} stocks from ${card.data.from} to ${card.data.to}${ageText(ageDays)}`,
    `  Range: ${verdictText(card, 'isRangeShown')}. Direction: ${verdictText(card, 'isDirectionShown')}`,
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
  if (coverage.length === 0) return 'no forecast is due yet'
  return coverage
    .map(
      ({ horizon, held90, of }) =>
        `${daysText(horizon)}: 90% range held ${held90} of ${of} (${shareText(held90 / of)})`,
    )
    .join(', ')
}
