import type { PolicyCard, PolicyFigures } from '../../src/prediction/policy/card.ts'

/** The verdict of a policy as a table. */
export function verdictText({
  verdict,
  trials,
  split,
  rays,
  data,
}: Pick<PolicyCard, 'verdict' | 'trials' | 'split' | 'rays' | 'data'>): string {
  const { isShown, sharpe, median, against, random, heldOut, others } = verdict
  const tests = split.folds.map(({ testFrom, testTo }) => `${testFrom} to ${testTo}`).join(' and ')
  return [
    isShown ? 'An edge is shown.' : 'No edge shown: the policy stays out of the money path.',
    `Tests ${tests}; ${trials.length} trainings in all; lines of bars ${rays ? 'are in its states' : 'are not in its states'}`,
    '                         a year  volatility  ratio  trades a year',
    line('the policy, median seed', median),
    line(`symbols held out (${data.heldOut.length})`, heldOut),
    line('holding 20%', others.hold),
    line('volatility-targeted', others.target),
    `Ratios of its seeds: ${sharpe.least.toFixed(2)} to ${sharpe.most.toFixed(2)}, median ${sharpe.median.toFixed(2)}`,
    ...(['cash', 'hold', 'target'] as const).map((name) => {
      const { mean, low, high } = against[name]
      const points = (value: number) => (10_000 * value).toFixed(2)
      return `A day against ${names[name]}: ${points(mean)} bp, 95% ${points(low)} to ${points(high)}: ${low > 0 ? 'better' : 'not shown'}`
    }),
    `Of ${random.policies} random policies with ${random.trades.toFixed(1)} trades a year, ${Math.round(100 * random.beaten)}% did worse`,
  ].join('\n')
}

const names = { cash: 'cash', hold: 'holding', target: 'volatility-targeted holding' }

const line = (name: string, { returned, volatility, sharpe, trades }: PolicyFigures) =>
  [
    name.padEnd(24),
    percent(returned).padStart(7),
    percent(volatility).padStart(11),
    (sharpe === null ? 'none' : sharpe.toFixed(2)).padStart(6),
    trades.toFixed(1).padStart(14),
  ].join('')

const percent = (share: number) => `${(100 * share).toFixed(2)}%`
