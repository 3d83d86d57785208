import type { PolicyCard, PolicyFigures } from '../../src/prediction/policy/card.ts'
import type { PolicyTest } from './evaluate.ts'

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
    heading,
    line('the policy, median seed', median),
    line(`symbols held out (${data.heldOut.length})`, heldOut),
    line('holding 20%', others.hold),
    line('volatility-targeted', others.target),
    `Ratios of its seeds: ${sharpe.least.toFixed(2)} to ${sharpe.most.toFixed(2)}, median ${sharpe.median.toFixed(2)}`,
    ...againstLines(against, random),
  ].join('\n')
}

/** The tests of the shipped policy on some bars. */
export function policyEvaluationText(card: PolicyCard, tests: readonly PolicyTest[]): string {
  return [
    `THE SHIPPED POLICY (${card.hash.slice(0, 12)}): days of bars with its states`,
    ...tests.flatMap(({ part, symbols, days, verdict: { isShown, policy, others, against, random } }) =>
      [
        `  ${partNames[part]}: ${symbols} symbols, ${days} days`,
        heading,
        line('the policy', policy),
        line('holding 20%', others.hold),
        line('volatility-targeted', others.target),
        ...againstLines(against, random),
        part === 'learned' ? 'It learned from these: no test.' : isShown ? 'An edge is shown.' : 'No edge shown.',
      ].map((text, at) => (at === 0 ? text : `    ${text}`)),
    ),
    ...(tests.length === 0 ? ['  No symbol has bars enough.'] : []),
  ].join('\n')
}

const partNames: Record<PolicyTest['part'], string> = {
  learned: 'Days and symbols that it learned from',
  'other symbols': 'Symbols that it never saw',
  'later days': 'Days after its training',
}

function againstLines(against: PolicyCard['verdict']['against'], random: PolicyCard['verdict']['random']): string[] {
  const points = (value: number) => (10_000 * value).toFixed(2)
  return [
    ...(['cash', 'hold', 'target'] as const).map((name) => {
      const { mean, low, high } = against[name]
      return `A day against ${names[name]}: ${points(mean)} bp, 95% ${points(low)} to ${points(high)}: ${low > 0 ? 'better' : 'not shown'}`
    }),
    `Of ${random.policies} random policies with ${random.trades.toFixed(1)} trades a year and a median ratio of ${random.ratio.toFixed(2)}, ${Math.round(100 * random.beaten)}% did worse`,
  ]
}

const names = { cash: 'cash', hold: 'holding', target: 'volatility-targeted holding' }

const heading = '                         a year  volatility  ratio  trades a year'

const line = (name: string, { returned, volatility, sharpe, trades }: PolicyFigures) =>
  [
    name.padEnd(24),
    percent(returned).padStart(7),
    percent(volatility).padStart(11),
    (sharpe === null ? 'none' : sharpe.toFixed(2)).padStart(6),
    trades.toFixed(1).padStart(14),
  ].join('')

const percent = (share: number) => `${(100 * share).toFixed(2)}%`
