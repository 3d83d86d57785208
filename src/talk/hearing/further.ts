import { setTimeout as wait } from 'node:timers/promises'
import { queueReply } from '../../trading/events/rows/replies.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { giveBackCall, spendCall, spendTokens } from '../../watch/guardian/budget.ts'
import { ModelBusy, ModelFailed } from '../../watch/guardian/exchange.ts'
import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Command, Hearing } from '../commands/command.ts'
import type { Classified } from '../language/classify.ts'
import type { AsksLlm, Purse } from '../language/llm.ts'
import { carryOut } from './carry-out.ts'
import { classifierOf, type Ears, isExpired } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { overtaken } from './refusals.ts'
import type { Utterance } from './utterance.ts'

/** After this long without an answer of the LLM, the person is told that it is being thought about. */
const soonMs = 1000

/**
 * Understands by the models a text that the grammar did not understand whole; `otherwise` is done when it is nothing to them.
 * The LLM holds nobody up: its late answer is posted later.
 */
export async function understandFurther(
  ears: Ears,
  hearing: Hearing,
  utterance: Utterance,
  otherwise: () => Promise<HearingOutcome>,
): Promise<HearingOutcome> {
  const further = await utterance.further()
  if (further.verdict !== 'nothing') return carryOut(ears, hearing, further)
  if (!ears.llm || utterance.partly) return otherwise()
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
  llm: AsksLlm,
  hearing: Hearing,
  text: string,
  isLate: () => boolean,
): Promise<HearingOutcome | undefined> {
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
  if (further.verdict === 'nothing') return undefined
  // The answer to what was asked meanwhile may be on its way: it is not to be taken for the answer to this.
  if (isLate() && (await isAsked(ears, hearing))) return refused(overtaken(text))
  return carryOut(ears, hearing, further)
}

/** Does a question wait for the speaker here? */
async function isAsked(ears: Ears, { place, speaker }: Hearing): Promise<boolean> {
  const { pending } = await ears.questions.inConversation(placeKey(place))
  return pending.some((one) => !one.isBackground && one.memberId === speaker.memberId && !isExpired(ears, one))
}

/** The same budget of the day as the guardian's. */
function purseOf({ budget }: Ears, { parts: { db, clock }, speaker: { accountId } }: Hearing): Purse {
  return {
    spend: () => spendCall(db, accountId, budget, clock.now()),
    spent: (tokens) => spendTokens(db, accountId, tokens, clock.now()),
    giveBack: () => giveBackCall(db, accountId, clock.now()),
  }
}

/**
 * Posts what comes of a message after its first answer; a reply that has a row of its own is posted by that. There is
 * no door any more that could show something to one person alone: everybody saw that it was being thought about.
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
