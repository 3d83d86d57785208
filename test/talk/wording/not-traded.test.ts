import { expect, test } from 'vitest'
import { checksBefore } from '../../../src/agents/rules/checks.ts'
import type { Facts } from '../../../src/agents/rules/facts.ts'
import { liveLimits } from '../../../src/agents/rules/limits.ts'
import { Big } from '../../../src/base/amounts.ts'
import { notTradedText } from '../../../src/talk/wording/not-traded.ts'
import { facts, held, wanted } from '../../agents/rules/cases.ts'

const by = { ...liveLimits(4), size: new Big(1), exposure: new Big(1), heat: new Big(1) }
const said = (units: number | string, more: Partial<Facts>, limits = by) =>
  notTradedText(checksBefore(wanted(units), facts(more), limits), 'AAPL')

test('says the code, the figure beside its limit, and the largest size that fits', () => {
  const tech = { positions: [held('MSFT', 28)] }
  expect(said(15, tech)).toBe(
    '✗ Not traded: SECTOR_EXCEEDED — Technology would be 43%, limit 40%. Largest that fits: 12 AAPL.',
  )
  expect(said(12, tech)).toBe('')
  expect(said(1, { failures: 3 })).toBe('✗ Not traded: API_FAILING — failures in a row: 3, limit 3.')
  expect(said(1, { trades: { today: 1, secondsSince: 12 } })).toBe(
    '✗ Not traded: TOO_SOON — since the last trade: 12 s, limit 300 s.',
  )
  expect(said(1, { volatility: undefined })).toBe(
    '✗ Not traded: TOO_VOLATILE — the volatility of AAPL a year is not known, limit 80%.',
  )
  expect(said(1, { isHalted: true })).toBe(
    '✗ Not traded: AGENT_HALTED — the agent is halted until an owner resumes it.',
  )
})

test('a figure that rounds to its limit is not said to be the limit', () => {
  const limits = { ...by, deployed: new Big(1e9), sector: new Big('0.4') }
  const large = { equity: new Big(100_000_000), openingEquity: new Big(100_000_000), peak: new Big(100_000_000) }
  expect(said(400_001, large, limits)).toContain('Technology would be a little over 40%, limit 40%.')
})

test('while it only exits, it says why', () => {
  expect(said(1, { equity: new Big(9840) })).toBe(
    '✗ Not traded: AGENT_REDUCING — only exits for now: DAY_LOSS, the loss of today is 1.6%, limit 1.5%.',
  )
  const over = { positions: [held('MSFT', 13)] }
  expect(said(1, over, { ...by, size: new Big('0.1') })).toContain(
    'only exits for now: POSITION_TOO_LARGE, MSFT is 13%, limit 10%.',
  )
})

test('every check has words', () => {
  const none = checksBefore(wanted(1), facts(), by)
  for (const check of none.checks) {
    const text = notTradedText({ ...none, refusing: { ...check, passes: false } }, 'AAPL')
    expect(text).toMatch(/^✗ Not traded: [A-Z_]+ — [a-zA-Z].{5,}\.$|Largest that fits/)
    expect(text).not.toMatch(/undefined|NaN/)
  }
})
