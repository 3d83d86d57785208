import { type Clock, realWait } from '../../../base/clock.ts'
import { durationText, priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { whenText } from '../../../base/zone.ts'
import type { Quote } from '../../../market/market.ts'
import { wakeScheduled } from '../../../trading/parts.ts'
import { allowLate } from '../../../trading/schedule/rows/scheduled-ends.ts'
import { endScheduled, type ScheduledOrder, scheduledOrder } from '../../../trading/schedule/rows/scheduled-orders.ts'
import type { Question } from '../../chat/reply.ts'
import type { Given } from '../../language/slots.ts'
import { choose, type Hearing, numbered, type Outcome, say } from '../command.ts'

const minuteMs = 60_000
/** An exit is carried out unasked when it is at most this late, in milliseconds of planned time. */
const lateExitMs = 15 * minuteMs
/** The same for an order that opens something, and for a price that was reached: the market may have changed. */
const lateEntryMs = 5 * minuteMs
/** The member has this long to answer, in real milliseconds. */
const answerWithinMs = 60 * minuteMs

const exits = ['close', 'close all', 'trim', 'scaleout']

/** Is an order that was due at `due` so late that its member has to be asked? */
export function isLate(order: ScheduledOrder, due: Date, clock: Clock): boolean {
  const isExit = order.positionIds !== undefined || exits.includes(order.command)
  const allowedMs = isExit && order.at ? lateExitMs : lateEntryMs
  return clock.now().getTime() - due.getTime() > realWait(clock, allowedMs)
}

/** The moment until which the member can answer: an hour after the question, and before the end of the session. */
export function answerUntil({ at, until }: ScheduledOrder, askedAt: Date): Date {
  const ends = [askedAt.getTime() + answerWithinMs, at?.late, at ? undefined : until?.expires]
  return new Date(Math.min(...ends.flatMap((end) => (end === undefined ? [] : [Number(end)]))))
}

export const lateQuestionId = ({ id }: ScheduledOrder) => `late-${id}`

/** The question whether a late order is still to be carried out. `behindMs` is its delay in milliseconds of planned time. */
export function lateQuestion(
  order: ScheduledOrder,
  facts: { due: Date; behindMs: number; until: Date; now: Date; zone: string; quote?: Quote },
): { text: string; question: Question } {
  const { now, zone, quote } = facts
  const when = order.at ? `at ${whenText(order.at.planned, now, zone)}` : 'when the price was there'
  const price = quote && !quote.stale ? ` ${quote.symbol} is at ${priceText(quote.last)} now.` : ''
  const text = [
    `⏰ LATE: ${order.what}`,
    `It was due ${when}, but the desk was down until ${durationText(facts.behindMs)} later. Nothing was ordered.${price}`,
    'Do it now?',
    numbered(['YES - Do it now', 'NO - Leave it']),
    '',
    `💡 Reply with 1 or 2 by ${whenText(facts.until, now, zone)}; without an answer nothing is done`,
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES' },
    { value: 'no', label: 'NO' },
  ]
  const { ask } = choose('lateAnswer', 'Do it now?', text, choices, {})
  return { text, question: { ...ask, id: lateQuestionId(order) } }
}

/** Acts on the answer of the order's member: the order is carried out now, or ends. */
export async function answerLate({ parts, speaker }: Hearing, { late, lateAnswer }: Given): Promise<Outcome> {
  const order = await scheduledOrder(parts.db, Number(late))
  if (!order || order.accountId !== speaker.accountId || order.memberId !== speaker.memberId) return over()
  const now = parts.clock.now()
  if (lateAnswer !== 'yes') {
    const isEnded = await endScheduled(parts.db, order.id, 'waiting', 'cancelled', 'too late, as you said', now)
    return isEnded ? say(`OK, it was left: ${order.what}. Nothing was ordered.`) : over(order)
  }
  if (!order.askedAt || answerUntil(order, order.askedAt) <= now) return over(order)
  const allowed = await allowLate(parts.db, order.id, now)
  if (!allowed) return over(order)
  await wakeScheduled(parts, { id: order.id, at: { due: now } }, 'answered')
  return say(`✓ OK, now: ${order.what}`)
}

function over(order?: ScheduledOrder): Refusal {
  const what = order ? `${order.what} does not wait for an answer any more.` : 'That order does not wait any more.'
  return new Refusal('NOT_WAITING', `${what} Nothing was done.`, '`schedule` lists what is planned')
}
