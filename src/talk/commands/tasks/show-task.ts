import { durationText, exactText, momentText, priceText, profitText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { isLive } from '../../../trading/orders/rules/order-lifecycle.ts'
import { lastSplits } from '../../../trading/positions/rows/position-adjustments.ts'
import {
  fillsOfScheduled,
  type LimitTask,
  slicesOf,
  type Task,
  taskByNumber,
} from '../../../trading/scaleouts/rows/tasks.ts'
import { boundOf } from '../../../trading/scaleouts/rules/bound.ts'
import type { ScheduledOrder } from '../../../trading/schedule/rows/scheduled-orders.ts'
import { endedText } from '../../wording/because.ts'
import { boundText } from '../../wording/scaleout-terms.ts'
import { shortfallText } from '../../wording/shortfall.ts'
import { type Command, type Hearing, say } from '../command.ts'
import { plannedNow, planOf, planText } from '../schedule/schedule-text.ts'
import { listTasks } from './background.ts'
import {
  doneText,
  limitName,
  limitOutcome,
  scaleoutName,
  scaleoutOutcomes,
  scheduledOutcomes,
  sliceLine,
} from './task-text.ts'

/** The most chunks that are listed one by one; the last ones are shown. */
const mostSlices = 30

export const showTask: Command = {
  name: 'task',
  aliases: [],
  description: 'One run in detail: fills, timeline, shortfall',
  category: 'Background',
  position: 95,
  effect: 'reads',
  usage: 'task N',
  example: 'task 3',
  detail:
    'One run in detail, whether it still runs or not: its chunks and fills with their times, its P&L, and what it cost against the price at its start. `tasks` and `history` say the numbers.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'quantity', type: 'quantity', description: 'Its number' }],
  async run(hearing, { words: given }) {
    if (given.quantity === undefined) return listTasks.run(hearing, { words: {} })
    const { parts, speaker } = hearing
    const number = Number(given.quantity)
    const task =
      Number.isSafeInteger(number) && number > 0 && number < 2 ** 31
        ? await taskByNumber(parts.db, speaker.accountId, number)
        : undefined
    if (!task) {
      const sentence = `You have no task ${given.quantity.slice(0, 20)}.`
      return new Refusal('NO_TASK', sentence, '`tasks` shows what runs, `history` what ran')
    }
    return say((await linesOf(hearing, task)).join('\n'))
  },
}

async function linesOf(hearing: Hearing, task: Task): Promise<string[]> {
  const { parts, speaker } = hearing
  const zone = speaker.timeZone ?? exchangeZone
  if (task.kind === 'order') return orderLines(`TASK ${task.number}`, task.order, zone)
  if (task.kind === 'scheduled') return scheduledLines(hearing, task.scheduled, zone)
  const { scaleout } = task
  const [slices, splits] = await Promise.all([
    slicesOf(parts.db, scaleout.id),
    lastSplits(parts.db, [scaleout.positionId]),
  ])
  const until = scaleout.endedAt ?? parts.clock.now()
  const split = splits.get(scaleout.positionId)
  const isSplit = split && scaleout.startedAt <= split.at && (!scaleout.endedAt || split.at < scaleout.endedAt)
  const took = durationText(until.getTime() - scaleout.startedAt.getTime())
  return [
    `🔄 TASK ${task.number} · SCALEOUT ${scaleoutName(scaleout)}: ${endedText(scaleoutOutcomes[scaleout.state], scaleout.endedBecause)}`,
    ...(scaleout.bound ? [`With a ${boundText(boundOf(scaleout.side), scaleout.bound.price)}`] : []),
    `${doneText(scaleout, task.otherwise)} in ${scaleout.doneChunks}/${scaleout.chunkCount} chunks · P&L ${profitText(scaleout.realizedPnl)}`,
    scaleout.endedAt
      ? `${exactText(scaleout.startedAt, zone)} to ${exactText(scaleout.endedAt, zone)}, ${took}`
      : `Since ${exactText(scaleout.startedAt, zone)}, ${took}`,
    ...(slices.length > mostSlices ? [`… ${slices.length - mostSlices} before these`] : []),
    ...slices
      .slice(-mostSlices)
      .map((slice) => sliceLine(slice, scaleout.chunkCount, zone, isSplit ? split : undefined)),
    ...(scaleout.soldQuantity.gt(0) ? [shortfallText(scaleout)] : []),
  ]
}

/** An order in detail, whether it works or has ended; `title` names it. */
export function orderLines(title: string, order: LimitTask, zone: string): string[] {
  const { fill, createdAt, expiresAt, endedAt, orderNumber } = order
  return [
    `📋 ${title} · ${limitName(order)}: ${limitOutcome(order)}`,
    `Order ${orderNumber} · set ${momentText(createdAt, zone)}${expiresAt ? ` · good until ${momentText(expiresAt, zone)}` : ''}`,
    ...(fill
      ? [
          `✓ ${exactText(fill.at, zone)} · filled${partOf(order)} @ ${priceText(fill.price)} · P&L ${profitText(fill.realizedPnl)}`,
        ]
      : []),
    ...((!fill || fill.quantity.lt(order.quantity)) && endedAt ? [`Ended ${exactText(endedAt, zone)}`] : []),
    ...(isLive(order) && order.state !== 'new' && order.state !== 'unknown'
      ? [
          `💡 ${isMovable(order) ? `\`move ${orderNumber} PRICE\` changes it, ` : ''}\`cancel ${orderNumber}\` takes it back`,
        ]
      : []),
  ]
}

/** Has the order one price, so that `move` can change it? */
const isMovable = ({ limitPrice, stopPrice }: LimitTask) => (limitPrice === undefined) !== (stopPrice === undefined)

/** The filled part of an order, unless the whole order was filled. */
function partOf({ fill, quantity }: LimitTask): string {
  return fill?.quantity.lt(quantity) ? ` ${quantityText(fill.quantity)} of ${quantityText(quantity)}` : ''
}

async function scheduledLines({ parts }: Hearing, order: ScheduledOrder, zone: string): Promise<string[]> {
  const { number, what, state, createdAt, touched, endedAt, outcome } = order
  const fills = await fillsOfScheduled(parts.db, order)
  const isOver = endedAt !== undefined
  // The plan of an ended order reads as on the day when it was set.
  const plan = planText(planOf(order), isOver ? createdAt : plannedNow(order, parts.clock), zone)
  return [
    `⏰ TASK ${number} · ${what}: ${scheduledOutcomes[state]}`,
    `Set ${momentText(createdAt, zone)} · ${plan}`,
    ...(touched ? [`The price was there ${exactText(touched.at, zone)}: ${priceText(touched.price)}`] : []),
    ...fills.map(
      ({ side, quantity, price, realizedPnl, at }) =>
        `✓ ${exactText(at, zone)} · ${side === 'sell' ? 'sold' : 'bought'} ${quantityText(quantity)} @ ${priceText(price)} · P&L ${profitText(realizedPnl)}`,
    ),
    ...(endedAt ? [`Ended ${exactText(endedAt, zone)}`] : []),
    ...(state === 'refused' && outcome ? [outcome] : []),
    ...(state === 'waiting' ? [`💡 \`schedule cancel ${number}\` takes it back`] : []),
  ]
}
