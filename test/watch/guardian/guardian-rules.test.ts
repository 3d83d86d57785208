import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import {
  type GuardedEvent,
  type JudgedPosition,
  ruleProposal,
  trailFor,
} from '../../../src/watch/guardian/guardian-rules.ts'

const judged = (type: GuardedEvent, more: Partial<Record<keyof JudgedPosition, unknown>> = {}): JudgedPosition => ({
  type,
  signedQuantity: new Big(1000),
  price: new Big(100),
  stop: { price: new Big(98) },
  unrealizedReturn: new Big('-0.05'),
  hoursOpen: 80,
  ...Object.fromEntries(
    Object.entries(more).map(([name, value]) => [
      name,
      typeof value === 'string' && name !== 'trend' ? new Big(value) : value,
    ]),
  ),
})

test.each<[GuardedEvent, Partial<Record<keyof JudgedPosition, unknown>>, string]>([
  ['position.stop_approaching', {}, 'TRAIL_STOP 0.02'],
  ['position.stop_approaching', { trend: 'for' }, 'HOLD'],
  ['position.stop_approaching', { trend: 'against', volatility: '0.019' }, 'TRAIL_STOP 0.02'],
  ['position.stop_approaching', { trend: 'against', volatility: '0.02' }, 'EXIT'],
  ['position.stop_approaching', { volatility: '0.05' }, 'TRAIL_STOP 0.02'],
  ['position.target_approaching', {}, 'TRAIL_STOP 0.02'],
  ['position.target_approaching', { trend: 'against' }, 'TRIM 0.5'],
  ['position.profit_milestone', { unrealizedReturn: '0.05' }, 'HOLD'],
  ['position.profit_milestone', { unrealizedReturn: '0.05', trend: 'against' }, 'TRAIL_STOP 0.02'],
  ['position.profit_milestone', { unrealizedReturn: '0.1999' }, 'HOLD'],
  ['position.profit_milestone', { unrealizedReturn: '0.2' }, 'TRAIL_STOP 0.02'],
  ['position.profit_milestone', { unrealizedReturn: '0.4999' }, 'TRAIL_STOP 0.02'],
  ['position.profit_milestone', { unrealizedReturn: '0.5' }, 'TRIM 0.5'],
  ['position.time_decay', { unrealizedReturn: '0.02' }, 'TRIM 0.5'],
  ['position.time_decay', { unrealizedReturn: '-0.02' }, 'TRIM 0.5'],
  ['position.time_decay', { unrealizedReturn: '-0.0201' }, 'HOLD'],
  ['position.time_decay', { unrealizedReturn: '-0.0201', trend: 'against' }, 'EXIT'],
  ['position.time_decay', { unrealizedReturn: '0.05', bestReturn: '0.1' }, 'TRAIL_STOP 0.02'],
  ['position.time_decay', { unrealizedReturn: '0.051', bestReturn: '0.1' }, 'HOLD'],
  ['position.thesis_invalidation', { unrealizedReturn: '-0.0001' }, 'EXIT'],
  ['position.thesis_invalidation', { unrealizedReturn: '0' }, 'TRAIL_STOP 0.02'],
])('%s with %o: %s', (type, more, expected) => {
  const { action, amount, reasoning } = ruleProposal(judged(type, more))
  expect([action, amount?.toFixed()].filter(Boolean).join(' ')).toBe(expected)
  expect(reasoning.length).toBeGreaterThan(10)
})

test.each<[string, Partial<Record<keyof JudgedPosition, unknown>>, string]>([
  ['is as wide as the stop is away', { stop: { price: new Big('98.04') } }, '0.02'],
  ['is never narrower than half a percent', { stop: { price: new Big('99.9') } }, '0.005'],
  ['is 2% where nothing is known', { stop: undefined }, '0.02'],
  ["is three bars' volatility", { stop: undefined, volatility: '0.01' }, '0.03'],
  ['is 1% at least of a calm market', { stop: undefined, volatility: '0.0001' }, '0.01'],
  ['is 5% at most of a wild one', { stop: undefined, volatility: '0.5' }, '0.05'],
  ['is no wider than what trails already', { stop: { price: new Big('90'), trail: new Big('0.012') } }, '0.012'],
])('a trail that the rules offer %s', (_, more, expected) => {
  expect(trailFor(judged('position.stop_approaching', more)).toFixed()).toBe(expected)
})
