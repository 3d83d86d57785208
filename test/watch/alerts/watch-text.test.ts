import { expect, test } from 'vitest'
import { watchText } from '../../../src/talk/wording/watch-text.ts'

test.each([
  ['7000', '0.585714285714', '0.561', '-0.0422', 'LONG 7,000 @ $0.5857 · now $0.561 · open for 73 h, P&L -4.22%'],
  ['-30', '190.123456', '180', '0.0532', 'SHORT 30 @ $190.12 · now $180.00 · open for 73 h, P&L +5.32%'],
  [
    '1000000',
    '0.00001234',
    '0.000012',
    '-0.0276',
    'LONG 1,000,000 @ $0.00001234 · now $0.000012 · open for 73 h, P&L -2.76%',
  ],
])(
  '%s at %s is told with the average price that `positions` shows',
  (signedQuantity, averageEntryPrice, price, unrealizedReturn, text) => {
    const seen = { signedQuantity, averageEntryPrice, price, unrealizedReturn, version: 1 }
    expect(watchText({ type: 'position.time_decay', data: { ...seen, hoursOpen: 73 } })).toBe(text)
  },
)
