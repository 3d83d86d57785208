import { Big } from '../../../../src/base/amounts.ts'
import type { OrderEvent, OrderReport, VenueFill } from '../../../../src/venues/venue.ts'

/** The fields in which an answer about another order may differ from the right one. */
export const mistakes = ['symbol', 'side', 'quantity', 'account', 'clientOrderId'] as const
export type Mistake = (typeof mistakes)[number]

/** An execution of the other order, which no book has. */
function strange(fill: VenueFill, mistake: Mistake): VenueFill {
  const other = { ...fill, venueFillId: `other-${fill.venueFillId}` }
  switch (mistake) {
    case 'symbol':
      return { ...other, symbol: fill.symbol === 'AAPL' ? 'BYND' : 'AAPL' }
    case 'side':
      return { ...other, side: fill.side === 'buy' ? 'sell' : 'buy' }
    case 'quantity':
      return { ...other, quantity: fill.quantity.times(2) }
    case 'account':
      return { ...other, account: `other-${fill.account}` }
    case 'clientOrderId':
      return { ...other, clientOrderId: `other-${fill.clientOrderId}` }
  }
}

/**
 * The report of another order in place of the right one, filled whole: a desk that books it books trades that never happened.
 */
export function mistakenReport(report: OrderReport, mistake: Mistake): OrderReport {
  const { account, clientOrderId, symbol, side, quantity } = report
  const filledAt = report.fills[0]?.filledAt ?? new Date(0)
  const price = report.limitPrice ?? new Big(1)
  const whole = { account, clientOrderId, symbol, side, quantity, price, commission: new Big(0), filledAt }
  const fill = strange({ ...whole, venueFillId: report.venueOrderId }, mistake)
  return {
    ...report,
    account: fill.account,
    clientOrderId: fill.clientOrderId,
    symbol: fill.symbol,
    side: fill.side,
    quantity: fill.quantity,
    state: 'filled',
    filledQuantity: fill.quantity,
    fills: [fill],
  }
}

/** A fill of another order. The quantity of a fill is not known in advance, so that mistake changes the account instead. */
export function mistakenFill(fill: VenueFill, mistake: Mistake): VenueFill {
  return strange(fill, mistake === 'quantity' ? 'account' : mistake)
}

/** News of another order. */
export function mistakenEvent(event: OrderEvent, mistake: Mistake): OrderEvent {
  if (event.kind === 'fill') return { kind: 'fill', fill: mistakenFill(event.fill, mistake) }
  return { kind: 'order', report: mistakenReport(event.report, mistake) }
}
