import { expect, test } from 'vitest'
import { actionOf } from '../../../src/venues/alpaca/corporate-actions.ts'
import { activityPayload } from '../../../src/venues/alpaca/payloads.ts'

/** An activity that gives or takes shares, booked at a moment, as Alpaca lists it. */
function booked(symbol: string, qty: string, more: Record<string, unknown> = {}) {
  const at = '2026-11-20T05:00:00Z'
  const id = `20261120050000000::${symbol}${qty}`
  const listed = { activity_type: 'NC', activity_sub_type: 'SNC', date: at, created_at: at, net_amount: '0' }
  return activityPayload.parse({ id, symbol, qty, status: 'executed', ...listed, ...more })
}

const read = (all: ReturnType<typeof booked>[]) =>
  all
    .map((one) => actionOf(one, all))
    .filter((one) => one !== undefined)
    .map(({ symbol, newSymbol }) => [symbol, newSymbol])

test('a new symbol is read from the two halves of a change, with and without their group', () => {
  expect(read([booked('AMDX', '40'), booked('AMD', '-40')])).toEqual([['AMD', 'AMDX']])
  expect(read([booked('AMD', '40'), booked('AMDX', '-40')])).toEqual([['AMDX', 'AMD']])
  const group = { group_id: 'b7a1' }
  expect(read([booked('AMD', '-40', group), booked('AMDX', '40', group)])).toEqual([['AMD', 'AMDX']])
})

test('halves that may belong to several changes are not guessed', () => {
  const late = { date: '2026-11-20T09:00:00Z', created_at: '2026-11-20T09:00:00Z' }
  expect(read([booked('AMD', '-40'), booked('AMDX', '40'), booked('BYNDX', '40')])).toContainEqual(['AMD', undefined])
  expect(read([booked('AMD', '-40'), booked('AMDX', '30')])).toContainEqual(['AMD', undefined])
  expect(read([booked('AMD', '-40'), booked('AMDX', '40', late)])).toContainEqual(['AMD', undefined])
  expect(read([booked('AMD', '-40'), booked('AMDX', '40', { status: 'canceled' })])).toContainEqual(['AMD', undefined])
})
