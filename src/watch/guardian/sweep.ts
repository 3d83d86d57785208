import { Refusal } from '../../base/refusal.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import { releaseRow } from '../../trading/events/rows/replies.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { WatchParts } from '../parts.ts'
import { finish, orderIdOf } from './chosen-action.ts'
import { cutShort, type Decision, endDecision, expireDecisions, waitingProposals } from './decisions.ts'
import { expiresAfterMs, type GuardianParts, putQuestion } from './judge.ts'
import type { GuardianNotice } from './notices.ts'
import { questionIdOf } from './offers.ts'

/** A choice that takes longer than this, in milliseconds, belongs to a process that died. */
const doneWithinMs = 10_000

/**
 * Expires old proposals, puts questions that Redis lost back there, and continues the choices that a dead process left
 * unfinished.
 */
export async function sweepGuardian(parts: GuardianParts): Promise<void> {
  const now = parts.clock.now()
  await expireDecisions(parts.db, now)
  await putBack(parts, now)
  for (const decision of await cutShort(parts.db, new Date(now.getTime() - doneWithinMs))) {
    await takeUpAgain(parts, decision, now)
  }
}

/**
 * Puts lost questions back into Redis. It checks all open questions at once, because many are open and few are lost. If Redis
 * is down, a later sweep does it.
 */
async function putBack(parts: GuardianParts, now: Date): Promise<void> {
  const open = await waitingProposals(parts.db, now)
  try {
    const isThere = await Promise.all(open.map((one) => parts.isPut(one.place, questionIdOf(one))))
    for (const [index, decision] of open.entries()) if (!isThere[index]) await putQuestion(parts, decision)
  } catch (cause) {
    parts.log.warn({ err: cause, open: open.length }, 'questions wait for the next sweep')
  }
}

async function takeUpAgain(parts: WatchParts, decision: Decision & { chosenAt: Date }, now: Date): Promise<void> {
  const { db } = parts
  const order = await db
    .selectFrom('orders')
    .select('id')
    .where('client_order_id', '=', orderIdOf(decision))
    .executeTakeFirst()
  if (order) {
    // The order reports its own result.
    await endDecision(db, decision.id, { state: 'acted', outcome: 'the order was sent' }, now)
    return
  }
  const { conversationId, symbol, chosen } = decision
  const isRecent = now.getTime() - decision.chosenAt.getTime() < expiresAfterMs
  if (isRecent && (chosen === 'EXIT' || chosen === 'TRIM')) {
    const done = await finish(parts, decision, chosen, conversationId)
    if (!(done instanceof Refusal)) {
      // No door heard this choice, so the outbox posts the replies.
      for (const { row } of done) if (row !== undefined) await releaseRow(db, row)
      await wakeReplies(parts, [conversationId])
      return
    }
    await tell(parts, decision, { kind: 'guardian.refused', refusal: done }, now)
    return
  }
  await endDecision(db, decision.id, { state: 'refused', outcome: 'the desk was down; nothing was done' }, now)
  await tell(parts, decision, { kind: 'guardian.missed', symbol, chosen }, now)
}

async function tell(
  parts: WatchParts,
  { conversationId, accountId }: Decision,
  notice: GuardianNotice,
  at: Date,
): Promise<void> {
  const to = { conversationId, accountId, at }
  await parts.db.transaction().execute((trx) => queueNotice(trx, parts, to, notice, 'outbox'))
  await wakeReplies(parts, [conversationId])
}
