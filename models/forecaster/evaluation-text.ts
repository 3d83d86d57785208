import type { Card } from '../../src/prediction/forecaster/card.ts'
import type { Interval } from './bootstrap.ts'
import type { Verdict } from './ship-rule.ts'
import type { ShippedTest } from './test-shipped.ts'

/** All that an evaluation found. */
export interface Evaluation {
  bars: { hash: string; from: string; to: string; symbols: number; count: number }
  /** Are these the very bars of the card? */
  isOfTheCard: boolean
  shipped: ShippedTest[]
  verdicts: Verdict[]
}

/** An evaluation as tables. */
export function evaluationText({ bars, isOfTheCard, shipped, verdicts }: Evaluation, card: Card): string {
  const tested = shipped.filter(({ horizons }) => horizons.some(({ outcomes }) => outcomes > 0))
  return [
    `${bars.symbols} symbols from ${bars.from} to ${bars.to}, ${bars.count.toLocaleString('en-US')} bars${isOfTheCard ? ': the bars of the card' : ''}`,
    '',
    `THE SHIPPED FILE (${card.hash.slice(0, 12)}, ${card.kind}): share of outcomes within its ranges of 68% and 90%, unadapted`,
    ...tested.flatMap(({ part, horizons }) => [
      `  ${partNames[part]}`,
      ...horizons.map(
        ({ horizon, outcomes, held }) =>
          `    ${days(horizon)}  ${held.map((share) => percent(share)).join('  ')}  of ${outcomes.toLocaleString('en-US')}`,
      ),
    ]),
    '',
    'A WALK FORWARD OVER THESE BARS: change of CRPS with its 95% interval (below zero is better), and the verdict',
    ...verdicts.flatMap((verdict) => linesOf(verdict)),
  ].join('\n')
}

const partNames: Record<ShippedTest['part'], string> = {
  learned: 'days and symbols that it learned from',
  'other symbols': 'symbols that it never saw, and days before its first bar',
  'later days': 'days after its last bar',
}

function linesOf({
  horizon,
  range,
  isRangeShown,
  network,
  isNetworkShown,
  direction,
  isDirectionShown,
}: Verdict): string[] {
  const shown = (is: boolean) => (is ? 'shown' : 'not shown')
  return [
    `    ${days(horizon)}  range against a constant volatility ${interval(range)}, ${range.blocks} blocks: ${shown(isRangeShown)}`,
    ...(network && direction
      ? [
          `              network against the baseline ${interval(network.har)}: ${shown(isNetworkShown)}; direction, ${rankText(direction)}: ${shown(isDirectionShown)}`,
        ]
      : []),
  ]
}

const days = (horizon: number) => `${horizon.toString().padStart(3)} days`
const percent = (share: number) => `${(100 * share).toFixed(1)}%`.padStart(6)
const interval = ({ mean, low, high }: Interval) => `${signed(mean)} [${signed(low)}, ${signed(high)}]`
const signed = (share: number) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(2)}%`

const rankText = ({ mean, low, high, blocks }: Interval) =>
  blocks === 0 ? 'too few symbols to rank' : `IC ${[mean, low, high].map((value) => value.toFixed(3)).join(', ')}`
