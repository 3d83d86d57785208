import { Refusal } from '../../../base/refusal.ts'
import { queueReply } from '../../../trading/events/rows/replies.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import { carryOut, orderIdOf } from '../../../watch/guardian/chosen-action.ts'
import { type Decision, listDecisions } from '../../../watch/guardian/decisions.ts'
import { questionIdOf } from '../../../watch/guardian/offers.ts'
import type { ActContext, Handlers } from '../context.ts'
import { notFound } from '../problem.ts'
import { toldOfOrder } from './tell.ts'

/** Answers a question of the guardian. The outcome is told where it was asked, and the buttons there go with it. */
export const answerQuestion: Handlers['answerQuestion'] = async (context, { params, body }) => {
  const { parts, accounts, caller } = context
  const ids = accounts.map(({ id }) => id)
  const [decision] = await listDecisions(parts.db, ids, { id: params.id, most: 1 })
  if (!decision || decision.memberId !== caller.memberId) return notFound('such question')
  const { eventId, memberId, conversationId } = decision
  const done = await carryOut(parts, { eventId, choice: body.choice, memberId, conversationId })
  if (!(done instanceof Refusal)) return toldOfOrder(context, done, orderIdOf(decision), [questionIdOf(decision)])
  if (decision.state === 'proposed') await sayRefused(context, decision, done)
  return done
}

/** Tells the conversation of the question that its answer was refused. */
async function sayRefused({ parts }: ActContext, decision: Decision, refusal: Refusal): Promise<void> {
  const { conversationId, accountId } = decision
  const reply = { text: refusal.text, settled: [questionIdOf(decision)] }
  const to = { conversationId, accountId, at: parts.clock.now() }
  await parts.db.transaction().execute((trx) => queueReply(trx, to, reply, 'outbox'))
  await wakeReplies(parts, [conversationId])
}
