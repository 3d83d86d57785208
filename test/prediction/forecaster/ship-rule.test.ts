import { describe, expect, test } from 'vitest'
import type { Recipe } from '../../../models/forecaster/network.ts'
import { verdictsOf } from '../../../models/forecaster/ship-rule.ts'
import { walkForward } from '../../../models/forecaster/walk.ts'
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
