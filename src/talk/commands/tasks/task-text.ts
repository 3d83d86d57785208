import { zero } from '../../../base/amounts.ts'
import type { Clock } from '../../../base/clock.ts'
import {
  dollarsText,
  durationText,
  exactText,
  momentText,
  priceText,
  profitText,
  progressText,
  quantityText,
} from '../../../base/format.ts'
import { ratioText } from '../../../trading/corporate-actions/rules/split.ts'
import { termsText } from '../../../trading/orders/rules/describe.ts'
import type { LastSplit } from '../../../trading/positions/rows/position-adjustments.ts'
import type { Scaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import type { LimitTask, SliceDone, Task } from '../../../trading/scaleouts/rows/tasks.ts'
import { implementationShortfall } from '../../../trading/scaleouts/rules/shortfall.ts'
import { endedText } from '../../wording/because.ts'
import { paceName } from '../../wording/scaleout-terms.ts'
import { scheduledLine } from '../schedule/schedule-text.ts'

/** A running task in a line: `1. 🔄 BYND SLOW ▰▱▱▱ 1/4 · 25 of 100 sold · 12 min left`. */
export function runningLine(task: Task, clock: Clock, zone: string): string {
  if (task.kind === 'scheduled') return scheduledLine(task.scheduled, clock, zone)
  const now = clock.now()
  if (task.kind === 'order') {
    const { order } = task
    const ends = order.expiresAt ? ` · ends in ${durationText(order.expiresAt.getTime() - now.getTime())}` : ''
    const filled = order.fill?.quantity ?? zero
    const part =
      order.fill || !(order.limitPrice ?? order.stopPrice)
        ? ` · ${quantityText(filled)} of ${quantityText(order.quantity)} filled`
        : ''
    return `${task.number}. 📋 ${limitName(order)} (order ${order.orderNumber})${part}${ends}`
  }
  const { scaleout, endsAt } = task
  const left =
    scaleout.state === 'paused'
      ? scaleout.waitsForPrices
        ? 'paused, waiting for prices'
        : 'paused, trying again'
      : leftText(scaleout.bound?.until ?? endsAt, scaleout.bound !== undefined, now)
  return `${task.number}. 🔄 ${scaleoutName(scaleout)} ${progressText(scaleout.doneChunks, scaleout.chunkCount)} · ${doneText(scaleout, task.otherwise)} · ${left}`
}

/** The time until the end; with a floor or cap it may end sooner, and not later. */
function leftText(end: Date, isLatest: boolean, now: Date): string {
  const left = durationText(Math.max(1000, end.getTime() - now.getTime()))
  return isLatest ? `at most ${left} left` : `${left} left`
}

/** An ended task in a line: the time, the title, the outcome and the result. */
export function endedLine(task: Task, zone: string): string {
  const { at, title, outcome, result } = endOf(task)
  return [`${task.number}. ${momentText(at, zone)}`, [title, outcome].filter(Boolean).join(' '), ...result].join(' · ')
}

function endOf(task: Task): { at: Date; title: string; outcome: string; result: string[] } {
  if (task.kind === 'scheduled') {
    const { scheduled } = task
    const how = scheduledOutcomes[scheduled.state]
    const outcome = scheduled.state === 'cancelled' ? endedText(how, scheduled.outcome) : how
    return { at: scheduled.endedAt ?? scheduled.createdAt, title: `⏰ ${scheduled.what}`, outcome, result: [] }
  }
  if (task.kind === 'order') {
    const { order } = task
    const fill = order.fill
    const result = fill ? [`@ ${priceText(fill.price)}`, `P&L ${profitText(fill.realizedPnl)}`] : []
    return {
      at: order.endedAt ?? order.createdAt,
      title: `📋 ${limitName(order)}`,
      outcome: limitOutcome(order),
      result,
    }
  }
  const { scaleout } = task
  const result = [doneText(scaleout), `P&L ${profitText(scaleout.realizedPnl)}`]
  if (scaleout.soldQuantity.gt(0)) result.push(`shortfall ${dollarsText(shortfallOf(scaleout).total)}`)
  return {
    at: scaleout.endedAt ?? scaleout.startedAt,
    title: scaleoutName(scaleout),
    outcome: endedText(scaleoutOutcomes[scaleout.state], scaleout.endedBecause),
    result,
  }
}

/** The states of a scaleout in words. */
export const scaleoutOutcomes = {
  complete: '🎉 complete',
  cancelled: '🛑 cancelled',
  stopped: '⚠️ stopped',
  running: 'running',
  paused: 'paused, trying again',
}

/** The states of a scheduled order in words. */
export const scheduledOutcomes = {
  waiting: 'waiting',
  running: 'being carried out',
  done: '✓ done',
  refused: '🛑 not done',
  missed: '🛑 not done, too late',
  expired: '⌛ expired',
  cancelled: '🛑 cancelled',
}

/** The state of a numbered order in words. */
export function limitOutcome({ state, because, isRejected }: LimitTask): string {
  const how = {
    new: 'not confirmed yet',
    unknown: 'not confirmed yet',
    working: 'working',
    partly_filled: 'working, partly filled',
    cancel_asked: 'being cancelled',
    replace_asked: 'being moved',
    filled: '✓ filled',
    refused: '⚠️ not taken',
    cancelled: isRejected ? '⚠️ rejected by the venue' : '🛑 cancelled',
    expired: '⌛ expired',
  }[state]
  return endedText(how, because)
}

/** `SELL 3,750 BYND @ $1.05`, `SELL 50 AMD stop $240.00`, `SELL 3,000 BYND at the market`. */
export function limitName(order: LimitTask): string {
  return `${order.side.toUpperCase()} ${quantityText(order.quantity)} ${order.symbol} ${termsText(order)}`
}

/** `BYND SLOW`, `BYND CUSTOM (2 h)`. */
export const scaleoutName = (scaleout: Scaleout) => `${scaleout.symbol} ${paceName(scaleout)}`

/** `25 of 100 sold`, or `25 of 100 sold, 30 closed otherwise` when others than the scaleout have traded a part of its rest. */
export function doneText({ side, soldQuantity, totalQuantity }: Scaleout, otherwise = zero): string {
  const done = side === 'sell' ? 'sold' : 'bought back'
  const other = otherwise.gt(0) ? `, ${quantityText(otherwise)} closed otherwise` : ''
  return `${quantityText(soldQuantity)} of ${quantityText(totalQuantity)} ${done}${other}`
}

/** The implementation shortfall of a scaleout against the price at its start; a positive amount is a cost. */
export function shortfallOf({ side, decisionPrice, soldQuantity, proceeds }: Scaleout) {
  return implementationShortfall(side, decisionPrice, soldQuantity, proceeds)
}

/** A chunk with its result, in a line. A chunk from before a split (`split`) keeps its old units, and the line says so. */
export function sliceLine(
  { number, quantity, state, dueAt, fill }: SliceDone,
  count: number,
  zone: string,
  split?: LastSplit,
): string {
  const name = `${number}/${count}`
  if (fill) {
    const units =
      split && state === 'done' && fill.at <= split.at ? ` · before the split ${ratioText(split.ratio)}` : ''
    return `✓ ${name} · ${exactText(fill.at, zone)} · ${quantityText(fill.quantity)} @ ${priceText(fill.price)} · P&L ${profitText(fill.realizedPnl)}${units}`
  }
  const what = `${name} · ${quantityText(quantity)}`
  return state === 'dropped' ? `✗ ${what} · left out` : `… ${what} · due ${exactText(dueAt, zone)}`
}
