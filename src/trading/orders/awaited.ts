import { oncePerObject } from '../../base/once-per-object.ts'
import { leaveOut } from '../events/rows/replies.ts'
import type { Say } from '../events/tell.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import type { AnyOrder } from './rows/orders.ts'

/** A door waits here for the answer of a call about an order. */
interface Awaited {
  say: Say
  /** News of the order that came by another way meanwhile, and are being recorded. */
  recording: Promise<QueuedNotice[]>[]
}

const awaitedIn = oncePerObject((_db: Parts['db']) => new Map<number, Awaited>())

/**
 * Calls a venue about an order for a door. The venue's stream, or a sweep of this process, may be faster than the answer: such news are
 * told by the door, too, as they would be if the answer had come first. They come first in its notices, without the word that the order
 * waits: they tell what has become of it.
 */
export async function awaitedBy<Ended extends { notices: QueuedNotice[] }>(
  { db }: Pick<Parts, 'db'>,
  { id }: { id: number },
  say: Say,
  call: () => Promise<Ended>,
): Promise<Ended> {
  const awaited = awaitedIn(db)
  if (say.postedBy !== 'door' || awaited.has(id)) return call()
  const recording: Awaited['recording'] = []
  awaited.set(id, { say, recording })
  const ended = await call().finally(() => awaited.delete(id))
  const told = (await Promise.all(recording)).flat()
  if (told.length === 0) return ended
  const isOvertaken = ({ notice }: QueuedNotice) => notice.kind === 'order.accepted'
  // A row that its door never posts would hold up its conversation until its lease is over, and then come late.
  await leaveOut(
    db,
    ended.notices.filter(isOvertaken).flatMap(({ row }) => row ?? []),
  )
  return { ...ended, notices: [...told, ...ended.notices.filter((one) => !isOvertaken(one))] }
}

/** Records news of an order: by the door that waits for it, or else by the one that `say` names. */
export async function heardBy<Recorded extends { notices: QueuedNotice[] }>(
  { db }: Pick<Parts, 'db'>,
  { id }: { id: number },
  say: Say,
  record: (say: Say) => Promise<Recorded>,
): Promise<Recorded> {
  const awaited = say.postedBy === 'outbox' ? awaitedIn(db).get(id) : undefined
  if (!awaited) return record(say)
  const recorded = record(awaited.say)
  // A failure is its reporter's to handle.
  awaited.recording.push(recorded.then(({ notices }) => notices).catch(() => []))
  return recorded
}

/** The notice of a door about an order of which another process has recorded the news: that one's message tells of them. */
export const toldElsewhere = (order: AnyOrder): QueuedNotice => ({ notice: { kind: 'order.told_elsewhere', order } })
