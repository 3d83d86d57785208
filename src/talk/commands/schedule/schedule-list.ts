import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { asYouAsked } from '../../../trading/events/rules/background.ts'
import {
  endScheduled,
  openScheduled,
  type ScheduledOrder,
  scheduledByNumber,
} from '../../../trading/schedule/rows/scheduled-orders.ts'
import type { Given } from '../../language/slots.ts'
import { type Hearing, type Outcome, say } from '../command.ts'
import { scheduledLine } from './schedule-text.ts'

/** Lists the scheduled orders, each in a line with its number. */
export async function listScheduled({ parts, speaker }: Hearing): Promise<Outcome> {
  const planned = await openScheduled(parts.db, speaker.accountId)
  if (planned.length === 0)
    return say(
      '⏰ Nothing is scheduled.\n💡 Such as `close BYND at 3:55pm` or `buy 500 AMD if it breaks 120 before close`; `screen schedules` lists screens',
    )
  const lines = planned.map((order) => scheduledLine(order, parts.clock, speaker.timeZone ?? exchangeZone))
  return say(['⏰ SCHEDULED', ...lines, `💡 \`schedule cancel ${planned[0]!.number}\` takes one back`].join('\n'))
}

/** Cancels a scheduled order by its number, or all of them. An order that is already running is not cancelled. */
export async function cancelScheduled({ parts, speaker }: Hearing, given: Given): Promise<Outcome> {
  const open = await openScheduled(parts.db, speaker.accountId)
  const isAll = given.fraction === '1'
  if (!isAll && given.quantity === undefined) {
    if (open.length === 0) return new Refusal('NOTHING_SCHEDULED', 'Nothing is scheduled.')
    return new Refusal(
      'WHICH_SCHEDULED',
      'Which one? Nothing was cancelled.',
      `\`schedule cancel ${open[0]!.number}\`, or \`schedule cancel all\``,
    )
  }
  const meant = isAll ? open : [await scheduledByNumber(parts.db, speaker.accountId, Number(given.quantity))]
  if (isAll && open.length === 0) return new Refusal('NOTHING_SCHEDULED', 'Nothing is scheduled.')
  const now = parts.clock.now()
  const lines: string[] = []
  for (const order of meant) {
    const done = order && (await endScheduled(parts.db, order.id, 'waiting', 'cancelled', asYouAsked, now))
    const zone = speaker.timeZone ?? exchangeZone
    if (done) lines.push(`✓ Cancelled ${scheduledLine({ ...order, state: 'waiting' }, parts.clock, zone)}`)
    else if (!isAll) return notCancelled(order, given.quantity!)
    else lines.push(`⚠️ ${order!.what} is being carried out already`)
  }
  return say(lines.join('\n'))
}

function notCancelled(order: ScheduledOrder | undefined, number: string): Refusal {
  if (!order)
    return new Refusal(
      'NOTHING_SCHEDULED',
      `There is no scheduled order ${number.slice(0, 12)}.`,
      '`schedule` lists what is planned',
    )
  const state = {
    running: 'being carried out',
    waiting: 'being carried out',
    done: 'done',
    refused: 'over',
    missed: 'over',
    expired: 'expired',
    cancelled: 'cancelled',
  }
  return new Refusal(
    'NOT_WAITING',
    `${order.what} is ${state[order.state]} already.`,
    `\`task ${order.number}\` shows what became of it`,
  )
}
