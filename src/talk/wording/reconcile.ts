import { type Big, zero } from '../../base/amounts.ts'
import { averageText, dollarsText, priceText, profitText, quantityText } from '../../base/format.ts'
import type { Explanation } from '../../infra/db/reconcile-tables.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { ReconcileNotice, ToldGap } from '../../trading/reconcile/notices.ts'
import type { Action } from '../chat/action.ts'
import { takenText } from './positions.ts'
import type { WordingOf } from './wording-of.ts'

/** `LONG 300`, `SHORT 20`, `nothing`. */
export function heldText(signedQuantity: Big): string {
  if (signedQuantity.eq(0)) return 'nothing'
  return `${signedQuantity.gt(0) ? 'LONG' : 'SHORT'} ${quantityText(signedQuantity.abs())}`
}

/** The buttons below a difference: take the broker's quantity, leave it, or say that it was one's own trade. */
export function gapActions({ accountId, symbol }: Pick<ToldGap, 'accountId' | 'symbol'>): Action[][] {
  const about = { options: { symbol }, account: accountId }
  return [
    [
      { label: `Adopt ${symbol}`, command: 'adopt', ...about },
      { label: `Ignore ${symbol}`, command: 'ignore', ...about },
      { label: 'I did that', command: 'did', ...about },
    ],
  ]
}

/** The typed words for the same. */
export const gapWords = (symbol: string) =>
  `💡 \`adopt ${symbol}\` takes the broker’s quantity; \`ignore ${symbol}\` leaves it as not the desk’s; \`did ${symbol} @ PRICE\`: you traded it yourself`

/** The explanation of a difference in words. */
export const explanationText: Record<Explanation, string> = {
  agrees: 'a later look found both the same',
  executions: 'by executions at the broker',
  corporate_action: 'by a corporate action',
  external: 'it is not the desk’s',
  adopted: 'the broker’s quantity was adopted',
  done: 'it was your own trade',
}

/** The numbers of a difference: `The desk has LONG 300, the broker shows LONG 200: 100 fewer.` */
export function gapText({ symbol, gap, ledger, venue }: ToldGap, external: Big = zero): string {
  const other = external.eq(0) ? '' : ` and knows of ${heldText(external)} that is not its own`
  const more = gap.times(venue.eq(0) ? ledger : venue).gt(0) === gap.times(gap).gt(0)
  const size = quantityText(gap.abs())
  const how = ledger.eq(0) || venue.eq(0) ? `${size} differ` : `${size} ${more ? 'more' : 'fewer'}`
  return `${symbol}: the desk has ${heldText(ledger)}${other}, the broker shows ${heldText(venue)} (${how}).`
}

/** What is frozen by a difference, and what goes on. */
export function frozenText({
  symbol,
  isSplitLike,
  ledger,
}: Pick<ToldGap, 'symbol' | 'isSplitLike' | 'ledger'>): string {
  if (ledger.eq(0))
    return `New orders in ${symbol} wait. The desk has none of it, so nothing of the desk’s protects or closes it.`
  return isSplitLike
    ? `It looks like a split that the broker has not reported yet. New orders, scaleouts, stops and targets in ${symbol} wait; \`close\` works.`
    : `New orders and scaleouts in ${symbol} wait. Stops, targets and \`close\` go on, for no more than both have.`
}

export const reconcileWording: WordingOf<ReconcileNotice> = {
  'books.mismatch': ({ gap, external }) => ({
    text: [
      `🚨 BOOKS DIFFER — ${gap.symbol}`,
      gapText(gap, external),
      'No execution, corporate action or order explains it, and no order was sent against it.',
      frozenText(gap),
      gapWords(gap.symbol),
    ].join('\n'),
    actions: gapActions(gap),
  }),
  'books.agree': ({ gap, explainedBy }) =>
    `✓ BOOKS AGREE — ${gap.symbol}\n${gapText(gap)} That is over: ${explanationText[explainedBy]}. Nothing in ${gap.symbol} is frozen now.`,
  'books.adopted': ({ position, before, gap, as, gone, price, came }) => {
    const was = before.signedQuantity.eq(0) ? 'nothing' : positionText(before)
    const at = price ? ` @ ${priceText(price)}` : ''
    const unknown = gone && !price ? '\nThe price of what left is not known, so no P&L is booked for it.' : ''
    const profit = gone && price ? `\nP&L: ${profitText(gone.realizedPnl)}` : ''
    const how =
      as === 'done' ? `you traded ${quantityText(gap.gap.abs())}${at} at the broker` : 'as the broker shows it'
    const cost = came ? `\nWhat came counts ${takenText[came.from]}: ${averageText(came.price)} each.` : ''
    return `✓ ADJUSTED — ${positionText(position)}\nIt was ${was}; ${how}. No order was sent.${cost}${profit}${unknown}`
  },
  'books.ignored': ({ gap, isFrozen }) =>
    isFrozen
      ? `🔇 LEFT — ${gap.symbol}\n${gapText(gap)}\n${frozenText(gap)} You hear no more of it. 💡 \`adopt ${gap.symbol}\` ends that`
      : `🔇 EXTERNAL — ${gap.symbol}\n${gapText(gap)}\nThat is not the desk’s from now on; nothing is frozen, and the desk does not touch it.`,
  'books.external': ({ accountId, symbol, signedQuantity }) => ({
    text: [
      `👁️ EXTERNAL — ${symbol}`,
      `The broker shows ${heldText(signedQuantity)} ${symbol} that was not ordered here. The desk does not touch it.`,
      `💡 \`adopt ${symbol}\` makes it a position of the desk`,
    ].join('\n'),
    actions: [[{ label: `Adopt ${symbol}`, command: 'adopt', options: { symbol }, account: accountId }]],
  }),
  'books.action': ({ symbol, what, cash, words, booked }) => {
    const title = { dividend: '💵 DIVIDEND', cash_in_lieu: '💵 CASH FOR A FRACTION', other: '🔀 CORPORATE ACTION' }[
      what
    ]
    const amount = cash ? ` ${cash.lt(0) ? '-' : ''}${dollarsText(cash.abs())}` : ''
    const profit = booked
      ? `\nThe split counted ${dollarsText(booked.before)} for ${quantityText(booked.fraction.round(6))} of a share. P&L: ${profitText(booked.realizedPnl)}`
      : ''
    return `${title} — ${symbol}${amount}${words ? `\nThe broker: ${words}` : ''}${profit}`
  },
}
