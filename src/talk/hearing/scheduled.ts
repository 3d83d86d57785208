import { durationText, priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { whenText } from '../../base/zone.ts'
import type { Trx } from '../../infra/db/client.ts'
import { exchangeZone } from '../../market/calendar.ts'
import { hearOnce, noteOutcome } from '../../trading/accounts/rows/audit.ts'
import { speakerIn } from '../../trading/accounts/rows/members.ts'
import { appendEvent } from '../../trading/events/append-event.ts'
import { queueReply, releaseRow } from '../../trading/events/rows/replies.ts'
import { isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { type Parts, wakeReplies } from '../../trading/parts.ts'
import { noteAsked } from '../../trading/schedule/rows/scheduled-ends.ts'
import {
  abandonedAfterMs,
  beginScheduled,
  endScheduled,
  type ScheduledOrder,
  scheduledInboundId,
  scheduledOrder,
  wasActed,
  wasReachedWeakly,
} from '../../trading/schedule/rows/scheduled-orders.ts'
import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Hearing, Outcome } from '../commands/command.ts'
import { valuesOf } from '../commands/read-slots.ts'
import { answerUntil, isLate, lateQuestion, lateQuestionId } from '../commands/schedule/late.ts'
import { plannedNow } from '../commands/schedule/planned.ts'
import { planOf, planText } from '../commands/schedule/schedule-text.ts'
import type { Ears } from './ears.ts'
import { notAllowed } from './refusals.ts'
import { mayUse } from './roles.ts'

/** The parts that a scheduled order needs. */
type Later = Pick<Ears, 'parts' | 'registry' | 'guardian' | 'isOwner' | 'questions'>

/** An execution is reported as late after this delay, in milliseconds at any time scale. */
const lateMs = 5000

/**
 * Checks a scheduled order: executes it when its time or price has come, asks its member when that is long ago, and ends it when
 * it expires. If it is too early, it returns the milliseconds until the next check. Concurrent calls execute the order once.
 */
export async function runScheduled(later: Later, id: number): Promise<{ again?: number }> {
  const { parts } = later
  const order = await scheduledOrder(parts.db, id)
  const now = parts.clock.now()
  if (!order || (order.state !== 'waiting' && order.state !== 'running')) return {}
  if (order.state === 'running') {
    const left = (order.runningSince?.getTime() ?? 0) + abandonedAfterMs - now.getTime()
    return left > 0 ? { again: left } : carryOut(later, order)
  }
  const due = order.at?.due ?? order.touched?.at
  if (!due || due > now) {
    const expires = order.at ? undefined : order.until?.expires
    if (expires && expires <= now) return expire(parts, order)
    const next = [due, expires].filter((one) => one !== undefined).map((one) => one.getTime())
    return next.length > 0 ? { again: Math.min(...next) - now.getTime() } : {}
  }
  if (order.askedAt) return awaitAnswer(later, order, order.askedAt, due)
  if (order.at && now > order.at.late) return miss(parts, order, due)
  return isLate(order, due, parts.clock) ? askLate(later, order, due) : carryOut(later, order)
}

async function carryOut(later: Later, { id }: ScheduledOrder): Promise<{ again?: number }> {
  const { parts } = later
  const begun = await parts.db.transaction().execute(async (trx) => {
    const mine = await beginScheduled(trx, id, parts.clock.now())
    if (mine && !mine.isAgain) await tell(trx, parts, mine.order, await headText(trx, parts, mine.order))
    return mine
  })
  if (!begun) return {}
  const { order, isAgain } = begun
  const result = isAgain && (await wasActed(parts.db, order)) ? 'acted before' : await act(later, order)
  await end(parts, order, result)
  return {}
}

/** The message at the start of an order: the order, and the reason why it runs now. */
async function headText(trx: Trx, { clock }: Parts, order: ScheduledOrder): Promise<string> {
  const zone = await zoneOf(trx, order)
  const now = clock.now()
  if (order.touched) return `⏰ NOW: ${order.what}\n${order.symbol} got to ${priceText(order.touched.price)}`
  const { planned, due } = order.at!
  const behind = now.getTime() - due.getTime()
  const late = behind * clock.scale
  const how = behind > lateMs ? `${durationText(late)} late: it` : 'It'
  return `⏰ NOW: ${order.what}\n${how} was scheduled for ${whenText(planned, planned, zone)}`
}

async function zoneOf(trx: Trx, order: ScheduledOrder): Promise<string> {
  return (await speakerIn(trx, order)).timeZone ?? exchangeZone
}

/** Runs the command as its member, in the place and the account of the order, even if the member uses another account now. */
async function act(
  { parts, registry, guardian, isOwner }: Later,
  order: ScheduledOrder,
): Promise<Outcome | 'acted before'> {
  const inboundId = scheduledInboundId(order.id)
  const speaker = await speakerIn(parts.db, order)
  const { place } = await parts.db
    .selectFrom('conversations')
    .select('place')
    .where('id', '=', order.conversationId)
    .executeTakeFirstOrThrow()
  await hearOnce(parts.db, inboundId, speaker, `⏰ ${order.what}`, parts.clock.now())
  const command = registry.byName(order.command)?.command
  if (!command) return new Refusal('NOT_SCHEDULABLE', `There is no \`${order.command}\` any more.`)
  if (!mayUse(speaker, command)) return notAllowed(speaker, command.needs)
  const hearing: Hearing = { parts, registry, guardian, speaker, place, inboundId, isOwner }
  try {
    const planned = await plannedNow(hearing, order)
    if (planned instanceof Refusal) return planned
    const { given, state, without } = planned
    if (given.price !== undefined && order.until) {
      if (order.at && order.until.expires <= parts.clock.now()) return new Refusal('EXPIRED', 'Its time is over.')
      given.expires = order.until.expires.toISOString()
    }
    const outcome = await command.run(hearing, valuesOf(given, parts.market), state)
    // Another process may have executed the order, if one of the two was wrongly taken for dead.
    if (outcome instanceof Refusal && (await wasActed(parts.db, order))) return 'acted before'
    return without && 'replies' in outcome ? { replies: [{ text: without }, ...outcome.replies] } : outcome
  } catch (cause) {
    if (isOrderedAlready(cause)) return 'acted before'
    throw cause
  }
}

/** Ends a running order, queues the replies that have no row yet, and releases those that have one to the outbox. */
async function end(parts: Parts, order: ScheduledOrder, result: Outcome | 'acted before'): Promise<void> {
  const now = parts.clock.now()
  const failed = result !== 'acted before' && !('replies' in result)
  const because = !failed ? '' : result instanceof Refusal ? result.text : changedText
  const state = failed ? 'refused' : 'done'
  const replies: Reply[] = result !== 'acted before' && 'replies' in result ? result.replies : []
  const conversations = await parts.db.transaction().execute(async (trx) => {
    if (!(await endScheduled(trx, order.id, 'running', state, failed ? because : 'done', now))) return []
    if (failed) await tell(trx, parts, order, `🛑 NOT DONE: ${order.what}\n${because}`)
    for (const reply of replies) if (reply.row === undefined) await tell(trx, parts, order, reply.text)
    return ended(trx, parts, order, failed ? `not done: ${firstLine(because)}` : 'done')
  })
  // The command queued these rows for a door, but no door heard this order. The outbox posts them.
  for (const { row } of replies) if (row !== undefined) conversations.push(...(await releaseRow(parts.db, row, true)))
  await noteOutcome(
    parts.db,
    scheduledInboundId(order.id),
    { outcome: failed ? 'refused' : 'done', command: order.command },
    now,
  )
  await wakeReplies(parts, [...conversations, order.conversationId])
}

const changedText =
  '⚠️ It would be something else by now than what was scheduled, or would need an answer that nobody is asked for.\n💡 Look at `positions`, and say it again'

const firstLine = (text: string) => text.split('\n')[0]!.replace(/^⚠️ /, '')

/** Asks the member, in the order's thread, whether the late order is still to be carried out. */
async function askLate(later: Later, order: ScheduledOrder, due: Date): Promise<{ again?: number }> {
  const { parts } = later
  const now = parts.clock.now()
  const asked = await questionAbout(later, order, due, now)
  const isMine = await parts.db.transaction().execute(async (trx) => {
    if (!(await noteAsked(trx, order.id, now))) return false
    const { conversationId, accountId } = order
    await queueReply(trx, { conversationId, accountId, at: now }, { ...asked, ofMember: 'later' }, 'outbox')
    return true
  })
  if (!isMine) return {}
  await putQuestion(later, order, asked, answerUntil(order, now))
  await wakeReplies(parts, [order.conversationId])
  return { again: answerUntil(order, now).getTime() - now.getTime() }
}

/** Waits for the answer about a late order. Without one in time, nothing is done. Puts a question that Redis lost back. */
async function awaitAnswer(later: Later, order: ScheduledOrder, askedAt: Date, due: Date): Promise<{ again?: number }> {
  const { parts } = later
  const now = parts.clock.now()
  const until = answerUntil(order, askedAt)
  if (until <= now) return miss(parts, order, due, 'Nobody answered in time. ')
  const { place } = await speakerPlace(parts, order)
  if (!(await later.questions.isInBackground(placeKey(place), lateQuestionId(order))))
    await putQuestion(later, order, await questionAbout(later, order, due, now), until)
  return { again: until.getTime() - now.getTime() }
}

async function questionAbout({ parts }: Later, order: ScheduledOrder, due: Date, now: Date) {
  const zone = (await speakerIn(parts.db, order)).timeZone ?? exchangeZone
  const quote = order.symbol ? await parts.market.quote(order.symbol) : undefined
  const behindMs = (now.getTime() - due.getTime()) * parts.clock.scale
  return lateQuestion(order, { due, behindMs, until: answerUntil(order, now), now, zone, quote })
}

async function putQuestion(
  { parts, questions }: Later,
  order: ScheduledOrder,
  { text, question }: ReturnType<typeof lateQuestion>,
  until: Date,
): Promise<void> {
  const { place, name } = await speakerPlace(parts, order)
  const { memberId, accountId, id } = order
  const asked = { memberId, memberName: name, accountId, command: 'schedule', given: { late: String(id) } }
  await questions
    .askInBackground(placeKey(place), { ...asked, text, question, expiresAt: until.getTime() })
    .catch((cause) => parts.log.warn({ err: cause, scheduled: id }, 'a question waits for the sweep'))
}

const speakerPlace = ({ db }: Parts, { conversationId, memberId }: ScheduledOrder) =>
  db
    .selectFrom('conversations as c')
    .innerJoin('members as m', (join) => join.on('m.id', '=', memberId))
    .where('c.id', '=', conversationId)
    .select(['c.place', 'm.name'])
    .executeTakeFirstOrThrow()

async function miss(parts: Parts, order: ScheduledOrder, due: Date, because = ''): Promise<{ again?: number }> {
  const late = durationText((parts.clock.now().getTime() - due.getTime()) * parts.clock.scale)
  await over(parts, order, 'missed', (zone) => {
    const when = order.at ? whenText(order.at.planned, parts.clock.now(), zone) : 'when the price was there'
    return `🛑 NOT DONE: ${order.what}\nIt was due ${order.at ? `at ${when}` : when}, but the desk was down until ${late} later. ${because}Nothing was ordered.\n💡 Look at \`positions\`, and say it again if you still want it`
  })
  return {}
}

async function expire(parts: Parts, order: ScheduledOrder): Promise<{ again?: number }> {
  const isWeakly = await wasReachedWeakly(parts.db, order.id)
  await over(parts, order, 'expired', (zone) => {
    const { above, below, until } = planOf(order)
    const price = planText({ above, below }, parts.clock.now(), zone).replace(' until you cancel it', '')
    return `⌛ EXPIRED: ${order.what} ${price}\n${isWeakly ? 'Only a weak price got' : 'The price did not get'} there by ${whenText(until!, parts.clock.now(), zone)}. Nothing was ordered.`
  })
  return {}
}

/** Ends an order that never ran, and tells its member. */
async function over(
  parts: Parts,
  order: ScheduledOrder,
  state: 'missed' | 'expired',
  text: (zone: string) => string,
): Promise<void> {
  const conversations = await parts.db.transaction().execute(async (trx) => {
    const said = text(await zoneOf(trx, order))
    if (!(await endScheduled(trx, order.id, 'waiting', state, said, parts.clock.now()))) return []
    await tell(trx, parts, order, said)
    return [...(await ended(trx, parts, order, state)), order.conversationId]
  })
  await wakeReplies(parts, conversations)
}

const tell = (trx: Trx, { clock }: Parts, { conversationId, accountId }: ScheduledOrder, text: string) =>
  queueReply(trx, { conversationId, accountId, at: clock.now() }, { text, ofMember: 'later' }, 'outbox')

/** Appends the event of the order's end. */
function ended(trx: Trx, parts: Parts, order: ScheduledOrder, outcome: string): Promise<number[]> {
  const { id, accountId, memberId, conversationId, symbol, what } = order
  return appendEvent(trx, parts, {
    type: 'scheduled_ended',
    data: { what, outcome },
    ...{ accountId, memberId, conversationId, symbol },
    at: parts.clock.now(),
    dedupeKey: `scheduled-${id}-ended`,
  })
}
