import { expect, test } from 'vitest'
import { meansTheSame } from './blind-sets.ts'

test('acts that differ only in their words are the same', () => {
  const sale = { command: 'sell', params: { symbol: 'PLUG', fraction: '1' } }
  expect(meansTheSame(sale, { command: 'close', params: { symbol: 'PLUG' } })).toBe(true)
  expect(meansTheSame({ command: 'sell', params: { fraction: '1' } }, { command: 'close', params: {} })).toBe(false)
  const trim = { command: 'schedule', params: { side: 'trim', symbol: 'AMD', fraction: '0.50', time: '14:00' } }
  expect(meansTheSame({ ...trim, params: { ...trim.params, side: 'sell', fraction: '0.5' } }, trim)).toBe(true)
  expect(meansTheSame({ ...trim, params: { ...trim.params, side: 'buy' } }, trim)).toBe(false)
  const google = { command: 'buy', params: { symbol: 'GOOG', quantity: '60' } }
  expect(meansTheSame(google, { command: 'buy', params: { symbol: 'GOOGL', quantity: '60' } })).toBe(true)
  expect(meansTheSame(google, { command: 'buy', params: { symbol: 'GOOGL', quantity: '6' } })).toBe(false)
  expect(meansTheSame({ command: 'orders', params: { fraction: '1' } }, { command: 'orders' })).toBe(true)
})
