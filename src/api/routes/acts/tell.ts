import type { Refusal } from '../../../base/refusal.ts'
import { leaveToOutbox, noteSettled } from '../../../trading/events/rows/replies.ts'
import type { Notice, QueuedNotice } from '../../../trading/notice.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { WatchNotice } from '../../../watch/notices.ts'
import type { Done } from '../../contract/shapes.ts'
import type { ActContext } from '../context.ts'
import { notDone } from './not-done.ts'

/**
 * Makes the answer to an act from its notices. Their rows go to the conversation that the act is about by the outbox, as nobody waits
 * for them there: so chat says what was done on the page. `settled`: questions that are not open any more.
 */
export async function tell(
  { parts }: Pick<ActContext, 'parts'>,
  notices: QueuedNotice<Notice | WatchNotice>[],
  settled: string[] = [],
): Promise<Done> {
  const rows = notices.flatMap(({ row }) => row ?? [])
  if (settled.length > 0) await noteSettled(parts.db, rows, settled)
  await wakeReplies(parts, await leaveToOutbox(parts.db, rows))
  const said = notices.map(({ notice }) => parts.wording(notice).text)
  return { said: said.length > 0 ? said : [orderedBefore] }
}

const orderedBefore = '✓ That was ordered already.\n💡 Look at the orders and the positions'

/**
 * The same for an order that an act has sent, by its client id. An order that came to nothing is a refusal here, as programs look at
 * the status; its thread hears of it all the same.
 */
export async function toldOfOrder(
  context: Pick<ActContext, 'parts'>,
  done: QueuedNotice<Notice | WatchNotice>[] | Refusal,
  clientOrderId: string,
  settled: string[] = [],
): Promise<Done | Refusal> {
  if (!Array.isArray(done)) return done
  const told = await tell(context, done, settled)
  const notices = done.map(({ notice }) => notice)
  return notDone(notices, clientOrderId, (notice) => context.parts.wording(notice).text) ?? told
}

/** The same for the result of an act, which may be a refusal. */
export async function toldOf(
  context: Pick<ActContext, 'parts'>,
  done: QueuedNotice<Notice | WatchNotice>[] | Refusal,
): Promise<Done | Refusal> {
  return Array.isArray(done) ? tell(context, done) : done
}
