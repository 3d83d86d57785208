import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { orderPayload, type TsOrder } from '../../../src/venues/tradestation/payloads.ts'
import { cumulativeIn, type Step, stepsTo, totalOf } from '../../../src/venues/tradestation/steps.ts'
import fc from '../../support/fast-check.ts'

const at = (quantity: number | string, average: string, more: { isCorrected?: boolean; commission?: string } = {}) => ({
  quantity: new Big(quantity),
  average: new Big(average),
  commission: new Big(more.commission ?? 0),
  isCorrected: more.isCorrected ?? false,
})
/** All steps after these looks. */
const seen = (...looks: ReturnType<typeof at>[]) =>
  looks.reduce<Step[]>((booked, look) => booked.concat(stepsTo('7', booked, look)), [])
const texts = (steps: Step[]) => steps.map(({ id, quantity, price }) => `${id} ${quantity} @ ${price}`)

const order = (Status: string, exec: string, price: string): TsOrder =>
  orderPayload.parse({
    ...{ AccountID: '1', OrderID: '7', Status, FilledPrice: price },
    Legs: [{ BuyOrSell: 'Sell', Symbol: 'BYND', QuantityOrdered: '300', ExecQuantity: exec }],
  })

describe('fills from cumulative quantities', () => {
  test('have the price of the difference, and an id of the order and the cumulative quantity', () => {
    expect(texts(seen(at(100, '0.63'), at(300, '0.65')))).toEqual(['7:100 100 @ 0.63', '7:300 200 @ 0.66'])
  })

  test('come once, however often and in whatever order answers come', () => {
    expect(texts(seen(at(300, '0.65'), at(100, '0.63'), at(300, '0.65'), at(100, '0.63')))).toEqual([
      '7:300 300 @ 0.65',
    ])
  })

  test('come with every status, also inside an acknowledgement, and of an order that is out in part', () => {
    for (const status of ['ACK', 'FPR', 'FLP', 'OUT', 'UCN', 'XYZ'])
      expect(texts(stepsTo('7', [], cumulativeIn(order(status, '100', '0.63'))!))).toEqual(['7:100 100 @ 0.63'])
    expect(cumulativeIn(order('ACK', '0', '112.28'))).toBeUndefined()
    expect(cumulativeIn(order('FLL', '100', '0'))).toBeUndefined()
  })

  test('add up to quantity × average, whatever was rounded on the way', () => {
    const [first, second, third] = seen(at(3, '0.6333'), at(4, '0.6325'), at(10, '0.6312'))
    expect(totalOf([first!, second!, third!]).value.minus('6.312').abs().lt('1e-10')).toBe(true)
    // Of a rounded average nothing is left for a small step: it has the average, and the next step sets it right.
    const large = seen(at(100_000, '0.0001'), at(100_001, '0.00009'), at(200_000, '0.0001'))
    for (const { price } of large) expect(price.gt(0)).toBe(true)
    expect(totalOf(large).value.minus(20).abs().lt('1e-6')).toBe(true)
  })

  test('have the commission that is new', () => {
    const [first, second] = seen(at(100, '1', { commission: '0.5' }), at(200, '1', { commission: '0.8' }))
    expect([first!.commission, second!.commission].map(String)).toEqual(['0.5', '0.3'])
  })

  test('are taken back only at a correction, and booked anew with ids of their own', () => {
    const before = seen(at(100, '1'), at(300, '1.1'))
    expect(stepsTo('7', before, at(200, '1.05'))).toEqual([])
    const after = stepsTo('7', before, at(200, '1.05', { isCorrected: true }))
    expect(texts(after)).toEqual(['bust:7:300 200 @ 1.15', '7:200 100 @ 1.1'])
    expect(after[0]!.reverses).toBe('7:300')
    const all = [...before, ...after]
    expect(stepsTo('7', all, at(200, '1.05', { isCorrected: true }))).toEqual([])
    expect(texts(stepsTo('7', all, at(300, '1.1')))).toEqual(['7:300#2 100 @ 1.2'])
  })

  test('of a corrected price are taken back and booked with it', () => {
    const after = stepsTo('7', seen(at(100, '1')), at(100, '1.2', { isCorrected: true }))
    expect(texts(after)).toEqual(['bust:7:100 100 @ 1', '7:100#2 100 @ 1.2'])
  })

  test('are the same money for every way of looking', () => {
    const parts = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 99_999 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(parts, fc.array(fc.nat(7), { maxLength: 20 }), (executions, looks) => {
        const shown = executions.map((_, last) => {
          const so = executions.slice(0, last + 1)
          const quantity = so.reduce((all, [units]) => all + units, 0)
          const value = so.reduce(
            (all, [units, cents]) => all.plus(new Big(units).times(cents).div(10_000)),
            new Big(0),
          )
          return at(quantity, value.div(quantity).round(4, Big.roundHalfEven).toFixed())
        })
        const order = [...looks.map((look) => shown[look % shown.length]!), shown.at(-1)!]
        const steps = seen(...order)
        const { quantity, value } = totalOf(steps)
        const last = shown.at(-1)!
        expect(quantity.toFixed()).toBe(last.quantity.toFixed())
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
        for (const step of steps) expect(step.price.gt(0) && step.quantity.gt(0)).toBe(true)
        // Only where the rounded average left nothing for the last step is the value more.
        const most = last.quantity.times(last.average)
        if (steps.at(-1)!.price.eq(last.average)) expect(value.gte(most.minus('1e-8'))).toBe(true)
        else expect(value.minus(most).abs().lt('1e-8')).toBe(true)
      }),
    )
  })
})
