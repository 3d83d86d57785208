import type { WantedAction } from '../../ledger/corporate-actions.ts'
import type { InTheWay } from '../../ledger/in-the-way.ts'
import type { Position } from '../../ledger/positions.ts'
import type { Protection, ProtectiveOrder } from '../../ledger/protective-orders.ts'
import { positionText } from '../../trading/describe.ts'
import { dollarsText, percentText, priceText, profitText, quantityText } from '../../trading/format.ts'
import { type PaidOut, ratioMeaning, ratioText } from '../../trading/split.ts'
import { orderPhrase } from '../orders/order-text.ts'

type Named = Pick<WantedAction, 'kind' | 'symbol' | 'newSymbol' | 'ratio'>

/** `SPLIT BYND 1:10 — every 10 shares become 1`, `BYND IS BYON NOW`. */
export function titleOf({ kind, symbol, newSymbol, ratio }: Named): string {
  return kind === 'split'
    ? `SPLIT ${symbol} ${ratioText(ratio)} — ${ratioMeaning(ratio)}`
    : `${symbol} IS ${newSymbol} NOW`
}

/** The same within a sentence: `split 1:10`, `renamed to BYON`. */
export function phraseOf({ kind, newSymbol, ratio }: Named): string {
  return kind === 'split' ? `split ${ratioText(ratio)}` : `renamed to ${newSymbol}`
}

/** Why an order is taken back. */
export const becauseOf = (action: Named) => `${action.symbol} is being ${phraseOf(action)}`

/** `LONG 3,750 BYND @ $0.63 → LONG 375 BYND @ $6.30`. */
export function changeText(before: Parameters<typeof positionText>[0], after: Parameters<typeof positionText>[0]) {
  return `${positionText(before)} → ${positionText(after)}`
}

/** What was paid out for a fraction. */
export function paidOutText({ signedQuantity }: Pick<Position, 'signedQuantity'>, { quantity, cash, realizedPnl }: PaidOut) {
  const how = signedQuantity.lt(0) ? 'are bought back for' : 'are paid out with'
  return `${quantityText(quantity.round(6))} that are no whole lot ${how} ${dollarsText(cash)}, P&L ${profitText(realizedPnl)}`
}

/** The levels that follow, a line each; none where the position is closed. */
export function levelLines(before: Protection, after: Protection): string[] {
  return (['stop', 'target'] as const).flatMap((kind) => {
    const [was, is] = [before[kind], after[kind]]
    if (!was || !is || was.price.eq(is.price)) return []
    return [`${kind === 'stop' ? 'Stop' : 'Target'}: ${priceText(was.price)} → ${priceText(is.price)}${trailsText(is)}`]
  })
}

const trailsText = ({ trail }: ProtectiveOrder) => (trail ? `, trails by ${percentText(trail.share).slice(1)}` : '')

/** What keeps a split from being done, a line each: `alice: LIMIT SELL 500 BYND @ $1.10 has no end yet`. */
export function inTheWayLines(all: InTheWay[]): string[] {
  return all.map((one) => {
    switch (one.kind) {
      case 'order':
        return `${one.name}: ${orderPhrase(one.order)} has no end at the venue yet`
      case 'close':
        return `${one.name}: a close waits for orders that are taken back`
      case 'critical':
        return `${one.name}: a stop, a target or the circuit breaker is closing positions`
      case 'scheduled':
        return `${one.name}: ${one.what} is being carried out`
    }
  })
}
