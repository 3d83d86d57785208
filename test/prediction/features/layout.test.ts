import { expect, test } from 'vitest'
import {
  blocks,
  featureCount,
  featureNames,
  layoutHash,
  layoutVersion,
} from '../../../src/prediction/features/layout.ts'

test('a row has 336 features in five blocks, each with a name of its own', () => {
  expect(featureCount).toBe(336)
  expect(new Set(featureNames).size).toBe(336)
  expect(Object.values(blocks).map(({ from, to }) => to - from)).toEqual([195, 72, 50, 14, 5])
  expect(Object.values(blocks).map(({ from }) => from)).toEqual([0, 195, 267, 317, 331])
})

test('the layout is the one that models were trained for: a change needs another version', () => {
  expect({ layoutVersion, layoutHash }).toEqual({
    layoutVersion: 1,
    layoutHash: '84f0df980a321d49e7b86dd3937997a615c4e175f83da0997a66b9eadd08edf7',
  })
})
