import { durationText, quantityText } from '../../base/format.ts'
import type { AnyOrder } from '../../trading/orders/rows/orders.ts'
import { orderPhrase } from '../../trading/orders/rules/describe.ts'
import type { InDoubt } from '../../trading/reconcile/doubt.ts'
import type { Action } from '../chat/action.ts'

/** A line about an order without an outcome: `⏳ BUY 300 BYND: sent 40 s ago, asked 6 times, not shown`. */
export function doubtLine(
  { order, timesAsked, saidArrivedAt, refusedBecause, isTriedNow }: InDoubt,
  now: Date,
): string {
  const ago = durationText(Math.max(0, now.getTime() - order.createdAt.getTime()))
  if (refusedBecause)
    return `⚠️ Order ${order.id}: ${orderPhrase(order)}, ${ago} old, is refused by the broker each time (${refusedBecause}): nothing of it is there${isTriedNow ? '; it is being tried again now' : ''}`
  const asked = timesAsked === 1 ? 'asked once' : `asked ${timesAsked} times`
  const since = order.missingSince && durationText(Math.max(0, now.getTime() - order.missingSince.getTime()))
  const shown = since ? `the broker has not shown it for ${since}` : 'the broker has not answered for it'
  const said = saidArrivedAt ? ', you said that it arrived' : ''
  return `⏳ Doubt ${order.id}: ${orderPhrase(order)} was sent ${ago} ago, ${asked}, ${shown}${said}`
}

/** The typed words of the buttons below an order without an outcome. */
export function doubtWords({ order, refusedBecause }: InDoubt): string {
  const { id } = order
  if (refusedBecause) return `💡 \`doubt ${id} ask\` tries it now; ${wayOut(order)}`
  return `💡 \`doubt ${id} ask\` asks now; \`doubt ${id} never\`: you looked there, and it never arrived; \`doubt ${id} arrived\`: you saw it there`
}

/** The way to end an order that the broker refuses each time; nothing of it is there to be cancelled. */
export function wayOut({ purpose, symbol }: AnyOrder): string {
  const cause = 'take away what the broker refuses it for'
  return purpose === 'stop' || purpose === 'target' ? `${cause}, or \`${purpose} ${symbol} off\` ends it` : cause
}

/** The rest of a card about an order without an outcome. */
export function doubtCard(doubt: InDoubt, now: Date): string {
  const { order } = doubt
  if (doubt.refusedBecause)
    return `${doubtLine(doubt, now)}\n   The desk tries it again by itself, and what it would trade stays set aside.\n   ${doubtWords(doubt)}`
  const filled = order.filledQuantity.gt(0) ? `${quantityText(order.filledQuantity)} of it are filled. ` : ''
  return [
    doubtLine(doubt, now),
    `   ${filled}It is sent once at most, and what it would trade stays set aside. The desk asks again by itself.`,
    `   ${doubtWords(doubt)}`,
  ].join('\n')
}

/** The buttons below an order without an outcome. */
export function doubtActions({ order: { id, symbol, accountId }, refusedBecause }: InDoubt): Action[] {
  const button = (label: string, what: string): Action => ({
    label: `${label}: ${symbol}`,
    command: 'doubt',
    options: { quantity: String(id), what },
    account: accountId,
  })
  if (refusedBecause) return [button('Try it now', 'ask')]
  return [button('Ask again', 'ask'), button('It never arrived', 'never'), button('It arrived', 'arrived')]
}
