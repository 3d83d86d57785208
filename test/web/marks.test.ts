import { expect, test } from 'vitest'
import type { Figures } from '../../src/api/contract/accounts.ts'
import type { Position } from '../../src/api/contract/positions.ts'
import { marked, movedBy } from '../../src/web/state/marks.ts'

const at = (second: number) => new Date(1_780_000_000_000 + second * 1000).toISOString()
const price = (last: string, second: number) => ({ last, bid: last, ask: last, at: at(second), stale: null })
const position = {
  symbol: 'BYND',
  direction: 'LONG',
  quantity: '100',
  openCost: '100',
  realizedPnl: '0',
  unrealizedPnl: '0',
  value: '100',
  price: price('1', 0),
} as unknown as Position
const told = { equity: '5000', openPnl: '0', dayPnl: '10', exposure: '100' }
const broker = { cash: '4900', equity: '5003', buyingPower: null, at: at(0) }

test.each([
  ['of an account of the desk', null, '5020'],
  ['that a broker has told', broker, '5023'],
])('the equity %s moves with the prices of what is open', (_, of, equity) => {
  const figures = { ...told, broker: of } as unknown as Figures
  const now = [marked(position, price('1.20', 1))]
  expect(movedBy(figures, [position], now)).toMatchObject({ equity, openPnl: '20', dayPnl: '30', exposure: '120' })
  // Figures that were told at this price have it in them.
  expect(movedBy(figures, now, now)).toMatchObject({ equity: of?.equity ?? told.equity, openPnl: '0' })
})
