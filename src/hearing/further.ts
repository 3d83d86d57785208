import { setTimeout as wait } from 'node:timers/promises'
import type { Reply } from '../chat/reply.ts'
import { type Classified, classifyFurther } from '../classify/classify.ts'
import type { AsksLlm, Purse } from '../classify/llm.ts'
import type { Understood } from '../classify/understand.ts'
import type { Command, Hearing } from '../commands/command.ts'
import { wakeReplies } from '../execution/parts.ts'
import { ModelBusy, ModelFailed } from '../guardian/exchange.ts'
import { giveBackCall, spendCall, spendTokens } from '../ledger/guardian-budget.ts'
import { queueReply } from '../ledger/replies.ts'
import { classifierOf, type Ears } from './ears.ts'
import type { Heard } from './heard.ts'
import { carryOut } from './meant.ts'

/** After this long without an answer of the LLM, the person is told that it is being thought about. */
const soonMs = 1000

/**
 * What the models make of a text that the grammar did not understand whole; undefined when it is nothing to them. The
 * LLM holds nobody up: what it says later is posted later.
 */
export async function understandFurther(
  ears: Ears,
  hearing: Hearing,
  text: string,
  partly: Understood<Command> | undefined,
  otherwise: () => Heard,
): Promise<Heard | undefined> {
  const further = await classifyFurther(classifierOf(ears), text, partly)
  if (further.verdict !== 'nothing') return carryOut(ears, hearing, further)
  if (!ears.llm || partly) return undefined
  const thought = byLlm(ears, ears.llm, hearing, text)
  const soon = await Promise.race([thought, wait(soonMs, 'later' as const, { ref: false })])
  if (soon !== 'later') return soon
  ears.later(thought.then((heard) => postLater(hearing, (heard ?? otherwise()).replies)))
  return { replies: [{ text: '🤔 Thinking …' }], outcome: 'asked' }
}

async function byLlm(ears: Ears, llm: AsksLlm, hearing: Hearing, text: string): Promise<Heard | undefined> {
  const classifier = classifierOf(ears)
  let further: Classified<Command>
  try {
    further = await llm.classify(classifier.registry, classifier.knowsSymbol, text, purseOf(ears, hearing))
  } catch (cause) {
    if (!(cause instanceof ModelFailed || cause instanceof ModelBusy)) throw cause
    const { inboundId, parts, speaker } = hearing
    parts.log.warn({ inbound: inboundId, member_id: speaker.memberId, because: cause.message }, 'the LLM was no help')
    return undefined
  }
  return further.verdict === 'nothing' ? undefined : carryOut(ears, hearing, further)
}

/** The same budget of the day as the guardian's. */
function purseOf({ budget }: Ears, { parts: { db, clock }, speaker: { accountId } }: Hearing): Purse {
  return {
    spend: () => spendCall(db, accountId, budget, clock.now()),
    spent: (tokens) => spendTokens(db, accountId, tokens, clock.now()),
    giveBack: () => giveBackCall(db, accountId, clock.now()),
  }
}

/** Posts what comes of a message after its first answer; a reply that has a row of its own is posted by that. */
async function postLater({ parts, speaker: { conversationId } }: Hearing, replies: Reply[]): Promise<void> {
  const own = replies.filter(({ row }) => row === undefined)
  await parts.db.transaction().execute(async (trx) => {
    for (const reply of own) await queueReply(trx, { conversationId, at: parts.clock.now() }, reply, 'outbox')
  })
  await wakeReplies(parts, [conversationId])
}
