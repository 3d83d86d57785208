import { dollarsText, percentText, priceText, profitText, quantityText } from '../../base/format.ts'
import { orderPhrase } from '../orders/rules/describe.ts'
import type { Position } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import type { Protection, ProtectiveOrder } from '../protection/rows/protective-orders.ts'
import type { WantedAction } from './rows/corporate-actions.ts'
import type { InTheWay } from './rows/in-the-way.ts'
import { type PaidOut, ratioMeaning, ratioText } from './rules/split.ts'

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

/** What became of a fraction: `0.5 of a share: $2.80 in cash, P&L $-0.35`. */
export function paidOutText(
  { signedQuantity }: Pick<Position, 'signedQuantity'>,
  { quantity, cash, realizedPnl }: PaidOut,
): string {
  const how = signedQuantity.lt(0) ? `bought back for ${dollarsText(cash)}` : `${dollarsText(cash)} in cash`
  return `${quantityText(quantity.round(6))} of a share: ${how}, P&L ${profitText(realizedPnl)}`
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

/** What keeps an action from being done, a line each: `alice: LIMIT SELL 500 BYND @ $1.10 has no end at the venue yet`. */
export function inTheWayLines(all: InTheWay[]): string[] {
  return all.map((one) => `${one.name}: ${wordsOf(one)}`)
}

function wordsOf(one: InTheWay): string {
  switch (one.kind) {
    case 'order':
      return `${orderPhrase(one.order)} has no end at the venue yet`
    case 'close':
      return 'a close waits for orders that are taken back'
    case 'critical':
      return 'a stop, a target or the circuit breaker is closing positions'
    case 'scheduled':
      return `${one.what} is being carried out`
    case 'both':
      return `${one.symbol} is held, too`
  }
}

/** `2 accounts: 2 positions, 1 order placed again`. */
export function countText({
  accounts,
  positions,
  orders,
}: {
  accounts: number
  positions: number
  orders: number
}): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`
  return `${count(accounts, 'account')}: ${count(positions, 'position')}, ${count(orders, 'order')} placed again`
}
