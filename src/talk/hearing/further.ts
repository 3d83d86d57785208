import { setTimeout as wait } from 'node:timers/promises'
import { queueReply } from '../../trading/events/rows/replies.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { giveBackCall, spendCall, spendTokens } from '../../watch/guardian/budget.ts'
import { ModelBusy, ModelFailed } from '../../watch/guardian/exchange.ts'
import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Command, Hearing } from '../commands/command.ts'
import type { Classification } from '../language/classify.ts'
import type { LlmClassifier, Purse } from '../language/llm.ts'
import { carryOut } from './carry-out.ts'
import { classifierOf, type Ears, isExpired } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { overtaken } from './refusals.ts'
import type { Utterance } from './utterance.ts'

/** After this time without an answer of the LLM, in milliseconds, the member gets an interim reply. */
const soonMs = 1000

/**
 * Classifies a text with the models, because the grammar did not understand it completely. `otherwise` runs if they do not
 * understand it either. The member does not wait for a slow LLM: its answer is posted later.
 */
export async function understandFurther(
  ears: Ears,
  hearing: Hearing,
  utterance: Utterance,
  otherwise: () => Promise<HearingOutcome>,
): Promise<HearingOutcome> {
  const further = await utterance.further()
  if (further.verdict !== 'nothing') return carryOut(ears, hearing, further)
  // The answer of a slow LLM comes through the outbox, which cannot show it to one person alone.
  if (!ears.llm || utterance.partly || utterance.isPrivate) return otherwise()
  let isLate = false
  const thought = byLlm(ears, ears.llm, hearing, utterance.text, () => isLate).then((outcome) => outcome ?? otherwise())
  const soon = await Promise.race([thought, wait(soonMs, 'later' as const, { ref: false })])
  if (soon !== 'later') return soon
  isLate = true
  ears.later(thought.then(({ replies }) => postLater(hearing, replies)))
  return { replies: [{ text: '🤔 Thinking …' }], outcome: 'asked' }
}

async function byLlm(
  ears: Ears,
  llm: LlmClassifier,
  hearing: Hearing,
  text: string,
  isLate: () => boolean,
): Promise<HearingOutcome | undefined> {
  const classifier = classifierOf(ears)
  let further: Classification<Command>
  try {
    further = await llm.classify(classifier.registry, classifier.knowsSymbol, text, purseOf(ears, hearing))
  } catch (cause) {
    if (!(cause instanceof ModelFailed || cause instanceof ModelBusy)) throw cause
    const { inboundId, parts, speaker } = hearing
    parts.log.warn({ inbound: inboundId, member_id: speaker.memberId, because: cause.message }, 'the LLM was no help')
    return undefined
  }
  if (further.verdict === 'nothing') return undefined
  // A question was asked in the meantime, and its answer may be on its way. It must not answer a question of this text.
  if (isLate() && (await isAsked(ears, hearing))) return refused(overtaken(text))
  return carryOut(ears, hearing, further)
}

/** Is a question to the speaker open here? */
async function isAsked(ears: Ears, { place, speaker }: Hearing): Promise<boolean> {
  const { pending } = await ears.questions.inConversation(placeKey(place))
  return pending.some((one) => !one.isBackground && one.memberId === speaker.memberId && !isExpired(ears, one))
}

/** The account's daily budget for the LLM, shared with the guardian. */
function purseOf({ budget }: Ears, { parts: { db, clock }, speaker: { accountId } }: Hearing): Purse {
  return {
    spend: () => spendCall(db, accountId, budget, clock.now()),
    spent: (tokens) => spendTokens(db, accountId, tokens, clock.now()),
    giveBack: () => giveBackCall(db, accountId, clock.now()),
  }
}

/**
 * Queues the late replies of a message; a reply with a row is already in the outbox. The outbox cannot show a reply to one person
 * only, and everybody saw the interim reply, so these replies are not private.
 */
async function postLater({ parts, speaker: { conversationId } }: Hearing, replies: Reply[]): Promise<void> {
  const own = replies.filter(({ row }) => row === undefined)
  await parts.db.transaction().execute(async (trx) => {
    for (const reply of own) {
      await queueReply(trx, { conversationId, at: parts.clock.now() }, { ...reply, private: undefined }, 'outbox')
    }
  })
  await wakeReplies(parts, [conversationId])
}
