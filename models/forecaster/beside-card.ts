import type { Card } from '../../src/prediction/forecaster/card.ts'
import type { PolicyCard } from '../../src/prediction/policy/card.ts'
import type { Interval } from './bootstrap.ts'
import type { Verdict } from './ship-rule.ts'

/** A card has four digits, and another kind of processor may differ in the last one. */
const nearly = 0.00015

/**
 * The differences of the verdicts of a walk from those on the card, a line each: whether something is shown, and the figures behind it. Of a walk without
 * the network only the ranges are compared.
 */
export function forecasterDifferences(verdicts: readonly Verdict[], card: Pick<Card, 'verdicts'>): string[] {
  return verdicts.flatMap((found) => {
    const own = card.verdicts.find(({ horizon }) => horizon === found.horizon)
    if (!own) return [`${found.horizon} days: not on the card`]
    const { range, network, direction } = found
    const compared = [
      isDifferent('the range', found.isRangeShown, own.isRangeShown) ??
        differenceOf('the range', range, own.rangeAgainstConstant),
      ...(network
        ? [
            isDifferent('the network', found.isNetworkShown, own.isNetworkShown),
            isDifferent('a direction', found.isDirectionShown, own.isDirectionShown) ??
              (direction && own.rankCorrelation && differenceOf('the direction', direction, own.rankCorrelation)),
          ]
        : []),
    ]
    return compared.filter((line) => line !== undefined).map((line) => `${found.horizon} days: ${line}`)
  })
}

/** The differences of the verdict on a policy from that on the card, a line each. */
export function policyDifferences(found: PolicyCard['verdict'], card: Pick<PolicyCard, 'verdict'>): string[] {
  const { verdict: own } = card
  const ratio = (verdict: PolicyCard['verdict']) => verdict.sharpe.median
  return [
    isDifferent('an edge', found.isShown, own.isShown),
    ...(['cash', 'hold', 'target'] as const).map((name) =>
      differenceOf(`a day against ${name}`, found.against[name], own.against[name]),
    ),
    Math.abs(ratio(found) - ratio(own)) > nearly
      ? `the median ratio is ${ratio(found)}, and ${ratio(own)} on the card`
      : undefined,
    found.random.beaten === own.random.beaten
      ? undefined
      : `${found.random.beaten} of the random policies did worse, and ${own.random.beaten} on the card`,
  ].filter((line) => line !== undefined)
}

function isDifferent(what: string, found: boolean, card: boolean): string | undefined {
  const shown = (is: boolean) => (is ? 'shown' : 'not shown')
  return found === card ? undefined : `${what} is ${shown(found)}, and ${shown(card)} on the card`
}

function differenceOf(
  what: string,
  found: Pick<Interval, 'mean' | 'low' | 'high'>,
  card: Pick<Interval, 'mean' | 'low' | 'high'>,
): string | undefined {
  const ends = ({ mean, low, high }: typeof found) => [mean, low, high]
  const isNear = ends(found).every((value, at) => Math.abs(value - ends(card)[at]!) <= nearly)
  const text = (own: typeof found) =>
    ends(own)
      .map((value) => value.toFixed(4))
      .join(', ')
  return isNear ? undefined : `${what} is ${text(found)}, and ${text(card)} on the card`
}

/** Lines about the differences of verdicts from the cards, for bars of the cards. */
export function besideCardText(differences: readonly string[], hasNetworks: boolean): string {
  const what = hasNetworks ? 'Every verdict' : 'Every verdict on ranges'
  const hint = hasNetworks ? '' : ' (--network trains the networks, and compares all)'
  if (differences.length === 0) return `BESIDE THE CARDS: ${what} is the same${hint}.`
  return ['BESIDE THE CARDS: not the same', ...differences.map((line) => `  ${line}`)].join('\n')
}
