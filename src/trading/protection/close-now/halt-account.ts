import type { Trx } from '../../../infra/db/client.ts'
import { halt } from '../../accounts/rows/halts.ts'
import { conversationOf } from '../../accounts/rows/members.ts'
import { behindDoor, directPlacesOfMember, directPlacesOfOwners } from '../../accounts/rows/people.ts'
import { queueNotice } from '../../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../../parts.ts'

/** The event that causes the halt of an account. */
export interface HaltingEvent {
  id: number
  accountId: number
  because: string
  /** The conversation where a person asked for the halt; they get their answer there. */
  answeredIn?: number
}

/**
 * Halts an account for a tripped breaker. In the same transaction it queues direct messages to its member and to every owner,
 * once each, wherever else it is told. False when the event has been settled; then nothing is done.
 */
export async function haltAccount(parts: Parts, event: HaltingEvent): Promise<boolean> {
  const { isOn, told } = await parts.db.transaction().execute(async (trx) => {
    const isOn = await halt(trx, event.accountId, event.id, event.because, parts.clock.now())
    return { isOn, told: isOn ? await tellHalt(trx, parts, event) : [] }
  })
  // A close at once never waits for a slow Redis.
  void wakeReplies(parts, told, true)
  return isOn
}

async function tellHalt(trx: Trx, parts: Parts, event: HaltingEvent): Promise<number[]> {
  const { clock, owners } = parts
  const account = await trx
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('a.id', '=', event.accountId)
    .select(['a.member_id', 'm.name'])
    .executeTakeFirstOrThrow()
  const place = event.answeredIn === undefined ? undefined : await placeOf(trx, event.answeredIn)
  const own = await directPlacesOfMember(trx, account.member_id)
  const places = [...(place ? behindDoor(own, place.door) : own), ...(await directPlacesOfOwners(trx, owners))]
  const notice = { kind: 'breaker.tripped' as const, memberName: account.name, because: event.because }
  const told: number[] = []
  for (const one of places) {
    const conversationId = await conversationOf(trx, one)
    if (conversationId === event.answeredIn || !(await noteTold(trx, event.id, conversationId, clock.now()))) continue
    const to = { conversationId, accountId: event.accountId, urgent: true, at: clock.now() }
    await queueNotice(trx, parts, to, notice, 'outbox')
    told.push(conversationId)
  }
  return told
}

async function placeOf(trx: Trx, conversationId: number) {
  const row = await trx.selectFrom('conversations').select('place').where('id', '=', conversationId).executeTakeFirst()
  return row?.place
}

/** Notes that a conversation is told of an event. False when it was told before. */
async function noteTold(trx: Trx, eventId: number, conversationId: number, at: Date): Promise<boolean> {
  const noted = await trx
    .insertInto('event_alerts')
    .values({ event_id: eventId, conversation_id: conversationId, outcome: 'posted', at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst()
  return noted !== undefined
}
