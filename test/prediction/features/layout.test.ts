import { expect, test } from 'vitest'
import { crossSectionOf } from '../../../src/prediction/features/cross-section.ts'
import { featureWriter } from '../../../src/prediction/features/features.ts'
import {
  blocks,
  featureCount,
  featureNames,
  layoutHash,
  layoutVersion,
} from '../../../src/prediction/features/layout.ts'
import { madeBars, sessionsFrom } from '../../strategies/made-bars.ts'

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

test('the formulas are those of the version: a change of a value needs another one', () => {
  const days = sessionsFrom('2019-01-02', 300)
  const symbols = ['AAPL', 'MSFT', 'NVDA', 'JPM', 'BAC', 'GS', 'XOM', 'CVX', 'COP', 'KO']
  const market = new Map(symbols.map((symbol, seed) => [symbol, madeBars(days, seed + 1)]))
  const row = new Float64Array(featureCount)
  const figures = { putVolume: 300, callVolume: 100, putOpenInterest: 50, callOpenInterest: 200 }
  const options = { ...figures, impliedVolatility30: 0.31, skew25: 0.04 }
  const of = { symbol: 'AAPL', bars: market.get('AAPL')!, cross: crossSectionOf(market), spy: madeBars(days, 99) }
  featureWriter({ ...of, optionsOn: () => options })(299, row)
  const shown = (from: number, to: number) =>
    [...row.subarray(from, to)].map((value) => Number(value.toFixed(5))).join(' ')
  expect({
    bars: row
      .subarray(0, 195)
      .reduce((sum, value, nth) => sum + value * ((nth % 7) + 1), 0)
      .toFixed(4),
    technical: shown(blocks.technical.from, blocks.technical.to),
    sector: shown(blocks.sector.from, blocks.sector.to),
    options: shown(blocks.options.from, blocks.options.to),
  }).toMatchInlineSnapshot(`
    {
      "bars": "1334.6181",
      "options": "1.09199 -1.37148 0.12182 0.04 1",
      "sector": "0.10361 0.6484 -0.20105 0.33333 1 -1.98613 -0.99509 0.57207 -1.3104 0.28453 0.02192 0.5 -1.44479 -0.03929",
      "technical": "-0.73628 -0.55765 -1.41367 -1.75626 -1.31374 -0.28032 -0.21428 -0.57097 0.41997 1.25581 -0.69664 -0.95932 -0.55938 -0.30939 -0.04829 0.41327 -0.97551 -0.45631 -0.20748 -0.07668 -0.11585 0.31413 -0.42998 0.17847 0.0833 0.70916 0.02078 1.03257 -1.74509 -0.0427 -0.02689 0.15335 0.05761 0.1508 0.1971 -0.07379 -0.87649 0.31179 0.18505 0.18505 0.76844 0.23413 0.87698 0.16266 -0.05854 0.21445 0.28995 0 0.23729 0.82481",
    }
  `)
})
