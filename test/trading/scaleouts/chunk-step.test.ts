import { expect, test } from 'vitest'
import { Big, isMultiple, sum } from '../../../src/base/amounts.ts'
import { chunkStep } from '../../../src/trading/scaleouts/rules/chunk-step.ts'
import { planScaleout } from '../../../src/trading/scaleouts/rules/scaleout-plan.ts'
import fc from '../../support/fast-check.ts'

const big = (text: string) => new Big(text)
const share = { lot: big('1'), step: big('0.000000001') }

test.each([
  ['whole shares stay whole, however few', '3', share, '600', '1'],
  ['a position of many shares is sold in whole ones, and its last chunk takes the part', '100.5', share, '600', '1'],
  ['a part of a dear share is sold in cents of it', '0.5', share, '600', '0.01'],
  ['no chunk of a cheap share is worth less than a dollar', '3.5', share, '0.63', '1'],
  ['a venue with a step of its own is asked for nothing finer', '0.5', { ...share, step: big('0.1') }, '600', '0.1'],
  ['a venue of whole shares gets whole ones', '3.5', { lot: big('1'), step: big('1') }, '600', '1'],
  ['without a venue of its own the lot counts', '3.5', { lot: big('1') }, '600', '1'],
  ['a coin keeps its lot', '0.5', { lot: big('0.0001') }, '60000', '0.0001'],
])('%s', (_, total, instrument, price, step) => {
  expect(chunkStep(big(total), instrument, big(price)).toFixed()).toBe(step)
})

test('chunks in that step sum up to the position to the last digit, and none but the last is a part that is worth less than a dollar', () => {
  const units = fc.integer({ min: 1, max: 60_000_000 }).map((count) => big('0.000001').times(count))
  const prices = fc.integer({ min: 1, max: 80_000_000 }).map((cents) => big('0.01').times(cents))
  fc.assert(
    fc.property(units, prices, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (total, price, seed) => {
      const step = chunkStep(total, share, price)
      const quantities = planScaleout(total, step, 'fast', seed).map(({ quantity }) => quantity)
      expect(sum(quantities).toFixed()).toBe(total.toFixed())
      for (const one of quantities.slice(0, -1)) expect(isMultiple(one, big('1')) || one.times(price).gte(1)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
