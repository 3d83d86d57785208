import { dollarsText, priceText, profitText, quantityText } from '../../base/format.ts'
import type { Change, Hindrance } from '../../trading/corporate-actions/change.ts'
import type { CorporateActionNotice } from '../../trading/corporate-actions/notices.ts'
import { inTheWayLines } from '../../trading/corporate-actions/reasons.ts'
import { refusalOf } from '../../trading/corporate-actions/refusals.ts'
import type { MovedCounts } from '../../trading/corporate-actions/rows/corporate-actions.ts'
import { titleOf } from '../../trading/corporate-actions/rules/describe.ts'
import type { PaidOut } from '../../trading/corporate-actions/rules/split.ts'
import type { AnyOrder } from '../../trading/orders/rows/orders.ts'
import { orderPhrase } from '../../trading/orders/rules/describe.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { Protection } from '../../trading/protection/rows/protective-orders.ts'
import type { ScheduledOrder } from '../../trading/schedule/rows/scheduled-orders.ts'
import { partText, trailsText } from './levels.ts'
import type { WordingOf } from './wording-of.ts'

export const corporateActionWording: WordingOf<CorporateActionNotice> = {
  'corporate_action.moved': ({ action, changes }) =>
    [`🔀 ${titleOf(action)}`, ...changes.flatMap(changeLines)].join('\n'),

  'corporate_action.done': ({ action, counts }) => `✓ ${titleOf(action)}\n${countText(counts)}. Each thread is told.`,

  'corporate_action.unfinished': ({ action, left }) =>
    [
      `⏳ ${titleOf(action)}: not in every account yet`,
      ...inTheWayLines(left),
      'The desk goes on with them by itself, and will say here when it is done.',
    ].join('\n'),

  'corporate_action.suspended': ({ action, market }) =>
    `⏳ ${titleOf(action)}: begun, and not done, since the market in use (${market}) has no ${action.newSymbol}.\n💡 It goes on when the desk is started with one that has it`,

  'corporate_action.refused': ({ action }) => refusalOf(action).text,
}

function changeLines(change: Change): string[] {
  switch (change.kind) {
    case 'position': {
      const { before, after, paidOut, levels } = change
      return [
        changeText(before, after),
        ...(paidOut ? [paidOutText(before, paidOut)] : []),
        ...levelLines(levels.before, levels.after),
      ]
    }
    case 'scaleout': {
      const { before, after } = change
      return [
        `Scaleout: ${quantityText(before.quantity)} left in ${before.chunks} chunks → ${quantityText(after.quantity)} in ${after.chunks}`,
      ]
    }
    case 'order placed again':
      return [`${nameOf(change.before)} → ${nameOf(change.after)}`]
    case 'order not placed again':
      return [`${nameOf(change.order)} is not placed again: ${hindranceText(change.reason)}`]
    case 'order ended there':
      return endedThereLines(change)
    case 'order for later':
      return [`⏰ ${change.before.number}. ${laterText(change.before)} → ${laterText(change.after)}`]
    case 'order for later taken back':
      return [`⏰ ${change.order.number}. ${change.order.what} is taken back: ${change.because}`]
  }
}

/** The change of a position: `LONG 3,750 BYND @ $0.63 → LONG 375 BYND @ $6.30`. */
export function changeText(before: Parameters<typeof positionText>[0], after: Parameters<typeof positionText>[0]) {
  return `${positionText(before)} → ${positionText(after)}`
}

/** The settlement of a fraction: `0.5 of a share: $2.80 in cash, P&L $-0.35`. */
function paidOutText({ signedQuantity }: Position, { quantity, cash, realizedPnl }: PaidOut): string {
  const how = signedQuantity.lt(0) ? `bought back for ${dollarsText(cash)}` : `${dollarsText(cash)} in cash`
  return `${quantityText(quantity.round(6))} of a share: ${how}, P&L ${profitText(realizedPnl)}`
}

/** The changed levels, a line each; none when the position is closed. */
function levelLines(before: Protection, after: Protection): string[] {
  const [was, is] = [before, after].map(({ parts = [] }) => parts.map(partText).join(', '))
  const parts = was === is ? [] : [`For parts: ${was} → ${is || 'none, since they are for less than a lot'}`]
  return [...wholeLines(before, after), ...parts]
}

function wholeLines(before: Protection, after: Protection): string[] {
  return (['stop', 'target'] as const).flatMap((kind) => {
    const [was, is] = [before[kind], after[kind]]
    if (!was || !is || was.price.eq(is.price)) return []
    return [`${kind === 'stop' ? 'Stop' : 'Target'}: ${priceText(was.price)} → ${priceText(is.price)}${trailsText(is)}`]
  })
}

const nameOf = (order: AnyOrder) =>
  `${order.number === undefined ? '' : `Order ${order.number}: `}${orderPhrase(order)}`

/** An order that the broker had ended, and the words that place its rest again in new units. */
function endedThereLines({ order, anew }: Change & { kind: 'order ended there' }): string[] {
  const ended = `${nameOf(order)} was ended by the broker before, so it is not placed again`
  if (!anew) return [`${ended}; less than a lot is left of it.`]
  const stop = anew.stop ? ` stop ${anew.stop.toFixed()}` : ''
  const limit = anew.limit ? ` @ ${anew.limit.toFixed()}` : ''
  const words = `${order.side} ${anew.quantity.toFixed()} ${anew.symbol}${stop}${limit}`
  return [`${ended}.`, `💡 \`${words}\` orders the same now, if you still want it`]
}

function hindranceText(reason: Hindrance): string {
  switch (reason.kind) {
    case 'expired':
      return 'its time is over'
    case 'nothing open':
      return 'nothing is open'
    case 'less than a lot':
      return `less than a lot of ${reason.symbol} is left of it`
    case 'refused':
      return reason.refusal.text
        .split('\n')[0]!
        .replace(/^⚠️ /, '')
        .replace(/\. Nothing was done\.$/, '')
  }
}

function laterText({ what, above, below }: ScheduledOrder): string {
  if (above) return `${what} if it gets to ${priceText(above)} or above`
  return below ? `${what} if it gets to ${priceText(below)} or below` : what
}

/** The counts of a corporate action: `2 accounts: 2 positions, 1 order placed again`. */
function countText({ accounts, positions, orders }: MovedCounts): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`
  return `${count(accounts, 'account')}: ${count(positions, 'position')}, ${count(orders, 'order')} placed again`
}
