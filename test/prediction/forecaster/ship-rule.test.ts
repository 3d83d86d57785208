import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { besideCardText, forecasterDifferences, policyDifferences } from '../../../models/forecaster/beside-card.ts'
import type { Recipe } from '../../../models/forecaster/network.ts'
import { type Verdict, verdictsOf } from '../../../models/forecaster/ship-rule.ts'
import { walkForward } from '../../../models/forecaster/walk.ts'
import { cardSchema } from '../../../src/prediction/forecaster/card.ts'
import { policyCardSchema } from '../../../src/prediction/policy/card.ts'
import { plantedSamples } from './planted.ts'

const recipe: Recipe = {
  hidden: [16, 8],
  epochs: 4,
  batch: 64,
  rate: 0.005,
  decay: 0.01,
  longest: 1,
  seed: 3,
  dropped: { blocks: [], share: 0 },
}
const nobody = () => false

describe('the rule by which something is shipped', () => {
  test('finds a planted signal: scores and direction are shown wherever there are blocks of days enough', async () => {
    const verdicts = verdictsOf(await walkForward(plantedSamples({ symbols: 16 }), nobody, recipe))
    const far = verdicts.filter(({ network }) => network!.har.blocks < 3)
    expect(far.map(({ horizon }) => horizon)).toEqual([100])
    for (const verdict of verdicts) {
      expect(verdict.isNetworkShown).toBe(verdict.horizon < 100)
      expect(verdict.isDirectionShown).toBe(verdict.horizon < 100)
      expect(verdict.direction!.mean).toBeGreaterThan(0.25)
    }
  })

  test('finds nothing when the same features are dealt to other symbols', async () => {
    const verdicts = verdictsOf(await walkForward(plantedSamples({ symbols: 16, shuffled: true }), nobody, recipe))
    expect(verdicts.filter(({ isNetworkShown, isDirectionShown }) => isNetworkShown || isDirectionShown)).toEqual([])
    for (const { direction } of verdicts) expect(Math.abs(direction!.mean)).toBeLessThan(0.05)
  })

  test('shows nothing of a network that was not tried', async () => {
    const verdicts = verdictsOf(await walkForward(plantedSamples({ days: 640, symbols: 12 }), nobody, undefined))
    expect(
      verdicts.every(
        ({ network, isNetworkShown, isDirectionShown }) => !network && !isNetworkShown && !isDirectionShown,
      ),
    ).toBe(true)
  })
})

describe('verdicts beside those on the cards', () => {
  const read = (name: string) => JSON.parse(readFileSync(path.join('models', name, 'card.json'), 'utf8'))
  const card = cardSchema.parse(read('forecaster'))
  const found = (): Verdict[] =>
    card.verdicts.map(({ rangeAgainstConstant, rankCorrelation, ...shown }) => ({
      ...{ ...shown, range: { ...rangeAgainstConstant, notBelow: 0 }, network: {} as Verdict['network'] },
      direction: { ...rankCorrelation!, notBelow: 0 },
    }))

  test('differ by a verdict, and by a figure from its fourth digit on', () => {
    expect(forecasterDifferences(found(), card)).toEqual([])
    const own = found()
    own[0]!.range.mean += 0.0001
    own[1]!.range.low += 0.0002
    own[2]!.isNetworkShown = !own[2]!.isNetworkShown
    own[3]!.direction!.high += 0.01
    expect(forecasterDifferences(own, card)).toEqual([
      expect.stringMatching(/^5 days: the range is .*, and .* on the card$/),
      '10 days: the network is shown, and not shown on the card',
      expect.stringMatching(/^21 days: the direction is .*, and .* on the card$/),
    ])
    const without = own.map(({ network, ...rest }) => rest)
    expect(forecasterDifferences(without, card)).toHaveLength(1)
  })

  test('of a policy differ by its edge, its ratio and the random policies', () => {
    const { verdict } = policyCardSchema.parse(read('policy'))
    expect(policyDifferences(verdict, { verdict })).toEqual([])
    const other = { ...verdict, isShown: true, random: { ...verdict.random, beaten: 0.96 } }
    expect(policyDifferences(other, { verdict })).toEqual([
      'an edge is shown, and not shown on the card',
      `0.96 of the random policies did worse, and ${verdict.random.beaten} on the card`,
    ])
    expect(besideCardText([], true)).toBe('BESIDE THE CARDS: Every verdict is the same.')
    expect(besideCardText(['1 days: other'], false)).toContain('not the same')
  })
})
